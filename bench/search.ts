// What the search of the dashboard costs: 5,000 statements, 10,000 tables, 20,000 indexes, asked as somebody types. Beside it what SQL would
// take for the statements' texts alone.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Steward } from '../packages/pgsteward/src/app/steward.ts'
import { SearchViews } from '../packages/pgsteward/src/app/views/search-views.ts'
import { ALL_CHECKS } from '../packages/pgsteward/src/checks/all.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import type { OpenedStore } from '../packages/pgsteward/src/store/postgres-store.ts'
import { indexRow, statementRow, tableRow } from '../packages/pgsteward/test/rows.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const STATEMENTS = 5_000
const TABLES = 10_000
const RUNS = 15
const TYPED = [
  'a',
  'ord',
  'invoices_4707',
  'select total from orders',
  'ces_4707 note',
  'inv47x',
  'nothing at all',
]
const NOUNS = [
  'orders',
  'members',
  'messages',
  'invoices',
  'prayers',
  'visits',
  'devices',
  'sessions',
] as const

const nameOf = (number: number) => `${NOUNS[number % NOUNS.length]}_${number}`
const textOf = (number: number) =>
  `select t.id, t.total, t.note, ${'u.some_column_of_it, '.repeat(20)} u.name from ${nameOf(number)} t join users u on u.id = t.user_id where t.created_at > $1 and t.kind = $2 order by t.created_at desc limit $3`

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-search-'))
  const store = await openStore({ dir: join(dir, 'store') })
  try {
    const ids = Array.from({ length: STATEMENTS }, (_, number) => String(number - 2_500))
    await store.saveTexts('big', new Map(ids.map((id, number) => [id, textOf(number)])))
    let now = new Date()
    const views = new SearchViews(stewardWith(store, ids), () => now)
    const find = (typed: string) => views.find('big', typed, { limit: 30, seesAll: true })
    const firstMs = await timed(() => find(''))
    const before = process.memoryUsage().heapUsed
    const rows = []
    for (const typed of TYPED) {
      const ours: number[] = []
      const sql: number[] = []
      let found = 0
      for (let run = 0; run < RUNS; run++) {
        ours.push(await timed(async () => ({ found } = await find(typed))))
        sql.push(await timed(() => likeInSql(store, typed)))
      }
      rows.push({ typed, found, ours: spreadOf(ours), sql: spreadOf(sql) })
    }
    // the first after a quarter of an hour of silence waits for all to be read again
    const again: number[] = []
    for (let run = 0; run < 5; run++) {
      now = new Date(now.getTime() + 900_000)
      again.push(await timed(() => find('ord')))
    }
    writeResults(
      'search',
      'Finding anything',
      [
        `Of a target with ${STATEMENTS.toLocaleString('en')} statements (${textOf(0).length} letters each), ${TABLES.toLocaleString('en')} tables and ${(2 * TABLES).toLocaleString('en')} indexes, in an embedded store. \`ILIKE\` is the same store asked for the statements' texts alone, unranked.`,
        '',
        '| typed | found | ms | of ILIKE, ms |',
        '|---|---:|---:|---:|',
        ...rows.map(
          ({ typed, found, ours, sql }) => `| \`${typed}\` | ${found} | ${show(ours)} | ${show(sql)} |`,
        ),
        '',
        `Opening the box for the first time makes the book: ${firstMs.toFixed(0)} ms, while nothing is typed yet. After a quarter of an hour in which nobody searched: ${show(spreadOf(again), 0)} ms. In memory: ${(before / 2 ** 20).toFixed(0)} MB of heap in all.`,
      ].join('\n'),
    )
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

async function likeInSql(store: OpenedStore, typed: string): Promise<void> {
  await store.database.query(
    `select t.query_id, left(q.text, 160) from pgsteward.statement_text t join pgsteward.query_text q on q.hash = t.hash
      where q.text ilike $1 limit 30`,
    [`%${typed}%`],
  )
}

function stewardWith(store: OpenedStore, queryIds: readonly string[]): Steward {
  const at = new Date()
  const rows = (rows: readonly unknown[]) => ({ status: 'rows', rows, at, tookMs: 1 })
  const numbers = Array.from({ length: TABLES }, (_, number) => number)
  const statements = queryIds.map((queryId, number) => statementRow({ queryId, totalExecMs: number }))
  const readings = new Map<string, unknown>([
    ['tables', rows(numbers.map((number) => tableRow({ name: nameOf(number), totalBytes: number * 8192 })))],
    [
      'indexes',
      rows(
        numbers.flatMap((number) =>
          ['pkey', 'created_at_idx'].map((end) =>
            indexRow({ table: nameOf(number), name: `${nameOf(number)}_${end}`, sizeBytes: number * 4096 }),
          ),
        ),
      ),
    ],
    [
      'statements',
      { status: 'interval', interval: { seconds: 60, rows: statements, breaks: [] }, at, tookMs: 1 },
    ],
  ])
  const nobody = { all: async () => [] }
  return {
    store,
    selected: { checks: ALL_CHECKS },
    incidents: nobody,
    optimizations: nobody,
    governance: { changes: { list: async () => ({ changes: [], board: [] }) } },
    watcher: () => ({ state: { snapshot: { readings } } }),
  } as unknown as Steward
}
