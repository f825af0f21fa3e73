// What plain tables are in the catalogs, as rows to insert, with oids of our own.

import { qualified } from '../../sql/quote.ts'
import type { TableStatistics } from '../statistics/statistics-file.ts'
import type { PlainIndex, PlainTable } from './plain-tables.ts'
import type { KeyPrototype, Prototypes } from './prototypes.ts'

/** Far above what a young cluster's counter reaches, and above the numbers of files. */
const FIRST_OID = 1_500_000_000

type Row = Readonly<Record<string, string | number | boolean>>

export interface PlainRows {
  readonly tables: readonly Row[]
  readonly columns: readonly Row[]
  readonly defaults: readonly Row[]
  readonly identities: readonly Row[]
  readonly indexes: readonly Row[]
  readonly indexColumns: readonly Row[]
  readonly keys: readonly Row[]
  readonly foreignKeys: readonly Row[]
  /** What all this makes: qualified names, and foreign keys as `foreignKeyName` says. */
  readonly made: {
    readonly tables: ReadonlySet<string>
    readonly indexes: ReadonlySet<string>
    readonly foreignKeys: ReadonlySet<string>
  }
}

export function foreignKeyName(table: { schema: string; name: string }, key: { name: string }): string {
  return `${key.name} of ${qualified(table.schema, table.name)}`
}

interface MadeIndex {
  readonly plain: PlainIndex
  readonly oid: number
  readonly keys: readonly KeyPrototype[]
}

interface Made {
  readonly oid: number
  readonly plain: PlainTable
  readonly indexes: readonly MadeIndex[]
}

/** What has no prototype is not among them: its DDL will say why. */
export function plainRows(tables: readonly PlainTable[], prototypes: Prototypes): PlainRows {
  let next = FIRST_OID
  const made = new Map<string, Made>()
  for (const plain of tables) {
    if (plain.columns.some((column) => prototypes.column(column) === undefined)) continue
    // its row type and the array of that follow
    const oid = next
    next += 3
    const indexes = plain.indexes.flatMap((index) => {
      const keys = index.keys.flatMap(
        (key) => prototypes.key(plain.columns[key.column - 1]!, key.operatorClass) ?? [],
      )
      return keys.length === index.keys.length ? [{ plain: index, oid: next++, keys }] : []
    })
    made.set(qualified(plain.table.schema, plain.table.name), { oid, plain, indexes })
  }
  const all = [...made.values()]
  const columns = all.flatMap(({ oid, plain }) =>
    plain.columns.map((column, place) => {
      const { relation, number } = prototypes.column(column)!
      return { column, row: { relid: oid, number: place + 1, proto: relation, proto_number: number } }
    }),
  )
  const indexes = all.flatMap(({ oid, plain, indexes }) => indexes.map((index) => ({ oid, plain, index })))
  const foreignKeys = all.flatMap((each) =>
    each.plain.table.foreignKeys.flatMap((key) => {
      const row = foreignKeyRow(each, key, made, prototypes)
      return row === null ? [] : [{ table: each.plain.table, key, row: { ...row, oid: next++ } }]
    }),
  )
  const withKeys = new Set(foreignKeys.map(({ row }) => row.relid))
  return {
    tables: all.map(({ oid, plain: { table, columns }, indexes }) => ({
      oid,
      type_oid: oid + 1,
      array_oid: oid + 2,
      schema: table.schema,
      name: table.name,
      natts: columns.length,
      has_index: indexes.length > 0,
      // without triggers PostgreSQL looks for no foreign keys
      has_triggers: withKeys.has(oid),
    })),
    columns: columns.map(({ column, row }) => ({ ...row, name: column.name, not_null: column.isNotNull })),
    defaults: columns.flatMap(({ column, row }) => (column.hasDefault ? [{ ...row, oid: next++ }] : [])),
    identities: columns.flatMap(({ column, row }) => (column.isIdentity ? [row] : [])),
    indexes: indexes.map(({ oid, index: { plain, oid: indexOid, keys } }) => ({
      oid: indexOid,
      relid: oid,
      schema: plain.index.schema,
      name: plain.index.name,
      natts: keys.length + plain.include.length,
      nkeys: keys.length,
      is_unique: plain.index.isUnique,
      is_primary: plain.index.isPrimary,
      keys: [...plain.keys.map(({ column }) => column), ...plain.include].join(' '),
      collations: keys.map(({ collation }) => collation).join(' '),
      classes: keys.map(({ operatorClass }) => operatorClass).join(' '),
      options: plain.keys.map(({ option }) => option).join(' '),
    })),
    indexColumns: indexes.flatMap(({ plain: { columns }, index: { plain, oid, keys } }) => [
      ...plain.keys.map(({ column }, place) => ({
        relid: oid,
        number: place + 1,
        name: columns[column - 1]!.name,
        proto: keys[place]!.relation,
        proto_number: keys[place]!.number,
        is_key: true,
      })),
      ...plain.include.map((column, place) => {
        const { relation, number } = prototypes.column(columns[column - 1]!)!
        return {
          relid: oid,
          number: keys.length + place + 1,
          name: columns[column - 1]!.name,
          proto: relation,
          proto_number: number,
          is_key: false,
        }
      }),
    ]),
    keys: indexes.flatMap(({ oid, index: { plain, oid: indexOid } }) =>
      plain.index.isConstraint
        ? [
            {
              oid: next++,
              relid: oid,
              schema: plain.index.schema,
              name: plain.index.name,
              kind: plain.index.isPrimary ? 'p' : 'u',
              keys: `{${plain.keys.map(({ column }) => column).join(',')}}`,
              index: indexOid,
            },
          ]
        : [],
    ),
    foreignKeys: foreignKeys.map(({ row }) => row),
    made: {
      tables: new Set(made.keys()),
      indexes: new Set(
        indexes.map(({ index }) => qualified(index.plain.index.schema, index.plain.index.name)),
      ),
      foreignKeys: new Set(foreignKeys.map(({ table, key }) => foreignKeyName(table, key))),
    },
  }
}

