// What stands against a migration, told before anything is changed, and what changes for those who use the table.

import type { PartitionDesign } from '../../model/partition.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { primaryKeyOf, type TableDescription } from './describe-table.ts'

/** Sentences. */
export interface Objections {
  /** Each forbids it. */
  readonly blockers: readonly string[]
  readonly cautions: readonly string[]
}

/** Types of a key by time, and by number. */
const TIME_TYPE = /^(date|timestamp(\(\d\))? with(out)? time zone)$/
const NUMBER_TYPE = /^(smallint|integer|bigint)$/

export function objections(table: TableDescription, design: PartitionDesign): Objections {
  return {
    blockers: [
      ...ofTheTable(table),
      ...ofTheKey(table, design),
      ...ofIndexes(table, design),
      ...ofUse(table),
    ],
    cautions: cautions(table, design),
  }
}

function ofTheTable(table: TableDescription): readonly string[] {
  const name = qualified(table.schema, table.name)
  const found: string[] = []
  if (table.kind === 'p') found.push(`${name} is partitioned already.`)
  if (table.kind === 'f') found.push(`${name} is a foreign table: its rows are elsewhere.`)
  if (table.persistence !== 'p')
    found.push(`${name} is ${table.persistence === 'u' ? 'unlogged' : 'temporary'}: make it permanent first.`)
  if (table.kind !== 'p' && table.isInherited)
    found.push(`${name} inherits from another table, or another from it.`)
  if (!table.isOurs)
    found.push(
      `The role is not the owner of ${name}: grant ${ident(table.owner)} to it, or come as that role.`,
    )
  if (!table.ownerMayCreate)
    found.push(
      `The owner of ${name} may not create tables beside it: grant create on schema ${ident(table.schema)} to ${ident(table.owner)}.`,
    )
  if (table.forcesRowSecurity)
    found.push(`Row security of ${name} is forced on its owner, who has to see every row to copy it.`)
  if (table.replicaIdentity === 'i')
    found.push(`The replica identity of ${name} is an index: change it to DEFAULT or FULL first.`)
  return found
}

function ofTheKey(table: TableDescription, { key, step }: PartitionDesign): readonly string[] {
  const column = table.columns.find(({ name }) => name === key.column)
  if (column === undefined)
    return [
      `There is no column ${key.column}: there are ${table.columns.map(({ name }) => name).join(', ')}.`,
    ]
  const found: string[] = []
  const fitting = step.by === 'time' ? TIME_TYPE : NUMBER_TYPE
  if (!fitting.test(column.type))
    found.push(
      step.by === 'time'
        ? `Column ${key.column} is ${column.type}: a step of time needs a date or a timestamp.`
        : `Column ${key.column} is ${column.type}: a step of a size needs an integer.`,
    )
  if (!column.isNotNull)
    found.push(
      `Column ${key.column} may be null, and the key is part of the primary key: alter table ${qualified(table.schema, table.name)} alter column ${ident(key.column)} set not null first.`,
    )
  if (column.isGenerated) found.push(`Column ${key.column} is generated: such a column can't be the key.`)
  return found
}

function ofIndexes(table: TableDescription, { key }: PartitionDesign): readonly string[] {
  const found: string[] = []
  const primaryKey = primaryKeyOf(table)
  if (primaryKey === null)
    found.push('It has no primary key, by which rows are told from one another while they are copied.')
  if (primaryKey !== null && /\bDEFERRABLE\b/.test(primaryKey.constraint!.definition))
    found.push(`Its primary key ${primaryKey.name} is deferrable.`)
  for (const index of table.indexes) {
    if (index.constraint?.type === 'x')
      found.push(`Exclusion constraint ${index.name} would hold within each partition alone.`)
    else if (index !== primaryKey && index.isUnique && !index.columns.includes(key.column))
      found.push(
        `${index.constraint === null ? 'Unique index' : 'Unique constraint'} ${index.name} (${index.columns.map((column) => column ?? 'expression').join(', ')}) lacks the key: a partitioned table can't keep it. Drop it, or add ${key.column} to it, first.`,
      )
  }
  return found
}

function ofUse(table: TableDescription): readonly string[] {
  const notLocal = table.checks.filter(({ isLocal }) => isLocal).map(({ name }) => name)
  const notValid = table.checks.filter(({ isValid }) => !isValid).map(({ name }) => name)
  const each = (names: readonly string[], sentence: (list: string) => string) =>
    names.length === 0 ? [] : [sentence(names.join(', '))]
  return [
    ...each(
      table.incoming,
      (list) => `Foreign keys of ${list} refer to it, by columns that are no longer unique alone.`,
    ),
    ...each(table.dependents, (list) => `Bound to the table itself, not to its name: ${list}.`),
    ...each(table.publications, (list) => `It is published by ${list}: subscribers would lose it.`),
    ...each(notLocal, (list) => `Checks are NO INHERIT, which a partitioned table can't have: ${list}.`),
    ...each(notValid, (list) => `Checks are NOT VALID: validate them first: ${list}.`),
    ...each(
      table.foreignKeys.filter(({ isValid }) => !isValid).map(({ name }) => name),
      (list) => `Foreign keys are NOT VALID: validate them first: ${list}.`,
    ),
    ...each(
      table.foreignKeys.filter(({ mayReference }) => !mayReference).map(({ name }) => name),
      (list) => `The owner may not make its foreign keys anew: grant references on their tables: ${list}.`,
    ),
    ...each(
      table.triggers.filter(({ isRowWithTransition }) => isRowWithTransition).map(({ name }) => name),
      (list) => `Row triggers have transition tables, which partitions can't have: ${list}.`,
    ),
  ]
}

function cautions(table: TableDescription, { key }: PartitionDesign): readonly string[] {
  const primaryKey = primaryKeyOf(table)
  const found: string[] = []
  if (primaryKey !== null && !primaryKey.columns.includes(key.column)) {
    const columns = primaryKey.columns.map((column) => ident(column!)).join(', ')
    const wider = `${columns}, ${ident(key.column)}`
    found.push(
      `The primary key becomes (${wider}): (${columns}) alone is no longer held unique.`,
      `ON CONFLICT (${columns}) has to name (${wider}), or it fails after the swap.`,
      `A Prisma model needs @@id of the fields of (${wider}) in place of @id, and a lookup by (${columns}) becomes findFirst.`,
    )
  }
  const invalid = table.indexes.filter(({ isValid }) => !isValid).map(({ name }) => name)
  if (invalid.length > 0) found.push(`Invalid indexes are left behind: ${invalid.join(', ')}.`)
  return found
}
