// Makes a schema's plain tables, indexes and keys by a dozen statements, whatever their number: rows in the catalogs, copied from
// prototypes. DDL makes them one by one, at two to four milliseconds each on PGlite.
// Left away is what no plan reads: dependencies, names of not-null constraints, triggers behind foreign keys, TOAST tables.

import type { TwinHost } from '../hosts/host.ts'
import { EMPTY_FILE } from '../statistics/load-sizes.ts'
import type { StatisticsFile } from '../statistics/statistics-file.ts'
import { type CatalogCopier, catalogCopier, type Insertion, insertAll } from './catalog-copies.ts'
import { type PlainRows, plainRows } from './plain-rows.ts'
import { plainTables } from './plain-tables.ts'
import { makePrototypes, type Prototypes } from './prototypes.ts'

/** Below this DDL is as fast. */
const WORTH_IT = 5

const CATALOGS = [
  'pg_class',
  'pg_type',
  'pg_attribute',
  'pg_attrdef',
  'pg_depend',
  'pg_index',
  'pg_constraint',
]

export const NOTHING_INSERTED: PlainRows['made'] = {
  tables: new Set(),
  indexes: new Set(),
  foreignKeys: new Set(),
}

/**
 * All or nothing: when the host refuses any of it (a name that is taken, a catalog of another form), nothing was made and DDL remains.
 * Schemas, types, sequences and functions must be there already.
 */
export async function insertPlainTables(host: TwinHost, file: StatisticsFile): Promise<PlainRows['made']> {
  const plain = plainTables(file)
  if (plain.length < WORTH_IT) return NOTHING_INSERTED
  const prototypes = await makePrototypes(host, plain)
  const copier = await catalogCopier(host, CATALOGS)
  const rows = plainRows(plain, prototypes)
  return (await insertAll(host, insertionsOf(copier, prototypes, rows))) ? rows.made : NOTHING_INSERTED
}

const NAMED = 'join pg_catalog.pg_namespace n on n.nspname = v.schema'
const OF_COLUMN = { relid: 'oid', number: 'int2', proto: 'oid', proto_number: 'int2' }
const OF_INDEX = {
  ...{ oid: 'oid', relid: 'oid', schema: 'name', name: 'name', natts: 'int2', nkeys: 'int2' },
  ...{
    is_unique: 'bool',
    is_primary: 'bool',
    keys: 'text',
    collations: 'text',
    classes: 'text',
    options: 'text',
  },
}
const OF_KEY = { oid: 'oid', relid: 'oid', schema: 'name', name: 'name', keys: 'int2[]', index: 'oid' }

