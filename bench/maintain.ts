// Maintenance under kill -9 and under traffic: what stays behind, what is done twice, and how long anybody waits for it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Random } from '../packages/pgsteward/src/load/engine/random.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import { addJobs, killAgainAndAgain, unrecordedChanges } from '../packages/pgsteward/test/maintain/killed.ts'
import { underTraffic } from './maintain-traffic.ts'
import { writeResults } from './measure.ts'

const KILLS = 50
const ROWS = 1_500_000

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-maintain-'))
  const server = await startLocalServer({ dir: join(dir, 'server'), durable: false })
  try {
    const url = await databaseOn(server, 'shop')
    const storeUrl = await databaseOn(server, 'history')
    const killed = await kills(url, storeUrl)
    const besideTraffic = await underTraffic(await databaseOn(server, 'traffic_history'))
    writeResults(
      'maintain',
      'Maintenance under kill -9 and under traffic',
      `## Killed at random moments\n\n${killed}\n\n## Beside traffic\n\n${besideTraffic}`,
    )
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function databaseOn(server: LocalServer, name: string): Promise<string> {
  await onUrl(server.url(), (client) => client.query(`create database ${name}`))
  const url = new URL(server.url())
  url.pathname = `/${name}`
  return url.href
}

async function onUrl<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function kills(url: string, storeUrl: string): Promise<string> {
  await onUrl(url, async (client) => {
    await client.query('create table parcel (id int primary key, day int, note text)')
    await client.query(
      `insert into parcel select i, i % 300, md5(i::text) from generate_series(1, ${ROWS}) i`,
    )
    await client.query('create index by_note on parcel (note)')
  })
  const statements = Array.from({ length: 10 }, (_, at) => [
    'reindex index concurrently public.by_note',
    `create index concurrently new_${at} on public.parcel (note, day)`,
    `drop index concurrently if exists public.new_${at}`,
  ]).flat()
  const store = await openStore({ url: storeUrl })
  try {
    const random = new Random(11, 0)
    const ids = await addJobs(store, statements)
    const { jobs, interrupted, recovered } = await killAgainAndAgain(ids, {
      store,
      storeUrl,
      targetUrl: url,
      kills: KILLS,
      random: () => random.next(),
      withinMs: 1_500,
    })
    const left = await onUrl(url, async (client) => {
      const { rows } = await client.query(
        `select (select count(*)::int from pg_index where not indisvalid) as invalid,
                (select count(*)::int from pg_class where relkind = 'i' and relname ~ '_cc(new|old)[0-9]*$') as copies`,
      )
      return rows[0] as { readonly invalid: number; readonly copies: number }
    })
    const runs = jobs.flatMap((each) => each.runs)
    const cleaned = runs.flatMap(({ result }) => result?.cleaned ?? [])
    return [
      `A process that maintains a table of ${ROWS.toLocaleString('en')} rows by ${jobs.length} approved jobs (REINDEX INDEX, CREATE INDEX and DROP INDEX, all CONCURRENTLY) is killed with SIGKILL ${KILLS} times, each at a random moment within 1.5 s of a statement's beginning, and started again; the last one is left alone.`,
      '',
      '| What | Count |',
      '|---|---:|',
      `| kills | ${KILLS} |`,
      `| of them while a statement was under way | ${interrupted + recovered} |`,
      `| left-overs of interrupted builds found and dropped by the next process | ${cleaned.length} |`,
      `| statements found done by the one that was killed, and not run again | ${recovered} |`,
      `| jobs done in the end, of ${jobs.length} | ${jobs.filter(({ job }) => job.state === 'done').length} |`,
      `| invalid indexes left | ${left.invalid} |`,
      `| copies (_ccnew, _ccold) left | ${left.copies} |`,
      `| changes that nothing records, so that they would be made twice | ${unrecordedChanges(jobs)} |`,
      '',
      'Each attempt keeps the identity of the index that it found; where that is not the one that the last finished job left, something was done unrecorded.',
    ].join('\n')
  } finally {
    await store.close()
  }
}
