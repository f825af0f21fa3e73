// Made-up data for the store's benchmark: a day of an ordinary target, and thirty days of a big one. The same numbers each run.

import { defineStateFact, type PgFact, type Snapshot } from '../packages/pgsteward/src/model/fact.ts'
import type { OpenedStore } from '../packages/pgsteward/src/store/postgres-store.ts'
import {
  intervalReading,
  STATEMENTS_FACT,
  snapshotOf,
  statementRow,
  statementsSnapshot,
} from '../packages/pgsteward/test/store/synthetic.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The middle of a day and of a week, so that a window of days has edges of both; four minutes are not folded yet. */
export const NOW = new Date(Date.UTC(2026, 10, 17, 10, 29))
const NOT_FOLDED_MS = 4 * MINUTE_MS

export const DAYS = 30
export const ACTIVE_IN_A_BIG_TARGET = 5_000
export const WATCHED_STATEMENT = '500'

const KNOWN_STATEMENTS = 600
const ACTIVE_STATEMENTS = 500
const TABLES = 100

interface TableRow {
  readonly name: string
  readonly values: readonly number[]
}

function gauges(id: string, names: readonly string[]): PgFact {
  return defineStateFact<TableRow>({
    id,
    title: id,
    scope: 'database',
    everyMs: MINUTE_MS,
    variants: [],
    parse: () => ({ name: '', values: [] }),
    keyOf: (row) => row.name,
    series: names.map((name, index) => ({ name, unit: 'count', value: (row) => row.values[index] ?? 0 })),
  })
}

const SERVER_SERIES = [...Array(40).keys()].map((index) => `gauge-${index}`)
const serverFact = gauges('server', SERVER_SERIES)
const tablesFact = gauges('tables', ['table-size', 'dead-tuples', 'scans'])

/** Saved every minute: statements and 40 series of the server; every five minutes 3 series of each of 100 tables. */
export function ordinaryDay(targetId = 'ordinary'): {
  readonly snapshots: () => Generator<{ snapshot: Snapshot; facts: readonly PgFact[] }>
  readonly texts: ReadonlyMap<string, string>
} {
  const random = pseudoRandom(3)
  const begin = Date.UTC(2026, 9, 7)
  // how often a statement runs follows a power law, as it does in applications
  const weights = [...Array(KNOWN_STATEMENTS).keys()].map((id) => 1_000 / (id + 1) ** 0.8)
  return {
    texts: new Map(
      weights.map((_, id) => [String(id), `select ${'column_name, '.repeat(10 + (id % 40))} from t${id}`]),
    ),
    snapshots: function* () {
      for (let minute = 1; minute <= 1_440; minute++) {
        const at = new Date(begin + minute * MINUTE_MS)
        const rows = []
        for (const [id, weight] of weights.entries()) {
          if (random() > ACTIVE_STATEMENTS / KNOWN_STATEMENTS) continue
          const calls = Math.ceil(weight * (0.5 + random()))
          rows.push(
            statementRow({
              queryId: String(id),
              calls,
              totalExecMs: calls * (0.05 + random() * 3),
              rows: calls * Math.ceil(random() * 10),
              sharedBlocksHit: calls * Math.ceil(random() * 40),
              // most of a working application's blocks are cached, and few statements write
              sharedBlocksRead: random() < 0.15 ? Math.ceil(random() * 100) : 0,
              tempBlocksWritten: random() < 0.01 ? Math.ceil(random() * 500) : 0,
              walBytes: id % 5 === 0 ? calls * Math.ceil(random() * 400) : 0,
              blockReadMs: random() < 0.15 ? random() * 20 : 0,
            }),
          )
        }
        const server = { name: 'server', values: SERVER_SERIES.map(() => random() * 1_000) }
        const readings = {
          statements: intervalReading(at, 60, rows),
          server: { status: 'rows' as const, rows: [server], at, tookMs: 1 },
          ...(minute % 5 === 0
            ? { tables: { status: 'rows' as const, rows: tableRows(random), at, tookMs: 1 } }
            : {}),
        }
        yield {
          snapshot: snapshotOf(targetId, at, readings),
          facts: [STATEMENTS_FACT, serverFact, tablesFact],
        }
      }
    },
  }
}

