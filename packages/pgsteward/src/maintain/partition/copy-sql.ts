// Statements that copy rows from one table to its twin, bring over what changed meanwhile, and compare the two. Either may be the copy:
// undo goes the other way.

import type { RelationRef } from '../../model/maintenance.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { keyColumns } from './capture-sql.ts'
import type { TableDescription } from './describe-table.ts'

export interface CopyPair {
  readonly table: TableDescription
  readonly from: RelationRef
  readonly to: RelationRef
  readonly queue: RelationRef
}

/** Values of the primary key as text, in its order. Null: before the first row. */
export type Position = readonly string[] | null

/** Plans that walk indexes: the copy has no statistics yet, and a part of a large table is not read by reading all of it. */
export const COPYING_PLANS = plansWithout('seqscan', 'hashjoin', 'mergejoin', 'sort')
export const COMPARING_PLANS = plansWithout('seqscan')

/** A snapshot that begins only when nobody can truncate or rewrite the table any more: neither is seen by an older snapshot. */
export function beginStatements({ from }: CopyPair, plans: readonly string[]): string {
  return [
    'begin isolation level repeatable read',
    `lock table ${qualified(from.schema, from.name)} in access share mode`,
    ...plans,
  ].join('; ')
}

function plansWithout(...methods: readonly string[]): readonly string[] {
  return methods.map((method) => `set local enable_${method} = off`)
}

/** The key that ends a batch of `$1` rows after the position; no row: fewer are left. */
export function batchEnd(pair: CopyPair, position: Position): Statement {
  const { key } = parts(pair)
  const after = position === null ? '' : `where ${key('c')} > ${bound(pair, 2)}`
  return {
    sql: `select ${asTexts(pair, 'c')} as last from ${name(pair.from)} c ${after} order by ${order(pair, 'c')} offset $1 - 1 limit 1`,
    parameters: position ?? [],
  }
}

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Copies what lies after `position`, up to `end`. Row `copied`. */
export function copyRange(pair: CopyPair, position: Position, end: Position): Statement {
  const { columns, list } = parts(pair)
  const { where, parameters } = within(pair, 'c', position, end)
  return {
    sql: `with copied as (insert into ${name(pair.to)} (${list}) overriding system value
            select ${columns('c')} from ${name(pair.from)} c ${where} order by ${order(pair, 'c')} returning 1)
          select pg_catalog.count(*)::int as copied from copied`,
    parameters,
  }
}

/**
 * Takes the first `$1` changes off the queue, in the order in which they were written. `is_copied`: not beyond the position, so its row has
 * been copied; what is beyond it will be, as it is then.
 */
export function takeChanges(pair: CopyPair, isWhole: boolean, position: Position): Statement {
  const keys = keyColumns(pair.table).map((_, at) => `q.key_${at + 1}`)
  const isCopied = isWhole
    ? 'true'
    : position === null
      ? 'false'
      : `(${keys.join(', ')}) <= ${bound(pair, 2)}`
  return {
    sql: `with taken as (
               delete from ${name(pair.queue)} q
                where q.id in (select f.id from ${name(pair.queue)} f order by f.id limit $1)
            returning q.id, q.key_1 is null as is_truncate, ${isCopied} as is_copied, array[${keys.map((key) => `${key}::text`).join(', ')}] as key)
          select * from taken order by id`,
    parameters: isWhole ? [] : (position ?? []),
  }
}

/** `$1`, `$2` ...: the keys' columns as arrays. */
export function removeChanged(pair: CopyPair): string {
  return `delete from ${name(pair.to)} c using ${changed(pair)} where ${joined(pair)}`
}

export function insertChanged(pair: CopyPair): string {
  const { columns, list } = parts(pair)
  return `insert into ${name(pair.to)} (${list}) overriding system value
          select ${columns('c')} from ${changed(pair)} join ${name(pair.from)} c on ${joined(pair)}`
}

