// Small readings of PostgreSQL's parse trees that several kinds of statements need.

import type { ColumnDef, DefElem, Node, RangeVar, TypeName } from 'libpg-query'
import { typeSql } from '../sql/parse/expression-sql.ts'
import { ident } from '../sql/quote.ts'
import type { RelationName } from './operation.ts'

export function relationOf(range: RangeVar | undefined): RelationName {
  return { schema: range?.schemaname ?? null, name: range?.relname ?? '?' }
}

export function stringOf(node: Node | undefined): string {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : ''
}

/** `a.b` as DROP and COMMENT give names: a list of strings. */
export function namesOf(node: Node | undefined): readonly string[] {
  if (node === undefined) return []
  if ('List' in node) return (node.List.items ?? []).map(stringOf)
  if ('TypeName' in node) return (node.TypeName.names ?? []).map(stringOf)
  return [stringOf(node)]
}

export function relationOfNames(names: readonly string[]): RelationName {
  return { schema: names.at(-2) ?? null, name: names.at(-1) ?? '?' }
}

export function sqlName({ schema, name }: RelationName): string {
  return schema === null ? ident(name) : `${ident(schema)}.${ident(name)}`
}

export function columnDefOf(node: Node | undefined): ColumnDef | null {
  return node !== undefined && 'ColumnDef' in node ? node.ColumnDef : null
}

/** `varchar(20)`, `app.mood[]`; as people write it. */
export function typeText(type: TypeName | undefined): string {
  return (typeSql(type) ?? '?').replace(/^\w+/, (name) => SPELLINGS[name] ?? name)
}

const SPELLINGS: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  float4: 'real',
  float8: 'double precision',
  bpchar: 'char',
}

export function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((node) => 'DefElem' in node && isOn(node.DefElem, name))
}

function isOn({ defname, arg }: DefElem, name: string): boolean {
  if (defname !== name) return false
  if (arg === undefined) return true
  if ('Boolean' in arg) return arg.Boolean.boolval ?? false
  return !/^(off|false|0)$/i.test(stringOf(arg))
}

/**
 * Functions that give one value for a whole statement, or always: a default of only these is stored once, and the table is not
 * rewritten (since PostgreSQL 11). Others may be volatile, as random() and gen_random_uuid() are.
 */
const NOT_VOLATILE = new Set(
  `now transaction_timestamp statement_timestamp current_timestamp current_date date_trunc to_date to_timestamp make_date
   make_interval lower upper jsonb_build_object jsonb_build_array json_build_object json_build_array array_fill to_jsonb
   current_setting current_schema current_database`.split(/\s+/),
)

/** A function in an expression that may be volatile; null: there is none. */
export function volatileFunction(node: unknown): string | null {
  if (Array.isArray(node)) {
    for (const each of node) {
      const found = volatileFunction(each)
      if (found !== null) return found
    }
    return null
  }
  if (typeof node !== 'object' || node === null) return null
  for (const [key, inner] of Object.entries(node)) {
    if (key === 'FuncCall') {
      const name = stringOf((inner as { funcname?: Node[] }).funcname?.at(-1))
      if (!NOT_VOLATILE.has(name)) return name
    }
    const found = volatileFunction(inner)
    if (found !== null) return found
  }
  return null
}
