import { afterAll, beforeAll, expect, test } from 'vitest'
import { logExhausted } from '../../src/checks/capacity/log-exhausted.ts'
import { type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [manyTables] = reproductionOf('log-exhausted')
let story: LogStory

beforeAll(async () => {
  story = await startLogStory({ max_locks_per_transaction: '10', max_connections: '10' })
})
afterAll(() => story.stop())

test('a lock table that is full is found; as many tables one by one are quiet', async () => {
  const database = story.database()
  for (let table = 1; table <= 50; table++) await database.run(`create table "alone ${table}" (id int)`)
  expect(await story.findings(logExhausted)).toEqual([])
  await expect(database.run(manyTables!)).rejects.toThrow('out of shared memory')
  const [finding] = await story.findings(logExhausted)
  expect(finding).toMatchObject({ subject: { kind: 'server' }, severity: 'warning' })
  expect(told(finding, 'ran out of')).toContain('lock table')
  expect(told(finding, 'the log says')).toBe('out of shared memory')
  expect(await story.findings(logExhausted, { laterMs: 3_700_000 })).toEqual([])
})
