// SQL texts that create the objects of a target, composed from its catalogs' rows.

import type { RawRow } from '../../model/fact.ts'
import { ident, literal, qualified } from '../../sql/quote.ts'

export interface SchemaObject {
  readonly kind: string
  readonly schema: string
  readonly name: string
  readonly sql: string
}

/** Null: a kind that can't be rebuilt from the catalogs (a base type made of C functions). */
export function typeSql(row: RawRow): string | null {
  const name = qualified(String(row.schema), String(row.name))
  const list = (values: unknown) => ((values as string[] | null) ?? []).join(', ')
  switch (row.kind) {
    case 'e':
      return `create type ${name} as enum (${list(((row.labels as string[] | null) ?? []).map(literal))})`
    case 'c':
      return `create type ${name} as (${list(row.attributes)})`
    case 'r':
      return `create type ${name} as range (subtype = ${row.subtype}${row.subtype_diff === null ? '' : `, subtype_diff = ${row.subtype_diff}`})`
    case 'd':
      return [
        `create domain ${name} as ${row.base}`,
        row.collation === null ? '' : `collate ${row.collation}`,
        row.default_sql === null ? '' : `default ${row.default_sql}`,
        row.is_not_null ? 'not null' : '',
        ((row.checks as string[] | null) ?? []).join(' '),
      ]
        .filter((part) => part !== '')
        .join(' ')
    default:
      return null
  }
}

const VOLATILITY: Readonly<Record<string, string>> = { i: 'immutable', s: 'stable', v: 'volatile' }
const PARALLEL: Readonly<Record<string, string>> = { s: 'safe', r: 'restricted', u: 'unsafe' }
/** Languages whose bodies can run in any twin; a function of another one becomes a stub that plans alike. */
const KEPT_LANGUAGES = new Set(['sql', 'plpgsql', 'internal'])

/** Null: an aggregate of a kind that is not rebuilt (ordered-set, hypothetical-set). */
export function functionSql(row: RawRow): string | null {
  const name = qualified(String(row.schema), String(row.name))
  if (row.kind === 'a') {
    if (row.aggregate_kind !== 'n') return null
    const parts = [
      `sfunc = ${row.transition}`,
      `stype = ${row.state_type}`,
      row.final === null ? '' : `finalfunc = ${row.final}`,
      row.combine === null ? '' : `combinefunc = ${row.combine}`,
      row.initial === null ? '' : `initcond = ${literal(String(row.initial))}`,
      `parallel = ${PARALLEL[String(row.parallel)]}`,
    ]
    return `create aggregate ${name}(${row.identity_arguments}) (${parts.filter((part) => part !== '').join(', ')})`
  }
  const isProcedure = row.kind === 'p'
  const isKept = KEPT_LANGUAGES.has(String(row.language))
  const body =
    row.sql_body !== null
      ? String(row.sql_body)
      : `as ${literal(isKept ? String(row.source) : 'begin return; end')}`
  const settings = ((row.settings as string[] | null) ?? []).map((setting) => {
    const at = setting.indexOf('=')
    return `set ${ident(setting.slice(0, at))} to ${settingValue(setting.slice(0, at), setting.slice(at + 1))}`
  })
  return [
    `create ${isProcedure ? 'procedure' : 'function'} ${name}(${row.arguments})`,
    isProcedure ? '' : `returns ${row.result}`,
    `language ${isKept ? row.language : 'plpgsql'}`,
    row.kind === 'w' ? 'window' : '',
    isProcedure ? '' : VOLATILITY[String(row.volatility)]!,
    isProcedure ? '' : `parallel ${PARALLEL[String(row.parallel)]}`,
    isProcedure || !row.is_strict ? '' : 'strict',
    isProcedure || !row.is_leakproof ? '' : 'leakproof',
    row.is_definer ? 'security definer' : '',
    isProcedure ? '' : `cost ${row.cost}`,
    isProcedure || !row.is_set ? '' : `rows ${row.rows}`,
    ...settings,
    body,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** search_path is a list of names, everything else one value. */
function settingValue(name: string, value: string): string {
  if (name !== 'search_path') return literal(value)
  return value.trim() === '' || value.trim() === '""' ? "''" : value
}

/** reloptions as pg_class holds them, for `with (...)`; empty: ''. */
export function optionsSql(options: unknown): string {
  const list = ((options as string[] | null) ?? []).map((option) => {
    const at = option.indexOf('=')
    return `${option.slice(0, at)} = ${literal(option.slice(at + 1)).trim()}`
  })
  return list.length === 0 ? '' : ` with (${list.join(', ')})`
}

export interface ColumnRow extends RawRow {
  readonly name: string
  readonly number: number
}

/** `plain`: without defaults, generation, collation and checks. */
export function tableSql(
  row: RawRow,
  columns: readonly RawRow[],
  checks: readonly RawRow[],
  plain: boolean,
): string {
  const name = qualified(String(row.schema), String(row.name))
  if (row.kind === 'm') {
    const names = columns.filter((column) => !column.is_dropped).map((column) => ident(String(column.name)))
    return `create materialized view ${name} (${names.join(', ')}) as ${String(row.definition).replace(/;\s*$/, '')} with no data`
  }
  const lines = columns.map((column) =>
    column.is_dropped
      ? `${droppedName(column)} integer`
      : columnSql(column, plain, Boolean(row.is_partition)),
  )
  if (!plain) {
    for (const check of checks)
      lines.push(`constraint ${ident(String(check.name))} ${notNow(check.definition)}`)
  }
  const partition = row.kind === 'p' ? ` partition by ${row.definition}` : ''
  const create = `create table ${name} (${lines.join(', ')})${partition}${optionsSql(row.options)}`
  const drops = columns
    .filter((column) => column.is_dropped)
    .map((column) => `drop column ${droppedName(column)}`)
  return drops.length === 0 ? create : `${create}; alter table ${name} ${drops.join(', ')}`
}

/** `not valid` is for alter table only, and says nothing on an empty table. */
function notNow(definition: unknown): string {
  return String(definition).replace(/ NOT VALID$/, '')
}

function droppedName(column: RawRow): string {
  return ident(`dropped ${column.number}`)
}

/** A partition's identity is its parent's: a table that has one of its own can't be attached from 17 on. */
function columnSql(column: RawRow, plain: boolean, isPartition: boolean): string {
  const parts = [ident(String(column.name)), String(column.type)]
  if (column.collation !== null && !plain) parts.push(`collate ${column.collation}`)
  if (!plain && column.default_sql !== null) {
    if (column.generated === 's') parts.push(`generated always as (${column.default_sql}) stored`)
    else if (column.generated === 'v') parts.push(`generated always as (${column.default_sql}) virtual`)
    else parts.push(`default ${column.default_sql}`)
  }
  if (!plain && !isPartition && (column.identity === 'a' || column.identity === 'd'))
    parts.push(`generated ${column.identity === 'a' ? 'always' : 'by default'} as identity`)
  if (column.is_not_null) parts.push('not null')
  return parts.join(' ')
}

export function viewSql(row: RawRow): string {
  const names = ((row.columns as string[] | null) ?? []).map(ident)
  const body = String(row.definition).replace(/;\s*$/, '')
  return `create view ${qualified(String(row.schema), String(row.name))} (${names.join(', ')})${optionsSql(row.options)} as ${body}`
}