function tableRows(random: () => number): readonly TableRow[] {
  return [...Array(TABLES).keys()].map((table) => ({
    name: `public.table_${table}`,
    values: [table * 8_192_000 + Math.floor(random() * 1e6), Math.floor(random() * 1e4), random() * 100],
  }))
}

/** One interval of the big target, after `now`: `round` counts on. */
export function bigInterval(round: number, now = NOW): Snapshot {
  const random = pseudoRandom(round + 11)
  return statementsSnapshot(
    'big',
    // seconds apart, so that no round falls on a full five minutes and folds
    new Date(now.getTime() + round * 1_000),
    [...Array(ACTIVE_IN_A_BIG_TARGET).keys()].map((id) => ({
      queryId: String(id),
      calls: Math.ceil(random() * 100),
      totalExecMs: random() * 1_000,
      rows: Math.ceil(random() * 100),
      sharedBlocksHit: Math.ceil(random() * 1_000),
    })),
  )
}

/** Writes the sums that thirty days up to `now`, four minutes after full five, would have left; see the results page for what is left out. */
export async function fillBigTarget(store: OpenedStore, now = NOW): Promise<void> {
  const { database } = store
  // makes the target, its statements and today's partitions
  for (let minute = 3; minute >= 0; minute--) {
    const at = new Date(now.getTime() - minute * MINUTE_MS)
    await store.saveSnapshot({ ...bigInterval(-1 - minute), takenAt: at }, [STATEMENTS_FACT])
  }
  await database.query("update pgsteward.target set folded_until = $1 where name = 'big'", [
    new Date(now.getTime() - NOT_FOLDED_MS),
  ])
  const begin = new Date(now.getTime() - (DAYS + 7) * DAY_MS)
  const [{ id } = { id: 0 }] = await database.query<{ id: number }>(
    "select t.id from pgsteward.target t where t.name = 'big'",
  )
  for (const { table, ms, partitionDays } of [
    { table: 'statement_week', ms: 7 * DAY_MS, partitionDays: 364 },
    { table: 'statement_day', ms: DAY_MS, partitionDays: 28 },
    { table: 'statement_6h', ms: 6 * HOUR_MS, partitionDays: 7 },
    { table: 'statement_hour', ms: HOUR_MS, partitionDays: 1 },
  ]) {
    for (let at = begin.getTime(); at <= now.getTime(); at += ms) {
      await makePartition(store, table, at, partitionDays)
      const start = Math.floor(at / ms) * ms
      await makePartition(store, table, start, partitionDays)
      const fromEnd = Math.min(now.getTime() - start, Math.abs(start - (now.getTime() - DAYS * DAY_MS)))
      const fromWeek = Math.abs(start - (now.getTime() - 7 * DAY_MS))
      const isWhole = ms >= DAY_MS || Math.min(fromEnd, fromWeek) <= 2 * DAY_MS
      await database.query(
        `insert into pgsteward.${table}
           (statement_id, target_id, at, calls, exec_ms, rows, blocks_hit, blocks_read, temp_written, wal_bytes, block_read_ms)
         select s.id, s.target_id, $2, random() * 6000, random() * 60000, random() * 6000, random() * 60000, 0, 0, 0, 0
           from pgsteward.statement s
          where s.target_id = $1 and ($3 or s.query_id % 10 = 0)
          order by s.id
         on conflict do nothing`,
        [id, new Date(start), isWhole],
      )
    }
  }
  for (const at of [begin, now]) await makePartition(store, 'covered_hour', at.getTime(), 364)
  await database.query(
    `insert into pgsteward.covered_hour (target_id, at, seconds)
     select $1, h, 3600 from generate_series($2::timestamptz, $3::timestamptz, interval '1 hour') h
     on conflict do nothing`,
    [id, new Date(Math.floor(begin.getTime() / HOUR_MS) * HOUR_MS), now],
  )
  await database.query('vacuum analyze')
}

async function makePartition(store: OpenedStore, table: string, at: number, days: number): Promise<void> {
  const length = days * DAY_MS
  const from = new Date(Math.floor(at / length) * length)
  const name = `${table}_${from.toISOString().slice(0, 10).replaceAll('-', '')}`
  await store.database.query(
    `create table if not exists pgsteward.${name} partition of pgsteward.${table}
       for values from ('${from.toISOString()}') to ('${new Date(from.getTime() + length).toISOString()}') with (fillfactor = 80)`,
  )
}

/** Mulberry32. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
