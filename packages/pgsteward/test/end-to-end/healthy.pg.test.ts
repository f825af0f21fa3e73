// False findings count as much as missed ones: two healthy, busy databases on which nothing above info may be reported.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import {
  DEMO_SETTINGS,
  mendFaults,
  monitorUrl,
  prepareDemo,
  startApplication,
} from '../../../../examples/messaging/src/index.ts'
import { runCheck } from '../../src/app/run-check.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'

/** Longer than the longest time that a check wants to have watched. */
const WATCH_MS = 75_000

async function onServer(work: (server: LocalServer) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-healthy-'))
  // durable, unlike other test servers: fsync off is a finding, and a true one
  const server = await startLocalServer({ dir, settings: DEMO_SETTINGS })
  try {
    await work(server)
  } finally {
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
    rmSync(server.dir, { recursive: true, force: true })
  }
}

async function aboveInfo(url: string): Promise<readonly string[]> {
  const report = await runCheck({
    url,
    checks: ALL_CHECKS,
    options: new Map(),
    forMs: WATCH_MS,
    everyMs: 5000,
    now: () => new Date(),
    signal: new AbortController().signal,
  })
  expect(report.outcomes.filter((outcome) => outcome.status === 'failed')).toEqual([])
  const judged = report.outcomes.filter((outcome) => outcome.status === 'quiet' || outcome.status === 'found')
  expect(judged.length).toBeGreaterThan(30)
  return report.findings
    .filter((finding) => finding.severity !== 'info')
    .map((finding) => `${finding.id}: ${finding.summary} ${JSON.stringify(finding.evidence)}`)
}

test('the demo with all faults mended, under traffic', async () => {
  await onServer(async (server) => {
    await prepareDemo(server.url, { scale: 0.3 })
    await mendFaults(server.url)
    const application = await startApplication(server.url, { faults: false })
    try {
      expect(await aboveInfo(monitorUrl(server.url))).toEqual([])
    } finally {
      await application.stop()
    }
  })
}, 300_000)

test("pgbench's tables and its TPC-B-like transaction from eight clients", async () => {
  await onServer(async (server) => {
    const url = server.url()
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    await admin.query(PGBENCH_SCHEMA)
    await admin.query('vacuum analyze')
    let running = true
    const clients = Array.from({ length: 8 }, () => runTransactions(url, () => running))
    try {
      expect(await aboveInfo(url)).toEqual([])
    } finally {
      running = false
      const counts = await Promise.all(clients)
      await admin.end()
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1000)
    }
  })
}, 300_000)

/** Scale 10, as `pgbench -i -s 10` makes it: a million accounts, fillfactor 100. */
const PGBENCH_SCHEMA = `
  create extension if not exists pg_stat_statements;
  create table pgbench_branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100);
  create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
  create table pgbench_accounts (aid int not null, bid int, abalance int, filler char(84)) with (fillfactor = 100);
  create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
  insert into pgbench_branches select i, 0, '' from generate_series(1, 10) i;
  insert into pgbench_tellers select i, (i - 1) / 10 + 1, 0, '' from generate_series(1, 100) i;
  insert into pgbench_accounts select i, (i - 1) / 100000 + 1, 0, '' from generate_series(1, 1000000) i;
  alter table pgbench_accounts add primary key (aid);`

/** Returns how many transactions were committed. */
async function runTransactions(url: string, isRunning: () => boolean): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'pgbench' })
  await client.connect()
  const upTo = (limit: number) => 1 + Math.floor(Math.random() * limit)
  let committed = 0
  while (isRunning()) {
    const [aid, bid, tid, delta] = [upTo(1_000_000), upTo(10), upTo(100), upTo(5000)]
    await client.query('begin')
    await client.query('update pgbench_accounts set abalance = abalance + $1 where aid = $2', [delta, aid])
    await client.query('select abalance from pgbench_accounts where aid = $1', [aid])
    await client.query('update pgbench_tellers set tbalance = tbalance + $1 where tid = $2', [delta, tid])
    await client.query('update pgbench_branches set bbalance = bbalance + $1 where bid = $2', [delta, bid])
    await client.query(
      'insert into pgbench_history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)',
      [tid, bid, aid, delta],
    )
    await client.query('commit')
    committed += 1
  }
  await client.end()
  return committed
}