/** Rows and the sum of their hashes on both sides of a range, without rows that the queue says have changed since. */
export function compareRange(pair: CopyPair, position: Position, end: Position): Statement {
  const { where, parameters } = within(pair, 'c', position, end)
  const row = pair.table.columns.map((column) => `c.${ident(column.name)}`).join(', ')
  const side = (relation: RelationRef) => `
    select pg_catalog.count(*) as rows, coalesce(pg_catalog.sum(pg_catalog.hashtextextended(row(${row})::text, 0)::numeric), 0) as hash
      from ${name(relation)} c ${where === '' ? 'where' : `${where} and`} ${unchanged(pair)}`
  return {
    sql: `select f.rows::text as from_rows, t.rows::text as to_rows, f.rows = t.rows and f.hash = t.hash as is_equal
            from (${side(pair.from)}) f, (${side(pair.to)}) t`,
    parameters,
  }
}

/** Some keys of a range whose rows differ. */
export function differingKeys(pair: CopyPair, position: Position, end: Position): Statement {
  const { where, parameters } = within(pair, 'c', position, end)
  const row = pair.table.columns.map((column) => `c.${ident(column.name)}`).join(', ')
  const side = (relation: RelationRef) =>
    `select ${asTexts(pair, 'c')} as key, row(${row})::text as row from ${name(relation)} c ${where === '' ? 'where' : `${where} and`} ${unchanged(pair)}`
  return {
    sql: `select distinct key from ((${side(pair.from)} except ${side(pair.to)}) union all (${side(pair.to)} except ${side(pair.from)})) d limit 5`,
    parameters,
  }
}

function parts({ table }: CopyPair) {
  const copied = table.columns.filter(({ isGenerated }) => !isGenerated).map((column) => ident(column.name))
  const keys = keyColumns(table).map((column) => ident(column.name))
  return {
    list: copied.join(', '),
    columns: (alias: string) => copied.map((column) => `${alias}.${column}`).join(', '),
    key: (alias: string) => `(${keys.map((column) => `${alias}.${column}`).join(', ')})`,
  }
}

/** As parameters from `$first` on, of the key's types. */
function bound({ table }: CopyPair, first: number): string {
  return `(${keyColumns(table)
    .map(({ type }, at) => `$${first + at}::${type}`)
    .join(', ')})`
}

function within(
  pair: CopyPair,
  alias: string,
  position: Position,
  end: Position,
): { readonly where: string; readonly parameters: readonly unknown[] } {
  const key = parts(pair).key(alias)
  const conditions = [
    ...(position === null ? [] : [`${key} > ${bound(pair, 1)}`]),
    ...(end === null ? [] : [`${key} <= ${bound(pair, 1 + (position?.length ?? 0))}`]),
  ]
  return {
    where: conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`,
    parameters: [...(position ?? []), ...(end ?? [])],
  }
}

function order({ table }: CopyPair, alias: string): string {
  return keyColumns(table)
    .map((column) => `${alias}.${ident(column.name)}`)
    .join(', ')
}

function asTexts({ table }: CopyPair, alias: string): string {
  return `array[${keyColumns(table)
    .map((column) => `${alias}.${ident(column.name)}::text`)
    .join(', ')}]`
}

function changed({ table }: CopyPair): string {
  const keys = keyColumns(table)
  const arrays = keys.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')
  return `unnest(${arrays}) k (${keys.map((_, at) => `key_${at + 1}`).join(', ')})`
}

function joined({ table }: CopyPair): string {
  return keyColumns(table)
    .map((column, at) => `c.${ident(column.name)} = k.key_${at + 1}`)
    .join(' and ')
}

function unchanged({ table, queue }: CopyPair): string {
  const isSame = keyColumns(table)
    .map((column, at) => `q.key_${at + 1} = c.${ident(column.name)}`)
    .join(' and ')
  return `not exists (select from ${name(queue)} q where ${isSame})`
}

function name({ schema, name: relation }: RelationRef): string {
  return qualified(schema, relation)
}
