// What the size of a sketched index follows from: rows by the planner's own estimate, widths and distinct values from statistics.

import type { IndexSketch } from '../model/what-if.ts'
import { ident, qualified } from '../sql/quote.ts'
import { documentItems, elementItems, type GinItems, trigramItems } from './gin-items.ts'
import { brinBlocks, btreeBlocks, ginBlocks, gistBlocks, hashBlocks, type KeyFigures } from './index-size.ts'
import type { ColumnStatistics, TableStatistics } from './statistics/statistics-file.ts'

/** Rows and width that the planner expects of `select target from table where condition`. */
export type Ask = (target: string, where: string | null) => Promise<{ rows: number; width: number }>

export interface SketchFigures {
  readonly rows: number
  readonly blocks: number
  readonly keyBytes: number
}

/** No posting lists: equal values may differ in their bytes (btequalimage says no), or the type is not known to allow it. */
const NOT_EQUAL_IMAGE = /^(numeric|real|double precision|json|interval|"?citext"?|.*\[\]|.*range)/

export async function sketchFigures(
  sketch: IndexSketch,
  table: TableStatistics,
  ask: Ask,
): Promise<SketchFigures> {
  const rows = sketch.where === null ? Math.max(0, table.rows) : (await ask('1', sketch.where)).rows
  const keys = await Promise.all(sketch.keys.map((key) => keyFigures(key, table, ask)))
  const included = sketch.include.map((name) => columnFigures(unquoted(name), table)?.width ?? 8)
  const keyBytes = keys.reduce((sum, key) => sum + key.width, 0)
  const includedWidth = included.reduce((sum, width) => sum + width, 0)
  const blocks = {
    btree: () => btreeBlocks({ rows, keys, includedWidth, hasInclude: included.length > 0 }),
    gin: () => ginBlocks(rows, table.blocks, ginItems(sketch, table, rows, keyBytes)),
    gist: () => gistBlocks(rows, keyBytes + includedWidth),
    brin: () => brinBlocks(table.blocks, 128, keys.length),
    hash: () => hashBlocks(rows),
  }[sketch.method]()
  return { rows, blocks, keyBytes }
}

/** From the column's statistics; where they hold no values, by the text's or document's length. */
function ginItems(sketch: IndexSketch, table: TableStatistics, rows: number, keyBytes: number): GinItems {
  const key = sketch.keys[0] ?? ''
  const name = columnOf(key) ?? sourceOf(key, table)
  const column = table.columns.find((each) => each.name === name)
  const statistics = table.statistics.find((each) => each.number === column?.number)
  const isDocument = column?.type === 'jsonb'
  const isPath = key.includes('jsonb_path_ops')
  const found =
    statistics === undefined
      ? null
      : isDocument
        ? documentItems(statistics, rows, isPath)
        : key.includes('trgm')
          ? trigramItems(statistics, rows)
          : elementItems(statistics, rows)
  if (found !== null) return found
  if (!isDocument) return { perRow: Math.max(1, keyBytes * 0.7), distinct: 10_000, width: 4 }
  return { perRow: Math.max(1, keyBytes / (isPath ? 25 : 12)), distinct: rows / 4, width: isPath ? 4 : 12 }
}

async function keyFigures(key: string, table: TableStatistics, ask: Ask): Promise<KeyFigures> {
  const column = columnOf(key)
  const known = column === null ? null : columnFigures(column, table)
  if (known !== null) return known
  const source = sourceOf(key, table)
  if (source !== null) return { ...columnFigures(source, table)!, canDeduplicate: true }
  const { width } = await ask(withoutOrder(key), null)
  return { width, distinct: null, canDeduplicate: true }
}

const TEXT = /^(text|character|(\w+\.)?citext)/

/** The one text column that an expression such as lower(email) is made of: its values are about as many and as long. */
function sourceOf(key: string, table: TableStatistics): string | null {
  const expression = withoutOrder(key).replace(/'(?:[^']|'')*'/g, "''")
  const words = new Set(
    [...expression.matchAll(/"((?:[^"]|"")+)"|([a-z_][\w$]*)(?!\s*[\w$(])/gi)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!.toLowerCase(),
    ),
  )
  const columns = table.columns.filter((column) => words.has(column.name))
  return columns.length === 1 && TEXT.test(columns[0]!.type) ? columns[0]!.name : null
}

/** What analyze would find of a sketched index's expressions, as far as their column tells: how many values, not which. */
export function expressionStatistics(
  sketch: IndexSketch,
  table: TableStatistics,
): readonly ColumnStatistics[] {
  return sketch.keys.flatMap((key, place) => {
    const source = columnOf(key) === null ? sourceOf(key, table) : null
    const number = table.columns.find((column) => column.name === source)?.number
    const statistics = table.statistics.find((each) => each.number === number && !each.inherited)
    if (statistics === undefined) return []
    const unknown = {
      mostCommonValues: null,
      mostCommonFrequencies: null,
      histogram: null,
      lowest: null,
      highest: null,
      correlation: null,
    }
    return [{ ...statistics, ...unknown, number: place + 1 }]
  })
}

function columnFigures(name: string, table: TableStatistics): KeyFigures | null {
  const column = table.columns.find((each) => each.name === name)
  if (column === undefined) return null
  const ofColumn = table.statistics.filter((each) => each.number === column.number)
  const statistics = ofColumn.find((each) => each.inherited === (table.kind === 'partitioned')) ?? ofColumn[0]
  const rows = Math.max(1, table.rows)
  const distinct = statistics === undefined || statistics.distinct === 0 ? null : statistics.distinct
  return {
    // a null takes no room, but a row of nulls still has an entry
    width: (statistics?.averageWidth ?? 8) * (1 - (statistics?.nullFraction ?? 0)),
    distinct: distinct === null ? null : distinct > 0 ? distinct : -distinct * rows,
    canDeduplicate: !NOT_EQUAL_IMAGE.test(column.type),
  }
}

/** The column of a key that is no expression, without operator class and direction; null: an expression. */
export function columnOf(key: string): string | null {
  const match = /^\s*("(?:[^"]|"")+"|[a-z_][\w$]*)(?![\w$(.])/.exec(key)
  return match === null ? null : unquoted(match[1]!)
}

/** An expression key without what may follow it. */
function withoutOrder(key: string): string {
  if (!key.startsWith('(')) return key.replace(/\s+(asc|desc|nulls\s+(first|last))\b.*$/i, '')
  let depth = 0
  for (const [at, sign] of [...key].entries()) {
    if (sign === '(') depth++
    if (sign === ')' && --depth === 0) return key.slice(0, at + 1)
  }
  return key
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}

export function sketchSql(sketch: IndexSketch, name: string): string {
  const include =
    sketch.include.length === 0
      ? ''
      : ` include (${sketch.include.map((each) => ident(unquoted(each))).join(', ')})`
  const where = sketch.where === null ? '' : ` where ${sketch.where}`
  return (
    `create ${sketch.isUnique ? 'unique ' : ''}index ${ident(name)} on ${qualified(sketch.schema, sketch.table)} ` +
    `using ${sketch.method} (${sketch.keys.join(', ')})${include}${where}`
  )
}
