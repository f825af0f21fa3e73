// Statements that make the shadow (a partitioned table like the original, empty) and what the migration needs beside it. Nothing in
// them waits for anybody who uses the table.

import type { PartitionDesign } from '../../model/partition.ts'
import { derivedName } from '../../sql/derived-name.ts'
import type { PartitionRange } from '../../sql/partition/ranges.ts'
import { ident, literal, qualified } from '../../sql/quote.ts'
import { primaryKeyOf, type TableDescription, type TableGrant, type TableIndex } from './describe-table.ts'
import { type MigrationNames, shadowName } from './names.ts'

export interface MigrationDesign {
  readonly names: MigrationNames
  readonly table: TableDescription
  readonly design: PartitionDesign
  readonly ranges: readonly PartitionRange[]
}

/** In one transaction, after the tables of `trackingStatements`. */
export function shadowStatements(migration: MigrationDesign): readonly string[] {
  const { names, table, design, ranges } = migration
  const shadow = qualified(names.shadow.schema, names.shadow.name)
  const original = qualified(table.schema, table.name)
  const primaryKey = primaryKeyOf(table)!
  const tablespace = table.tablespace === null ? '' : ` tablespace ${ident(table.tablespace)}`
  return [
    `create table ${shadow} (like ${original} including defaults including generated including identity including storage including compression including comments including constraints including statistics) partition by range (${ident(design.key.column)})${tablespace}`,
    `alter table ${shadow} add constraint ${ident(shadowName(primaryKey.name))} primary key (${wideKey(primaryKey, design).map(ident).join(', ')})`,
    ...ranges.map(
      ({ suffix, from, to }) =>
        `create table ${partitionName(migration, suffix)} partition of ${shadow} for values from (${literal(from)}) to (${literal(to)})${storage(table)}`,
    ),
    `create table ${partitionName(migration, 'default')} partition of ${shadow} default${storage(table)}`,
    ...partitionSuffixes(migration).flatMap((suffix) =>
      table.replicaIdentity === 'd'
        ? []
        : [
            `alter table ${partitionName(migration, suffix)} replica identity ${table.replicaIdentity === 'f' ? 'full' : 'nothing'}`,
          ],
    ),
    ...table.columns.flatMap(({ name, statistics, options }) => [
      ...(statistics === null
        ? []
        : [`alter table ${shadow} alter column ${ident(name)} set statistics ${statistics}`]),
      ...(options.length === 0
        ? []
        : [`alter table ${shadow} alter column ${ident(name)} set (${options.join(', ')})`]),
    ]),
    ...(table.comment === null ? [] : [`comment on table ${shadow} is ${literal(table.comment)}`]),
  ]
}

/** Grants of the table, on the shadow. What default privileges gave to it has been revoked before. */
export function grantStatements({ names, table }: MigrationDesign): readonly string[] {
  return table.grants.map((grant) =>
    grantText(grant, `table ${qualified(names.shadow.schema, names.shadow.name)}`),
  )
}

export function grantText({ grantee, privilege, isGrantable, column }: TableGrant, on: string): string {
  const what = column === null ? privilege : `${privilege} (${ident(column)})`
  return `grant ${what} on ${on} to ${grantee === null ? 'public' : ident(grantee)}${isGrantable ? ' with grant option' : ''}`
}

/** The primary key of the partitioned table: with the key, where the original's lacks it. */
export function wideKey(primaryKey: TableIndex, { key }: PartitionDesign): readonly string[] {
  const columns = primaryKey.columns.map((column) => column!)
  return columns.includes(key.column) ? columns : [...columns, key.column]
}

export function partitionSuffixes({ ranges }: Pick<MigrationDesign, 'ranges'>): readonly string[] {
  return [...ranges.map(({ suffix }) => suffix), 'default']
}

export function partitionName({ table }: Pick<MigrationDesign, 'table'>, suffix: string): string {
  return qualified(table.schema, derivedName(table.name, suffix))
}

/** Indexes that are carried over, the primary key aside. */
export function otherIndexes(table: TableDescription): readonly TableIndex[] {
  return table.indexes.filter(({ constraint, isValid }) => isValid && constraint?.type !== 'p')
}

/**
 * Of one index: on each partition, then on the shadow, which takes those for its own. Built after the rows are there: in a quarter of the
 * time, and the copying is not slowed by them. Each may be run again.
 */
export function indexStatements(migration: MigrationDesign, index: TableIndex): readonly string[] {
  const { names, table } = migration
  const unique = index.isUnique ? 'unique ' : ''
  const shadow = qualified(names.shadow.schema, names.shadow.name)
  const stem = index.name.startsWith(`${table.name}_`) ? index.name.slice(table.name.length + 1) : index.name
  return [
    ...partitionSuffixes(migration).map((suffix) => {
      const name = derivedName(derivedName(table.name, suffix), stem)
      return `create ${unique}index if not exists ${ident(name)} on ${partitionName(migration, suffix)} ${index.tail}`
    }),
    index.constraint === null
      ? `create ${unique}index if not exists ${ident(shadowName(index.name))} on ${shadow} ${index.tail}`
      : `alter table ${shadow} add constraint ${ident(shadowName(index.name))} ${index.constraint.definition}`,
  ]
}

/** Rows without index-only scans or estimates would be slower than before: partitions are vacuumed before they are used. */
export function statisticsStatements(migration: MigrationDesign): readonly string[] {
  const { shadow } = migration.names
  return [
    ...partitionSuffixes(migration).map((suffix) => `vacuum (analyze) ${partitionName(migration, suffix)}`),
    `analyze ${qualified(shadow.schema, shadow.name)}`,
  ]
}

function storage({ options, toastOptions }: TableDescription): string {
  const all = [...options, ...toastOptions.map((option) => `toast.${option}`)]
  return all.length === 0 ? '' : ` with (${all.map(optionText).join(', ')})`
}

/** `fillfactor=90`, as pg_class has it. */
function optionText(option: string): string {
  const at = option.indexOf('=')
  return `${option.slice(0, at)} = ${literal(option.slice(at + 1))}`
}
