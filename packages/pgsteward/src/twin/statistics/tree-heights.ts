// Finds the height of B-trees, which the planner charges for and no catalog shows: by pageinspect where it is installed, else from
// what the target's planner charges for a plan over the index, else computed from the index's size.

import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import type { IndexStatistics, TableStatistics } from './statistics-file.ts'

/** cpu_operator_cost for the descent of one level, as in btcostestimate (DEFAULT_PAGE_CPU_MULTIPLIER). */
const OPERATORS_PER_LEVEL = 50

/** How long may be asked, in all; what is left over is computed. A plan is a round trip of a millisecond and locks as reading does. */
const BUDGET_MS = 20_000

interface Asked {
  readonly table: TableStatistics
  readonly index: { -readonly [K in keyof IndexStatistics]: IndexStatistics[K] }
}

export async function readTreeHeights(session: Session, tables: Iterable<TableStatistics>): Promise<void> {
  const asked: Asked[] = []
  for (const table of tables)
    for (const index of table.indexes) {
      if (index.method !== 'btree' || table.kind === 'partitioned') continue
      index.treeHeight = computedHeight(index, table)
      index.treeHeightFrom = 'computed'
      if (index.isValid) asked.push({ table, index })
    }
  if (await byPageInspect(session, asked)) return
  await byPlans(
    session,
    asked.filter(({ table }) => table.rows > 0),
  )
}

async function byPageInspect(session: Session, asked: readonly Asked[]): Promise<boolean> {
  if (!session.server.isSuperuser || !session.server.extensions.has('pageinspect')) return false
  try {
    const [home] = (
      await session.query(
        'twin',
        `select n.nspname as schema from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
          where e.extname = 'pageinspect'`,
      )
    ).rows
    const { rows } = await session.query(
      'twin',
      `select i.name, m.fastlevel from pg_catalog.unnest($1::text[]) i(name), lateral ${qualified(String(home!.schema), 'bt_metap')}(i.name) m`,
      [asked.map(({ index }) => qualified(index.schema, index.name))],
    )
    const heights = new Map(rows.map((row) => [String(row.name), Number(row.fastlevel)]))
    for (const { index } of asked) {
      index.treeHeight = heights.get(qualified(index.schema, index.name)) ?? index.treeHeight
      index.treeHeightFrom = 'pageinspect'
    }
    return true
  } catch {
    return false
  }
}

/**
 * A plan that scans the whole index in its order has the start-up cost of one descent: ceil(log2(rows)) operators and 50 operators a
 * level, and one level more for the leaf.
 */
async function byPlans(session: Session, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return
  const settings = ['enable_seqscan', 'enable_sort', 'enable_bitmapscan', 'enable_incremental_sort']
  try {
    await session.query(
      'twin',
      `select ${settings.map((name) => `pg_catalog.set_config('${name}', 'off', false)`).join(', ')}`,
    )
    const [{ cost }] = (
      await session.query('twin', `select pg_catalog.current_setting('cpu_operator_cost')::float8 as cost`)
    ).rows as [{ cost: number }]
    const startedAt = performance.now()
    for (const each of asked) {
      if (performance.now() - startedAt > BUDGET_MS) break
      const height = await heightByPlan(session, each, Number(cost)).catch(() => null)
      if (height === null) continue
      each.index.treeHeight = height
      each.index.treeHeightFrom = 'plan'
    }
  } finally {
    for (const name of settings) await session.query('twin', `reset ${name}`).catch(() => undefined)
  }
}

/** Null where the planner takes another index for the same order. */
async function heightByPlan(session: Session, { table, index }: Asked, cost: number): Promise<number | null> {
  const where = index.where === null ? '' : ` where ${index.where}`
  const order = index.keys.map(
    (key) => `${key.sql}${key.isDescending ? ' desc' : ''} nulls ${key.isNullsFirst ? 'first' : 'last'}`,
  )
  const text = `select 1 from only ${qualified(table.schema, table.name)}${where} order by ${order.join(', ')}`
  const { rows } = await session.query('twin', `explain (format json) ${text}`)
  const node = (rows[0]!['QUERY PLAN'] as { Plan: Record<string, unknown> }[])[0]!.Plan
  if (!/^Index (Only )?Scan$/.test(String(node['Node Type'])) || node['Index Name'] !== index.name)
    return null
  const operators = Number(node['Startup Cost']) / cost
  const rowsInIndex = Math.max(index.isPartial ? index.rows : table.rows, 1)
  const height = Math.round((operators - Math.ceil(Math.log2(rowsInIndex))) / OPERATORS_PER_LEVEL) - 1
  return height >= 0 && height < 10 ? height : null
}

/** Inner pages filled to 70 % as create index leaves them; an inner entry is a key, a pointer and a line pointer. */
export function computedHeight(index: IndexStatistics, table: TableStatistics): number {
  // keys are made with their table and grow with it; other indexes are mostly built once it has rows
  return heightOf(index.blocks, keyWidth(index, table), index.isConstraint)
}

const PAGE_BYTES = 8192 - 24 - 16
const FILLED = 0.7

/** Levels above the leaves for a B-tree of so many blocks. One that grew row by row splits its root only when that is full. */
export function heightOf(blocks: number, keyBytes: number, hasGrown = false): number {
  const entryBytes = 8 + 4 + Math.ceil(keyBytes / 8) * 8
  const fanOut = Math.max(2, Math.floor((PAGE_BYTES * FILLED) / entryBytes))
  const mostInRoot = hasGrown ? Math.floor(PAGE_BYTES / entryBytes) : 0
  let level = Math.max(1, blocks - 1)
  let height = 0
  while (level > 1) {
    if (level <= mostInRoot) return height + 1
    // all blocks but the metapage are one tree: the leaves are what its upper levels leave over
    level = height === 0 ? Math.ceil((level * (fanOut - 1)) / fanOut / fanOut) : Math.ceil(level / fanOut)
    height++
  }
  return height
}

function keyWidth(index: IndexStatistics, table: TableStatistics): number {
  let bytes = 0
  for (const [place, key] of index.keys.entries()) {
    const column = table.columns.find((each) => each.name === key.column)
    const own = index.statistics.find((each) => each.number === place + 1)
    const statistics = own ?? table.statistics.find((each) => each.number === column?.number)
    bytes += statistics?.averageWidth ?? 8
  }
  return bytes
}
