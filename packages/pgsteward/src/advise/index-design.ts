// An index that may be advised: what it holds, how it is named and written as SQL, and when two of them are the same.

import type { IndexSketch } from '../model/what-if.ts'
import type { KeyExpression } from '../sql/parse/query-shape.ts'
import { ident, qualified } from '../sql/quote.ts'
import type { ExistingIndex, TableFigures } from './surroundings.ts'

export interface DesignKey {
  readonly on: KeyExpression
  readonly isDescending: boolean
  readonly areNullsFirst: boolean
  /** Null: the type's default. */
  readonly operatorClass: string | null
}

export interface Predicate {
  readonly sql: string
  readonly columns: readonly string[]
  /** Of the table's rows. */
  readonly share: number
  /** Keys that have one value throughout: as a key of the index they would only take room. */
  readonly fixed?: readonly string[]
}

export interface IndexDesign {
  readonly schema: string
  readonly table: string
  readonly method: IndexSketch['method']
  readonly keys: readonly DesignKey[]
  /** How many leading keys are asked for by equality, so that their order among themselves is free. */
  readonly equalityKeys: number
  readonly include: readonly string[]
  readonly where: Predicate | null
}

export function ascending(on: KeyExpression, operatorClass: string | null = null): DesignKey {
  return { on, isDescending: false, areNullsFirst: false, operatorClass }
}

/**
 * A B-tree is read in both directions, so (a, b desc, c desc) with a fixed is (a, b, c) read backwards: the form whose first
 * sorted key ascends stands for both.
 */
export function canonical(design: IndexDesign): IndexDesign {
  if (design.method !== 'btree') return design
  const first = design.keys[design.equalityKeys]
  const keys = design.keys.map((key, index) => {
    if (index < design.equalityKeys) return { ...key, isDescending: false, areNullsFirst: false }
    if (first?.isDescending !== true) return key
    return { ...key, isDescending: !key.isDescending, areNullsFirst: !key.areNullsFirst }
  })
  return { ...design, keys, include: [...design.include].sort() }
}

/** Equal for designs that are the same index. */
export function identityOf(design: IndexDesign): string {
  return `${design.schema}.${design.table} ${definitionOf(design)}`
}

/** `using gin (subject gin_trgm_ops) where ...`, without name and table. */
export function definitionOf(design: IndexDesign): string {
  const using = design.method === 'btree' ? '' : `using ${design.method} `
  const include = design.include.length === 0 ? '' : ` include (${design.include.map(ident).join(', ')})`
  const where = design.where === null ? '' : ` where ${design.where.sql}`
  return `${using}(${design.keys.map(keySql).join(', ')})${include}${where}`
}

export function keySql({ on, isDescending, areNullsFirst, operatorClass }: DesignKey): string {
  const expression = on.column === null ? (isFunctionCall(on.sql) ? on.sql : `(${on.sql})`) : on.sql
  const parts = [expression]
  if (operatorClass !== null) parts.push(operatorClass)
  if (isDescending) parts.push('desc')
  if (areNullsFirst !== isDescending) parts.push(areNullsFirst ? 'nulls first' : 'nulls last')
  return parts.join(' ')
}

/** A bare function call needs no parentheses of its own in an index definition. */
function isFunctionCall(sql: string): boolean {
  if (!/^[a-z_][\w.]*\(/.test(sql) || !sql.endsWith(')')) return false
  let depth = 0
  for (const [index, character] of [...sql].entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth === 0 && character === ')' && index < sql.length - 1) return false
  }
  return depth === 0 && !/^(coalesce|nullif|greatest|least)\(/.test(sql)
}

export function createSql(
  design: IndexDesign,
  options: { readonly concurrently: boolean; readonly name?: string },
): string {
  const name = options.name === undefined ? '' : `${ident(options.name)} `
  const how = options.concurrently ? 'concurrently ' : ''
  const using = definitionOf(design)
  return `create index ${how}${name}on ${qualified(design.schema, design.table)} ${using}`
}

/** A name within PostgreSQL's 63 bytes: table_columns_idx, with a kind where it is special. */
export function nameFor(design: IndexDesign, taken: ReadonlySet<string>): string {
  const words = design.keys.map(
    ({ on }) => on.column ?? on.sql.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, ''),
  )
  const kind =
    design.method === 'btree' ? (design.where === null ? 'idx' : 'part_idx') : `${design.method}_idx`
  const base = cut([design.table, ...words].join('_'), 62 - kind.length)
  for (let number = 1; ; number += 1) {
    const name = `${base}_${kind}${number === 1 ? '' : number}`
    if (!taken.has(name)) return name
  }
}