function insertionsOf({ insert }: CatalogCopier, prototypes: Prototypes, rows: PlainRows): Insertion[] {
  const tables = {
    fields: {
      ...{ oid: 'oid', type_oid: 'oid', array_oid: 'oid', schema: 'name', name: 'name', natts: 'int2' },
      ...{ has_index: 'bool', has_triggers: 'bool' },
    },
    rows: rows.tables,
  }
  const indexes = { fields: OF_INDEX, rows: rows.indexes }
  const prototype = (catalog: string, condition: string) =>
    `${NAMED} join pg_catalog.${catalog} p on ${condition}`
  const column = 'join pg_catalog.pg_attribute p on p.attrelid = v.proto and p.attnum = v.proto_number'
  return [
    insert('pg_class', tables, prototype('pg_class', `p.oid = ${prototypes.table}`), {
      ...{ oid: 'v.oid', relname: 'v.name', relnamespace: 'n.oid', reltype: 'v.type_oid' },
      ...{ relfilenode: String(EMPTY_FILE), relnatts: 'v.natts' },
      ...{ relhasindex: 'v.has_index', relhastriggers: 'v.has_triggers' },
    }),
    insert('pg_type', tables, prototype('pg_type', `p.typrelid = ${prototypes.table}`), {
      ...{ oid: 'v.type_oid', typname: 'v.name', typnamespace: 'n.oid' },
      ...{ typrelid: 'v.oid', typarray: 'v.array_oid' },
    }),
    insert(
      'pg_type',
      tables,
      prototype(
        'pg_type',
        `p.oid = (select t.typarray from pg_catalog.pg_type t where t.typrelid = ${prototypes.table})`,
      ),
      // nobody names it: it is written as the row type's name and []
      { oid: 'v.array_oid', typname: "'_' || v.array_oid", typnamespace: 'n.oid', typelem: 'v.type_oid' },
    ),
    insert(
      'pg_attribute',
      { fields: { ...OF_COLUMN, name: 'name', not_null: 'bool' }, rows: rows.columns },
      column,
      { attrelid: 'v.relid', attnum: 'v.number', attname: 'v.name', attnotnull: 'v.not_null' },
    ),
    insert(
      'pg_attribute',
      tables,
      `join pg_catalog.pg_attribute p on p.attrelid = ${prototypes.table} and p.attnum < 0`,
      { attrelid: 'v.oid' },
    ),
    insert(
      'pg_attrdef',
      { fields: { ...OF_COLUMN, oid: 'oid' }, rows: rows.defaults },
      'join pg_catalog.pg_attrdef p on p.adrelid = v.proto and p.adnum = v.proto_number',
      { oid: 'v.oid', adrelid: 'v.relid', adnum: 'v.number' },
    ),
    // the sequence behind an identity column is found by its dependency; columns of one type share one
    insert(
      'pg_depend',
      { fields: OF_COLUMN, rows: rows.identities },
      `join pg_catalog.pg_depend p on p.classid = 1259 and p.refclassid = 1259 and p.refobjid = v.proto
         and p.refobjsubid = v.proto_number and p.deptype = 'i'`,
      { refobjid: 'v.relid', refobjsubid: 'v.number' },
    ),
    insert('pg_class', indexes, prototype('pg_class', `p.oid = ${prototypes.index}`), {
      ...{ oid: 'v.oid', relname: 'v.name', relnamespace: 'n.oid' },
      ...{ relfilenode: String(EMPTY_FILE), relnatts: 'v.natts' },
    }),
    insert(
      'pg_attribute',
      { fields: { ...OF_COLUMN, name: 'name', is_key: 'bool' }, rows: rows.indexColumns },
      column,
      {
        ...{ attrelid: 'v.relid', attnum: 'v.number', attname: 'v.name', attnotnull: 'false' },
        ...{ atthasdef: 'false', attidentity: "''", attgenerated: "''" },
        attcollation: 'case when v.is_key then p.attcollation else 0 end',
      },
    ),
    insert('pg_index', indexes, `join pg_catalog.pg_index p on p.indexrelid = ${prototypes.index}`, {
      ...{ indexrelid: 'v.oid', indrelid: 'v.relid', indnatts: 'v.natts', indnkeyatts: 'v.nkeys' },
      ...{ indisunique: 'v.is_unique', indisprimary: 'v.is_primary', indkey: 'v.keys::int2vector' },
      ...{ indcollation: 'v.collations::oidvector', indclass: 'v.classes::oidvector' },
      ...{ indoption: 'v.options::int2vector' },
    }),
    insert(
      'pg_constraint',
      { fields: { ...OF_KEY, kind: '"char"' }, rows: rows.keys },
      prototype('pg_constraint', `p.conrelid = ${prototypes.table} and p.contype = 'p'`),
      {
        ...{ oid: 'v.oid', conname: 'v.name', connamespace: 'n.oid', contype: 'v.kind' },
        ...{ conrelid: 'v.relid', conindid: 'v.index', conkey: 'v.keys' },
      },
    ),
    insert(
      'pg_constraint',
      {
        fields: {
          ...{ ...OF_KEY, ref_relid: 'oid', ref_keys: 'int2[]', operators: 'oid[]' },
          ...{ on_delete: '"char"', on_update: '"char"' },
        },
        rows: rows.foreignKeys,
      },
      prototype('pg_constraint', `p.conrelid = ${prototypes.table} and p.contype = 'f'`),
      {
        ...{
          oid: 'v.oid',
          conname: 'v.name',
          connamespace: 'n.oid',
          conrelid: 'v.relid',
          conindid: 'v.index',
        },
        ...{ confdeltype: 'v.on_delete', confupdtype: 'v.on_update' },
        ...{ confrelid: 'v.ref_relid', conkey: 'v.keys', confkey: 'v.ref_keys' },
        ...{ conpfeqop: 'v.operators', conppeqop: 'v.operators', conffeqop: 'v.operators' },
      },
    ),
  ].filter((each) => each !== null)
}
