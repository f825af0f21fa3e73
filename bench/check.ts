// How long `pgsteward check URL --json` takes on a database with 500 tables and 2,000 indexes, as a whole process.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const execFileAsync = promisify(execFile)
const RUNS = 7

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-check-'))
  const server = await startLocalServer({
    dir,
    durable: false,
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  })
  try {
    await build(server)
    const check = join(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
    const wholeMs: number[] = []
    const bareMs: number[] = []
    let report: {
      cost: { statements: number; rows: number; bytes: number; tookMs: number }
      outcomes: unknown[]
    } | null = null
    for (let i = 0; i <= RUNS; i++) {
      const bare = await timed(() => execFileAsync(process.execPath, [check, '--version']))
      const whole = await timed(() =>
        execFileAsync(process.execPath, [check, 'check', server.url(), '--json', '--fail-on', 'never'], {
          maxBuffer: 64 * 1024 ** 2,
        }),
      )
      report = JSON.parse(whole.result.stdout)
      // the first round warms the file cache
      if (i === 0) continue
      wholeMs.push(whole.tookMs)
      bareMs.push(bare.tookMs)
    }
    const { cost, outcomes } = report!
    writeResults(
      'check',
      'One shot of `check` on 500 tables and 2,000 indexes',
      [
        '| What | ms |',
        '|---|---|',
        `| \`pgsteward check URL --json\`, whole process | ${show(spreadOf(wholeMs), 0)} |`,
        `| \`pgsteward --version\`, whole process (start of Node and of the command line) | ${show(spreadOf(bareMs), 0)} |`,
        `| reading and parsing within the first, last run | ${cost.tookMs.toFixed(0)} |`,
        '',
        `Aim: under 3,000 ms. ${outcomes.length} checks; ${cost.statements} statements sent, ${cost.rows} rows, ${(cost.bytes / 1024).toFixed(0)} kB received.`,
      ].join('\n'),
    )
  } finally {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
}

async function build(server: LocalServer): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  await client.query('create extension pg_stat_statements')
  for (let table = 0; table < 500; table++) {
    const indexes = [1, 2, 3].map(
      (column) => `create index table_${table}_${column} on table_${table} (c${column})`,
    )
    await client.query(
      [
        `create table table_${table} (id bigint primary key, c1 int, c2 text, c3 timestamptz, parent bigint)`,
        ...indexes,
        `insert into table_${table} select i, i, i::text, now(), i from generate_series(1, 50) i`,
      ].join(';'),
    )
  }
  await client.query('analyze')
  await client.end()
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const started = performance.now()
  const result = await work()
  return { result, tookMs: performance.now() - started }
}

if (import.meta.main) await run()
