// How long the work of migrations takes on a real server, against the intervals that `review` predicts (src/review/throughput.ts).

import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { ReviewedWork } from '../packages/pgsteward/src/model/review.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { spanOf } from '../packages/pgsteward/src/review/throughput.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const ROWS = 1_000_000
const ROUNDS = 3

interface Work {
  readonly name: string
  readonly kind: ReviewedWork['kind']
  readonly sql: string
  /** Makes the next round the same. */
  readonly after: readonly string[]
}

const WORKS: readonly Work[] = [
  {
    name: 'check added',
    kind: 'scan',
    sql: 'alter table parcel add constraint c check (weight >= 0)',
    after: ['alter table parcel drop constraint c'],
  },
  {
    name: 'foreign key validated',
    kind: 'scan',
    sql: 'alter table parcel add constraint k foreign key (depot_id) references depot (id)',
    after: ['alter table parcel drop constraint k'],
  },
  {
    name: 'type changed, table and two indexes rewritten',
    kind: 'rewrite',
    sql: 'alter table parcel alter column weight type bigint',
    after: ['alter table parcel alter column weight type integer'],
  },
  {
    name: 'index of a number built',
    kind: 'index-build',
    sql: 'create index i on parcel (weight)',
    after: ['drop index i'],
  },
  {
    name: 'index of a text built',
    kind: 'index-build',
    sql: 'create index i on parcel (label)',
    after: ['drop index i'],
  },
  {
    name: 'every row updated',
    kind: 'update',
    sql: 'update parcel set weight = weight + 1',
    after: ['vacuum full parcel'],
  },
]

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-review-'))
  const server = await startLocalServer({ dir, major: 18, durable: true, settings: {} })
  const client = new pg.Client({ connectionString: server.url() })
  try {
    await client.connect()
    await client.query('create table depot (id integer primary key)')
    await client.query('insert into depot select generate_series(1, 1000)')
    await client.query(
      'create table parcel (id bigint primary key, depot_id integer not null, weight integer not null, label text not null, note text)',
    )
    await client.query(
      `insert into parcel select i, 1 + i % 1000, i % 9973, 'parcel ' || md5(i::text), repeat('x', 40) from generate_series(1, ${ROWS}) i`,
    )
    await client.query('create index on parcel (depot_id)')
    await client.query('vacuum analyze parcel')
    const { rows } = await client.query("select pg_relation_size('parcel')::float8 as size")
    const sizeBytes = Number(rows[0].size)
    const lines = [
      `A table of ${ROWS.toLocaleString('en-US')} rows and ${Math.round(sizeBytes / 1e6)} MB with two indexes, PostgreSQL 18 with its default settings, ${ROUNDS} rounds; the machine's load was ${loadavg()[0]!.toFixed(0)} at the start.`,
      'A prediction holds for machines from this one, with the table in memory, to a busy one with a cold cache on a cloud volume: what is measured here should lie inside of it, towards its lower end.',
      '',
      '| Work | Measured, s | Predicted, s | Rate |',
      '|---|---:|---:|---:|',
    ]
    for (const { name, kind, sql, after } of WORKS) {
      const seconds: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedAt = performance.now()
        await client.query(sql)
        seconds.push((performance.now() - startedAt) / 1000)
        for (const each of after) await client.query(each)
      }
      const spread = spreadOf(seconds)
      const { lowMs, highMs } = spanOf(kind, { rows: ROWS, sizeBytes, indexes: 2 })
      const isInside = spread.median >= lowMs / 1000 && spread.median <= highMs / 1000
      const rate =
        kind === 'scan' || kind === 'rewrite'
          ? `${Math.round(sizeBytes / 1e6 / spread.median)} MB/s`
          : `${Math.round(ROWS / 1e3 / spread.median)} thousand rows/s`
      lines.push(
        `| ${name} | ${show(spread, 2)} | ${(lowMs / 1000).toFixed(2)} to ${(highMs / 1000).toFixed(1)}${isInside ? '' : ' (missed)'} | ${rate} |`,
      )
    }
    writeResults('review', 'Durations that review predicts', lines.join('\n'))
  } finally {
    await client.end().catch(() => undefined)
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
    rmSync(server.dir, { recursive: true, force: true })
  }
}
