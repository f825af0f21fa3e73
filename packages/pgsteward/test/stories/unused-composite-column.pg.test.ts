import { afterAll, beforeAll, expect, test } from 'vitest'
import { unusedCompositeColumn } from '../../src/checks/index/unused-composite-column.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, outcomeOf, undoRemedy } from '../postgres/story.ts'

const MONTH_LATER = { laterMs: 31 * 86_400_000 }
let server: OwnServer

// of its own: what else runs on a server may push entries out of pg_stat_statements
beforeAll(async () => {
  server = await startOwnServer({ shared_preload_libraries: 'pg_stat_statements' })
  await server
    .database()
    .run('create extension pg_stat_statements', 'select pg_stat_statements_reset()', 'select pg_stat_reset()')
  await server.database().run(...reproductionOf('unused-composite-column'))
})
afterAll(() => server.stop())

const findings = () => findingsOf(unusedCompositeColumn, server.database(), MONTH_LATER)
const run = (...statements: readonly string[]) => server.database().run(...statements)

test('a column that nothing looks for is found, gone with the remedy, found again after its undo (A3)', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'index', name: 'by depot and place' },
    summary: 'No statement looks for "Place" in index by depot and place on Parcel Nö',
  })
  await applyRemedy(finding!, server.database())
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, server.database())
  await run('select * from "Parcel Nö" where depot = 10')
  expect(await findings()).toHaveLength(1)
})

test('a view that names the column keeps it quiet', async () => {
  await run('create view place_list as select id, "Place" from "Parcel Nö"')
  expect(await findings()).toEqual([])
  await run('drop view place_list')
  expect(await findings()).toHaveLength(1)
})

test('so does a function, whose statements pg_stat_statements does not show', async () => {
  await run(
    `create function on_shelf(text) returns bigint language plpgsql as 'begin return (select count(*) from "Parcel Nö" where "Place" = $1); end'`,
  )
  expect(await findings()).toEqual([])
  await run('drop function on_shelf(text)')
})

test('scans that no statement explains keep it quiet', async () => {
  await run(
    'set pg_stat_statements.track = none',
    ...Array.from({ length: 20 }, (_, i) => `select id from "Parcel Nö" where depot = ${i}`),
    'reset pg_stat_statements.track',
  )
  expect(await findings()).toEqual([])
})

test('one condition on the column is enough to keep it quiet', async () => {
  await run(...Array.from({ length: 40 }, () => 'select id, note from "Parcel Nö" where depot = 1'))
  expect(await findings()).toHaveLength(1)
  await run(`select id from "Parcel Nö" where depot = 7 and "Place" = 'shelf 7'`)
  expect(await findings()).toEqual([])
})

test('statistics younger than the window say nothing', async () => {
  expect(await outcomeOf(unusedCompositeColumn, server.database())).toMatchObject({ status: 'skipped' })
})
