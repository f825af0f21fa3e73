// What the store costs: time to save an interval and to answer, bytes a day, resident memory. Embedded and server in one run, in turns.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import type { OpenedStore } from '../packages/pgsteward/src/store/postgres-store.ts'
import { STATEMENTS_FACT } from '../packages/pgsteward/test/store/synthetic.ts'
import { show, spreadOf, writeResults } from './measure.ts'
import {
  ACTIVE_IN_A_BIG_TARGET,
  bigInterval,
  DAYS,
  fillBigTarget,
  NOW,
  ordinaryDay,
  WATCHED_STATEMENT,
} from './store-data.ts'

const execFileAsync = promisify(execFile)
const RUNS = 11
const DAY_MS = 86_400_000
const KINDS = ['embedded', 'server'] as const

type Kind = (typeof KINDS)[number]
type Stores = Readonly<Record<Kind, OpenedStore>>

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-store-'))
  const server = await startLocalServer({ dir: join(dir, 'server'), durable: true })
  const stores: Stores = {
    embedded: await openStore({ dir: join(dir, 'embedded') }),
    server: await openStore({ url: server.url() }),
  }
  try {
    progress('saving a day of an ordinary target')
    const bytes = await bytesOfADay(stores)
    progress('thirty days of a big target')
    const ms = await timesOfABigTarget(stores)
    await Promise.all(KINDS.map((kind) => stores[kind].close()))
    progress('resident memory')
    const memory = await residentMemory(dir, server)
    report(bytes, ms, memory)
  } finally {
    await Promise.all(KINDS.map((kind) => stores[kind].close().catch(() => undefined)))
    await server.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
    rmSync(server.dir, { recursive: true, force: true })
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

interface DayBytes {
  readonly total: number
  readonly byTable: ReadonlyMap<string, number>
}

/** A day of one target at 500 active statements a minute, saved minute by minute as the collector does. */
async function bytesOfADay(stores: Stores): Promise<Readonly<Record<Kind, DayBytes>>> {
  const measured = new Map<Kind, DayBytes>()
  for (const kind of KINDS) {
    const store = stores[kind]
    const before = await store.sizeBytes()
    const day = ordinaryDay()
    for (const { snapshot, facts } of day.snapshots()) await store.saveSnapshot(snapshot, facts)
    await store.saveTexts('ordinary', day.texts)
    const rows = await store.database.query<{ table_name: string; bytes: string }>(`
      select regexp_replace(c.relname, '_2[0-9]{7}$', '') as table_name,
             sum(pg_total_relation_size(c.oid)) as bytes
        from pg_class c
       where c.relnamespace = 'pgsteward'::regnamespace and c.relkind = 'r'
       group by 1 having sum(pg_total_relation_size(c.oid)) > 200000 order by 2 desc`)
    measured.set(kind, {
      total: (await store.sizeBytes()) - before,
      byTable: new Map(rows.map((row) => [row.table_name, Number(row.bytes)])),
    })
  }
  return { embedded: measured.get('embedded')!, server: measured.get('server')! }
}

type Times = ReadonlyMap<string, Readonly<Record<Kind, readonly number[]>>>

async function timesOfABigTarget(stores: Stores): Promise<Times> {
  for (const kind of KINDS) await fillBigTarget(stores[kind])
  progress('asking')
  const days = (count: number) => ({ from: new Date(NOW.getTime() - count * DAY_MS), to: NOW })
  const questions: Readonly<Record<string, (store: OpenedStore, round: number) => Promise<unknown>>> = {
    'top 20 statements by time over 7 days': (store) => store.topStatements('big', days(7), 'totalTime', 20),
    'top 20 statements by time over 30 days': (store) =>
      store.topStatements('big', days(DAYS), 'totalTime', 20),
    'top 20 statements by mean time over 30 days': (store) =>
      store.topStatements('big', days(DAYS), 'meanTime', 20),
    'sums of all statements over 30 days': (store) => store.statementSums('big', days(DAYS)),
    'history of one statement over 30 days in 120 points': (store) =>
      store.statementHistory('big', WATCHED_STATEMENT, days(DAYS), 120),
    // last, since it adds readings that are not folded
    [`save an interval of ${ACTIVE_IN_A_BIG_TARGET} moved statements`]: (store, round) =>
      store.saveSnapshot(bigInterval(round), [STATEMENTS_FACT]),
  }
  const times = new Map<string, Record<Kind, number[]>>()
  for (const [name, ask] of Object.entries(questions)) {
    const ms: Record<Kind, number[]> = { embedded: [], server: [] }
    for (let round = 0; round <= RUNS; round++) {
      for (const kind of KINDS) {
        const started = performance.now()
        await ask(stores[kind], round)
        // the first round reads the files into the caches
        if (round > 0) ms[kind].push(performance.now() - started)
      }
    }
    times.set(name, ms)
  }
  return times
}

/** Each in a process of its own that opens the store, saves an hour of the ordinary target, asks and rests. */
async function residentMemory(dir: string, server: LocalServer): Promise<Readonly<Record<Kind, number>>> {
  const script = join(import.meta.dirname, 'store-memory.ts')
  const ask = async (location: string) =>
    Number((await execFileAsync(process.execPath, ['--expose-gc', script, location])).stdout)
  return { embedded: await ask(join(dir, 'embedded')), server: await ask(server.url()) }
}

function report(
  bytes: Readonly<Record<Kind, DayBytes>>,
  times: Times,
  memory: Readonly<Record<Kind, number>>,
): void {
  const mb = (value: number) => (value / 1024 ** 2).toFixed(1)
  const tables = [...new Set(KINDS.flatMap((kind) => [...bytes[kind].byTable.keys()]))]
  writeResults(
    'store',
    'The store: saving, asking, bytes and memory',
    [
      `## Time at 5,000 active statements a minute, ${RUNS} runs each in turns: median (min to max), ms`,
      '',
      '| What | embedded | server |',
      '|---|---|---|',
      ...[...times].map(
        ([name, ms]) => `| ${name} | ${show(spreadOf(ms.embedded))} | ${show(spreadOf(ms.server))} |`,
      ),
      '',
      'Aim: top statements over 30 days under 100 ms.',
      '',
      'The target `big` is synthetic. Thirty days at 5,000 statements a minute are 216 million readings, which were not made one by',
      'one: its daily and weekly sums are complete (5,000 statements a bucket); its hours and quarters of a day are complete for the',
      'two days at either end, which is where the questions over 7 and 30 days look for them, and for a tenth of the statements in',
      'between, where only the history of one statement looks; at full grain there are the four minutes that are not folded',
      'yet, the most there can be. The order of rows in the tables is that of time, as it would be.',
      '',
      '## Bytes of one day and target, with indexes',
      '',
      `| | embedded | server |`,
      '|---|---|---|',
      `| one day at 500 active statements a minute, 40 series of the server and 3 series each of 100 tables, MB | ${mb(bytes.embedded.total)} | ${mb(bytes.server.total)} |`,
      ...tables.map(
        (table) =>
          `| of it \`${table}\`, MB | ${mb(bytes.embedded.byTable.get(table) ?? 0)} | ${mb(bytes.server.byTable.get(table) ?? 0)} |`,
      ),
      '',
      'Aim: under 30 MB. 1,440 snapshots were saved as the collector saves them; 600 statements are known, 500 of them move in',
      'each minute with skewed random figures (random digits compress badly: real ones take less). Sums by hour, quarter of a day,',
      'day and week are in it, as are the texts and the latest rows of the state fact.',
      '',
      '## Resident memory of the whole process, MB',
      '',
      '| | embedded | server |',
      '|---|---|---|',
      `| after an hour of the ordinary target was saved and asked for | ${memory.embedded} | ${memory.server} |`,
      '',
      'Aim: under 400 MB embedded, under 150 MB with a server. Bare Node with the same modules loaded is some 60 to 100 MB.',
    ].join('\n'),
  )
}

if (import.meta.main) await run()
