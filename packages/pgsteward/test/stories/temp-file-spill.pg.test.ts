import { afterAll, beforeAll, expect, test } from 'vitest'
import { tempFileSpill } from '../../src/checks/query/temp-file-spill.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, spilling] = reproductionOf('temp-file-spill')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, 'analyze parcel')
})
afterAll(() => database.drop())

/** In a session of its own each time: what ALTER ROLE gives reaches new sessions. */
const findings = (statement = spilling!, times = 6) =>
  findingsOf(tempFileSpill, database, {
    between: async () => {
      const client = await otherSession(database)
      for (let i = 0; i < times; i++) await client.query(statement)
      await client.query('select pg_stat_force_next_flush()')
      await client.end()
    },
  })

test('a sort that spills is found, fits after the remedy, and spills again after its undo', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'query', database: database.name }, severity: 'info' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('a sort that fits, one report that spills, and an index build are quiet', async () => {
  expect(
    await findings(
      'select max(n) from (select row_number() over (order by id) as n from (select * from parcel limit 1000) p) x',
    ),
  ).toEqual([])
  expect(await findings(spilling!, 1)).toEqual([])
  await database.run("set maintenance_work_mem = '1MB'")
  expect(
    await findingsOf(tempFileSpill, database, {
      options: { minCalls: 1, minPerCall: '8kB' },
      between: () => database.run('create index parcel_weight on parcel (weight)'),
    }),
  ).toEqual([])
})
