import { afterAll, beforeAll, expect, test } from 'vitest'
import { workMemSmall } from '../../src/checks/configuration/work-mem-small.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, ...spilling] = reproductionOf('work-mem-small')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, 'analyze')
})
afterAll(() => database.drop())

/** In a session of its own each time: what ALTER DATABASE gives reaches new sessions. */
const findings = (statements = spilling, options = {}) =>
  findingsOf(workMemSmall, database, {
    // connections of other tests count too
    options: { ofSharedBuffers: 1000, ...options },
    between: async () => {
      const client = await otherSession(database)
      for (let i = 0; i < 5; i++) for (const statement of statements) await client.query(statement)
      await client.query('select pg_stat_force_next_flush()')
      await client.end()
    },
  })

test('several statements that spill are found, fit after the remedy, and spill again after its undo (A8)', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'setting', name: 'work_mem' },
    severity: 'info',
    evidence: expect.arrayContaining([{ label: 'statements that spill', value: 3, unit: 'count' }]),
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('two that spill are quiet, and memory that is not there is not advised', async () => {
  expect(await findings(spilling.slice(0, 2))).toEqual([])
  const [finding] = await findings(spilling, { ofSharedBuffers: 0.001 })
  expect(finding).not.toHaveProperty('remedy')
})
