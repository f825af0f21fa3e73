import { afterAll, beforeAll, expect, test } from 'vitest'
import { manyRollbacks } from '../../src/checks/availability/many-rollbacks.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, insert, failing] = reproductionOf('many-rollbacks')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, insert!)
})
afterAll(() => database.drop())

const findings = (statement: string, failures: number, successes: number) =>
  findingsOf(manyRollbacks, database, {
    between: async () => {
      for (let i = 0; i < failures; i++) await database.run(statement).catch(() => undefined)
      for (let i = 0; i < successes; i++) await database.run('select 1')
    },
  })

// the remedy is in the application: a statement that does not fail
test('statements that fail again and again are found, quiet once they answer, and found again', async () => {
  expect(await findings(failing!, 520, 0)).toMatchObject([
    { subject: { kind: 'database', name: database.name }, severity: 'info' },
  ])
  expect(await findings(`${failing} on conflict do nothing`, 520, 0)).toEqual([])
  expect(await findings(failing!, 520, 0)).toHaveLength(1)
})

test('a few failures, alone or among many successes, are quiet', async () => {
  expect(await findings(failing!, 100, 0)).toEqual([])
  expect(await findings(failing!, 30, 600)).toEqual([])
})
