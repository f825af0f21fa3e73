import { afterAll, beforeAll, expect, test } from 'vitest'
import { logErrorBurst } from '../../src/checks/availability/log-error-burst.ts'
import { LOGGED, type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [create, failing] = reproductionOf('log-error-burst')
let story: LogStory

beforeAll(async () => {
  story = await startLogStory()
  await story.database().run(create!)
})
afterAll(() => story.stop())

async function fail(times: number): Promise<void> {
  for (let time = 0; time < times; time++)
    await story
      .database()
      .run(failing!)
      .catch(() => undefined)
}

test('a log that is new is not judged; errors that begin are found, mended ones are quiet', async () => {
  expect(await story.outcome(logErrorBurst)).toMatchObject({ status: 'skipped' })
  // as it is after an hour of an application that makes no errors
  const hourAgo = new Date(Date.now() - 3_600_000)
  await story.store.saveLog(
    LOGGED,
    {
      events: [],
      slowQueries: [],
      sources: [],
      counts: [
        {
          at: hourAgo,
          class: 'connection-received',
          severity: 'LOG',
          database: null,
          count: 1,
          firstAt: hourAgo,
          lastAt: hourAgo,
        },
      ],
    },
    hourAgo,
  )
  await fail(19)
  expect(await story.findings(logErrorBurst)).toEqual([])
  await fail(1)
  const [finding] = await story.findings(logErrorBurst)
  expect(finding).toMatchObject({
    subject: { kind: 'database', name: story.database().name },
    severity: 'warning',
  })
  expect(told(finding, 'errors')).toBe(20)
  expect(told(finding, 'undefined-column')).toBe(20)
  expect(told(finding, 'the log says')).toContain('column "colour" does not exist')
  expect(told(finding, 'statement')).toBe('select colour from "Parcel Nö"')
  // the column that was missing is there
  await story.database().run('alter table "Parcel Nö" add column colour text')
  await fail(20)
  expect(told((await story.findings(logErrorBurst))[0], 'errors')).toBe(20)
  expect(await story.findings(logErrorBurst, { laterMs: 11 * 60_000 })).toEqual([])
})
