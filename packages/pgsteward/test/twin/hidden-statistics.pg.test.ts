// A role with pg_monitor alone sees no column statistics of tables that it may not select from: said by name, and mended by the owner's
// functions that doctor prints.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDoctor } from '../../src/app/run-doctor.ts'
import type { StatisticsFile } from '../../src/twin/statistics/statistics-file.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { readStatisticsOf } from './twin-of.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table parcel (id bigint primary key, state text not null, weight numeric)',
    "insert into parcel select i, case when i % 50 = 0 then 'LOST' else 'DELIVERED' end, i % 97 from generate_series(1, 5000) i",
    'create statistics parcel_state (mcv) on state, weight from parcel',
    'create statistics parcel_half on (id / 2) from parcel',
    'analyze parcel',
  )
})

afterAll(() => database?.drop())

/** A column's present ends are read from the table itself, which the functions do not show. */
const dataOf = ({ tables, extendedStatistics }: StatisticsFile) => ({
  columns: tables.map(({ statistics }) =>
    statistics.map((each) => ({ ...each, lowest: null, highest: null })),
  ),
  extendedStatistics,
})

const aspectOf = async (url: string) =>
  (await runDoctor(url)).lines.find(({ aspect }) => aspect === 'column statistics')!

test("O1 A1 doctor names the hidden statistics, and its statements make a reading by pg_monitor as full as the owner's", async () => {
  const before = await readStatisticsOf(database.monitorUrl)
  expect(before.tables[0]!.statistics).toEqual([])
  expect(before.leftOut).toEqual([
    expect.objectContaining({
      kind: 'statistics',
      name: 'public.parcel',
      because: expect.stringContaining('may not select'),
    }),
  ])
  const aspect = await aspectOf(database.monitorUrl)
  expect(aspect).toMatchObject({ status: 'missing', message: expect.stringContaining('1 table,') })
  const [, , ...functions] = aspect.mend!
  await database.run(...functions)
  expect(await aspectOf(database.monitorUrl)).toMatchObject({ status: 'ok' })
  const after = await readStatisticsOf(database.monitorUrl)
  expect(after.leftOut).toEqual([])
  expect(dataOf(after)).toEqual(dataOf(await readStatisticsOf(database.url)))
  const client = await database.connect()
  await client.query('set role test_monitor')
  await expect(client.query('select from parcel')).rejects.toThrow('permission denied')
  await client.query('reset role')
})
