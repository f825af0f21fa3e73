// Every fact on every supported major, by a role that has pg_monitor and nothing else: with pg_stat_statements, without it, and
// in the older versions that a cluster keeps after pg_upgrade.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Collector } from '../../src/collect/collector.ts'
import type { ActivityRow } from '../../src/facts/activity.ts'
import { ALL_FACTS } from '../../src/facts/all.ts'
import type { StatementTextRow } from '../../src/facts/statement-texts.ts'
import type { StatementTotalsRow } from '../../src/facts/statement-totals.ts'
import type { StatementRow } from '../../src/facts/statements.ts'
import type { Interval, PgFact, Snapshot } from '../../src/model/fact.ts'
import { openSession } from '../../src/postgres/connect.ts'
import type { PostgresMajor } from '../../src/postgres/local-binaries.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

/** The only reasons for which a fact may be missing here. */
const MAY_LACK: readonly {
  readonly fact: string
  readonly majors: readonly number[]
  readonly because: RegExp
}[] = [{ fact: 'io', majors: [14, 15], because: /^needs PostgreSQL 16 or newer/ }]

function isExpectedToLack(fact: PgFact, major: number, because: string): boolean {
  return MAY_LACK.some(
    (each) => each.fact === fact.id && each.majors.includes(major) && each.because.test(because),
  )
}

const LOOKUP = 'select place from parcel where id = $1'

/** Two rounds a minute apart as far as the collector can tell, with `calls` lookups between. */
async function collectTwice(database: TestDatabase, calls: number): Promise<Snapshot> {
  const client = await database.connect()
  const collector = new Collector({
    target: { id: 'matrix', url: database.monitorUrl, labels: {} },
    facts: ALL_FACTS,
    open: ({ url }) => openSession(url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  try {
    const now = Date.now()
    await collector.collect(new Date(now))
    for (let i = 1; i <= calls; i++) await client.query(LOOKUP, [i])
    await database.flushStatistics()
    return await collector.collect(new Date(now + 60_000))
  } finally {
    await collector.close()
  }
}

function rowsOf<Row>(snapshot: Snapshot, factId: string): readonly Row[] {
  const reading = snapshot.readings.get(factId)
  if (reading?.status === 'rows') return reading.rows as readonly Row[]
  if (reading?.status === 'interval') return (reading.interval as Interval<Row>).rows
  throw new Error(`${factId}: ${reading === undefined ? 'not read' : reading.because}`)
}

/** Facts that could not be read, or whose rows have a column that is no value. */
function faultsOf(snapshot: Snapshot, major: number, facts: readonly PgFact[]): readonly string[] {
  return facts.flatMap((fact) => {
    const reading = snapshot.readings.get(fact.id)
    if (reading === undefined) return [`${fact.id}: not read`]
    if (reading.status === 'unavailable') {
      return isExpectedToLack(fact, major, reading.because) ? [] : [`${fact.id}: ${reading.because}`]
    }
    return rowsOf<Record<string, unknown>>(snapshot, fact.id).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => value === undefined || Number.isNaN(value))
        .map(([column, value]) => `${fact.id}.${column} is ${value}`),
    )
  })
}

/** 13 is not watched. */
type WatchedMajor = Exclude<PostgresMajor, 13>

function extensionVersions(major: WatchedMajor): readonly string[] {
  const bundled: Readonly<Record<WatchedMajor, string>> = {
    14: '1.9',
    15: '1.10',
    16: '1.10',
    17: '1.11',
    18: '1.12',
  }
  return ['1.9', '1.10', '1.11', '1.12'].slice(0, Number(bundled[major].split('.')[1]) - 8)
}

describe.each([14, 15, 16, 17, 18] as const)('PostgreSQL %i', (major) => {
  let server: LocalServer
  let database: TestDatabase

  beforeAll(async () => {
    server = await startTestServer(major, { shared_preload_libraries: 'pg_stat_statements' })
    database = await createDatabase(server.url())
    await database.run(
      'create table parcel (id bigint primary key, place text, weight int)',
      "insert into parcel select i, 'shelf ' || i, i % 10 from generate_series(1, 1000) i",
      'create sequence parcel_number',
      'create extension pgstattuple',
      'create table letter (parcel bigint references parcel)',
      'alter table letter disable trigger all',
      'create table pallet (id int, note text) partition by range (id)',
      'create table pallet_1 partition of pallet for values from (0) to (1000)',
      'analyze parcel',
      'create statistics parcel_known on place, weight from parcel',
      // from 1 MB their sizes are estimated
      'create table crate (city int, country int, note text, packed_at timestamptz default now())',
      "insert into crate select i % 100, i % 100 / 10, 'note ' || i from generate_series(1, 200000) i",
      'create index crate_country_city on crate (country, city)',
      'create view crate_cities as select city from crate',
      'create statistics crate_both (ndistinct) on city, country from crate',
      'vacuum (analyze) crate',
    )
  })
  afterAll(async () => {
    await database.drop()
    await server.stop('immediate')
  })

  test('every fact is read without pg_stat_statements, but those that come from it', async () => {
    const snapshot = await collectTwice(database, 1)
    const [from, rest] = [
      ALL_FACTS.filter((fact) => fact.extension === 'pg_stat_statements'),
      ALL_FACTS.filter((fact) => fact.extension === undefined),
    ]
    expect(faultsOf(snapshot, major, rest)).toEqual([])
    for (const fact of from) {
      expect(snapshot.readings.get(fact.id)).toEqual({
        status: 'unavailable',
        because: `extension pg_stat_statements is not installed in database ${database.name}`,
      })
    }
  })

  test.each(extensionVersions(major))('every fact is read with pg_stat_statements %s', async (version) => {
    await database.run(
      'drop extension if exists pg_stat_statements',
      `create extension pg_stat_statements version '${version}'`,
      'select pg_stat_statements_reset()',
    )
    const snapshot = await collectTwice(database, 7)
    expect(snapshot.server.extensions.get('pg_stat_statements')).toBe(version)
    expect(faultsOf(snapshot, major, ALL_FACTS)).toEqual([])

    const texts = new Map(
      rowsOf<StatementTextRow>(snapshot, 'statement-texts').map((row) => [row.queryId, row.text]),
    )
    const lookup = rowsOf<StatementRow>(snapshot, 'statements').find(
      (row) => texts.get(row.queryId) === LOOKUP,
    )
    expect(lookup).toMatchObject({ calls: 7, rows: 7, database: database.name, user: 'postgres' })
    expect(lookup!.statsSince instanceof Date).toBe(['1.11', '1.12'].includes(version))
  })

  test("pgsteward's own sessions and statements are in no figure, and their cost is told apart", async () => {
    await database.run('select pg_stat_statements_reset()')
    const snapshot = await collectTwice(database, 3)
    expect(rowsOf<StatementRow>(snapshot, 'statements').filter((row) => row.user === 'test_monitor')).toEqual(
      [],
    )
    expect(rowsOf<ActivityRow>(snapshot, 'activity').filter((row) => row.user === 'test_monitor')).toEqual([])
    const [totals] = rowsOf<StatementTotalsRow>(snapshot, 'statement-totals')
    expect(totals!.calls).toBeGreaterThanOrEqual(3)
    expect(totals!.ownCalls).toBeGreaterThan(10)
    expect(totals!.ownExecMs).toBeGreaterThan(0)
  })
})