function cut(text: string, bytes: number): string {
  let kept = text
  while (Buffer.byteLength(kept) > bytes) kept = kept.slice(0, -1)
  return kept.replace(/_+$/, '')
}

export function sketchOf(design: IndexDesign): IndexSketch {
  return {
    schema: design.schema,
    table: design.table,
    method: design.method,
    keys: design.keys.map(keySql),
    include: design.include.map(ident),
    where: design.where?.sql ?? null,
    isUnique: false,
  }
}

/** Columns whose change the index must keep up with: a heap-only update of them is no longer possible. */
export function columnsOf(design: IndexDesign): ReadonlySet<string> {
  return new Set([
    ...design.keys.flatMap(({ on }) => on.columns),
    ...design.include,
    ...(design.where?.columns ?? []),
  ])
}

/** Whether `longer` answers everything that `shorter` does: the same predicate and method, its keys in front, its INCLUDE within. */
export function isPrefixOf(shorter: IndexDesign, longer: IndexDesign): boolean {
  if (shorter.method !== longer.method || shorter.method !== 'btree') return false
  if ((shorter.where?.sql ?? null) !== (longer.where?.sql ?? null)) return false
  if (shorter.keys.length > longer.keys.length) return false
  const carried = new Set([...longer.include, ...longer.keys.map(({ on }) => on.column)])
  return (
    shorter.keys.every((key, index) => keySql(key) === keySql(longer.keys[index]!)) &&
    shorter.include.every((column) => carried.has(column))
  )
}

/** Whether an existing index with the same predicate starts with the design's keys, or with its equality keys in another order. */
export function isServedBy(design: IndexDesign, existing: ExistingIndex): boolean {
  if (existing.schema !== design.schema || existing.table !== design.table) return false
  if (existing.method !== design.method) return false
  // a partial design is smaller than any whole index with its keys; what serves it has its predicate
  if (plainSql(existing.where ?? '') !== plainSql(design.where?.sql ?? '')) return false
  const have = existing.keys.map(({ sql, operatorClass }) => `${plainSql(sql)} ${operatorClass ?? ''}`)
  const want = design.keys.map(({ on, operatorClass }) => `${plainSql(on.sql)} ${operatorClass ?? ''}`)
  const fixed = design.equalityKeys
  if (have.length < want.length) return false
  if (design.method !== 'btree') return want.every((key) => have.includes(key))
  const head = new Set(have.slice(0, fixed))
  const carried = new Set([...existing.include, ...existing.keys.map(({ sql }) => sql)].map(plainSql))
  return (
    want.slice(0, fixed).every((key) => head.has(key)) &&
    want.slice(fixed).every((key, index) => have[fixed + index] === key) &&
    sortsAlike(design, existing) &&
    design.include.every((column) => carried.has(plainSql(column)))
  )
}

/**
 * Whether its leading keys hold those of a unique index, which finds the one row already: what follows, or is included, is only
 * carried along.
 */
export function repeatsUnique(design: IndexDesign, existing: ExistingIndex): boolean {
  if (existing.schema !== design.schema || existing.table !== design.table || !existing.isUnique) return false
  const count = existing.keys.length
  if (design.method !== 'btree' || existing.where !== null || design.keys.length < count) return false
  if (design.keys.length === count && design.equalityKeys < count) return false
  const head = design.keys.slice(0, count).map(({ on }) => plainSql(on.sql))
  return existing.keys.every(({ sql }) => head.includes(plainSql(sql)))
}

function sortsAlike(design: IndexDesign, existing: ExistingIndex): boolean {
  const pairs = design.keys
    .slice(design.equalityKeys)
    .map((key, index) => [key, existing.keys[design.equalityKeys + index]!] as const)
  const isForward = pairs.every(
    ([key, have]) => key.isDescending === have.isDescending && key.areNullsFirst === have.areNullsFirst,
  )
  const isBackward = pairs.every(
    ([key, have]) => key.isDescending !== have.isDescending && key.areNullsFirst !== have.areNullsFirst,
  )
  return isForward || isBackward
}

/** Deparsed SQL differs from written SQL in casts of literals, quotes and parentheses. */
export function plainSql(sql: string): string {
  return sql
    .replace(/::[a-z_ ]+(\[\])?/gi, '')
    .replace(/[\s()"]+/g, '')
    .toLowerCase()
}

/** The average width of an entry's data: keys and INCLUDE. */
export function entryWidth(design: IndexDesign, table: TableFigures): number {
  const width = (name: string) => table.columns.find((column) => column.name === name)?.averageWidth ?? 16
  const keys = design.keys.reduce((sum, { on }) => sum + (on.column === null ? 16 : width(on.column)), 0)
  return keys + design.include.reduce((sum, name) => sum + width(name), 0)
}
