import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlockLogged } from '../../src/checks/availability/deadlock-logged.ts'
import { type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [create, insert, begin, first1, , second2, second1, first2] = reproductionOf('deadlock-logged')
let story: LogStory

beforeAll(async () => {
  story = await startLogStory()
  await story.database().run(create!, insert!)
})
afterAll(() => story.stop())

async function update(order: 'same' | 'opposite'): Promise<void> {
  const database = story.database()
  const [one, two] = [await otherSession(database), await otherSession(database)]
  for (const session of [one, two]) await session.query(begin!)
  await one.query(first1!)
  if (order === 'opposite') await two.query(second2!)
  const waiting = two
    .query(second1!)
    .then(() => two.query('commit'))
    .catch(() => two.query('rollback'))
  await one
    .query(first2!)
    .then(() => one.query('commit'))
    .catch(() => one.query('rollback'))
  await waiting
  for (const session of [one, two]) await session.end()
}

// the remedy is in the application: one order for all
test('a deadlock is told with both statements and the table, one order for all is quiet', async () => {
  await update('same')
  expect(await story.findings(deadlockLogged)).toEqual([])
  await update('opposite')
  const [finding] = await story.findings(deadlockLogged)
  expect(finding).toMatchObject({
    subject: { kind: 'database', name: story.database().name },
    severity: 'info',
  })
  expect(told(finding, 'deadlocks')).toBe(1)
  expect(told(finding, 'table')).toBe('Parcel No')
  for (const side of ['ended', 'against'])
    expect(told(finding, side)).toMatch(/^update "Parcel No" set weight = \S+ where id = \S+$/)
  // literals are taken out
  expect(JSON.stringify(finding)).not.toMatch(/weight = \d/)
})

test('three are a warning, and an hour later it is quiet', async () => {
  await update('opposite')
  await update('opposite')
  expect(await story.findings(deadlockLogged)).toMatchObject([{ severity: 'warning' }])
  expect(await story.findings(deadlockLogged, { laterMs: 3_700_000 })).toEqual([])
})
