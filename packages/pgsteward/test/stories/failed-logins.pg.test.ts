import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failedLogins } from '../../src/checks/availability/failed-logins.ts'
import { type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

let story: LogStory

beforeAll(async () => {
  story = await startLogStory()
  await story.database().run(...reproductionOf('failed-logins'))
})
afterAll(() => story.stop())

async function login(password: string): Promise<boolean> {
  const url = new URL(story.url())
  url.username = encodeURIComponent('Porter Nö')
  url.password = password
  const client = new pg.Client({ connectionString: url.href })
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  )
}

test('a role whose logins fail five times is found, one that mistyped is not', async () => {
  for (const password of ['a', 'b', 'c', 'd']) expect(await login(password)).toBe(false)
  expect(await login('parcel')).toBe(true)
  expect(await story.findings(failedLogins)).toEqual([])
  expect(await login('e')).toBe(false)
  const [finding, ...others] = await story.findings(failedLogins)
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'role', name: 'Porter Nö' }, severity: 'info' })
  expect(told(finding, 'failures')).toBe(5)
  expect(await story.findings(failedLogins, { laterMs: 3_700_000 })).toEqual([])
})