/** Null: other than one from columns to a key of the same types. */
function foreignKeyRow(
  { oid, plain: { table, columns } }: Made,
  key: TableStatistics['foreignKeys'][number],
  made: ReadonlyMap<string, Made>,
  prototypes: Prototypes,
) {
  const referenced = made.get(qualified(key.referenced.schema, key.referenced.name))
  if (referenced === undefined || /\b(PERIOD|NOT ENFORCED)\b/.test(key.sql)) return null
  const keys = key.columns.map((name) => columns.findIndex((column) => column.name === name) + 1)
  const others = key.referenced.columns.map(
    (name) => referenced.plain.columns.findIndex((column) => column.name === name) + 1,
  )
  const index = referenced.indexes.find(
    ({ plain }) =>
      plain.index.isUnique &&
      plain.keys.length === others.length &&
      plain.keys.every(({ column }) => others.includes(column)),
  )
  if (index === undefined || keys.includes(0)) return null
  const targets = others.map(
    (column) => index.keys[index.plain.keys.findIndex((each) => each.column === column)]!,
  )
  const isSameType = targets.every(
    ({ typeOid }, place) => prototypes.column(columns[keys[place]! - 1]!)!.typeOid === typeOid,
  )
  if (!isSameType) return null
  return {
    relid: oid,
    schema: table.schema,
    name: key.name,
    keys: `{${keys.join(',')}}`,
    ref_relid: referenced.oid,
    ref_keys: `{${others.join(',')}}`,
    index: index.oid,
    on_delete: key.onDelete,
    on_update: key.onUpdate,
    operators: `{${targets.map(({ equals }) => equals).join(',')}}`,
  }
}
