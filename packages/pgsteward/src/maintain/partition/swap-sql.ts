// Statements that put the shadow in the table's place, and the table back into it. Each list runs in one transaction that holds the tables
// locked: catalogs alone are written, so it takes milliseconds whatever the size.

import type { RelationRef } from '../../model/maintenance.ts'
import { ident, literal, qualified } from '../../sql/quote.ts'
import { captureStatements, uncaptureStatements } from './capture-sql.ts'
import { primaryKeyOf, type TableDescription, type TableTrigger } from './describe-table.ts'
import { beforeName, shadowName } from './names.ts'
import {
  grantText,
  type MigrationDesign,
  otherIndexes,
  partitionName,
  partitionSuffixes,
} from './prepare-sql.ts'

/** Where each identity column of the table gets its values from, and where that of its twin does. */
export interface TwinSequence {
  readonly column: string
  readonly from: RelationRef
  readonly to: RelationRef
}

/** Columns whose sequences are the table's own (identity): its twin has others. */
export function twinSequences(from: TableDescription, to: TableDescription): readonly TwinSequence[] {
  return from.columns.flatMap(({ name, isIdentity, sequence }) => {
    const twin = to.columns.find((column) => column.name === name)?.sequence ?? null
    return isIdentity && sequence !== null && twin !== null
      ? [{ column: name, from: sequence, to: twin }]
      : []
  })
}

/** After the table is locked and the queue is empty. `sequences`: from the table's to the shadow's. */
export function swapStatements(
  migration: MigrationDesign,
  sequences: readonly TwinSequence[],
): readonly string[] {
  const { names, table } = migration
  const original = qualified(names.table.schema, names.table.name)
  const shadow = qualified(names.shadow.schema, names.shadow.name)
  return [
    ...uncaptureStatements(names.table),
    `alter table ${original} disable trigger user`,
    // or a row that is deleted from the new table would still be referred from the old one
    ...table.foreignKeys.map(({ name }) => `alter table ${original} drop constraint ${ident(name)}`),
    ...carriedIndexes(table).map((name) => renameIndex(names.table.schema, name, beforeName(name))),
    ...sequences.flatMap(({ from, to }) => [
      `alter sequence ${qualified(from.schema, from.name)} rename to ${ident(beforeName(from.name))}`,
      carryOn({ schema: from.schema, name: beforeName(from.name) }, to),
      `alter sequence ${qualified(to.schema, to.name)} rename to ${ident(from.name)}`,
    ]),
    `alter table ${original} rename to ${ident(names.before.name)}`,
    `alter table ${shadow} rename to ${ident(names.table.name)}`,
    ...carriedIndexes(table).map((name) => renameIndex(names.table.schema, shadowName(name), name)),
    ...ownSequences(table, sequences).map(({ column, sequence }) => ownedBy(sequence, original, column)),
    ...sequences.flatMap(({ column, from }) =>
      table.columns
        .find(({ name }) => name === column)!
        .sequenceGrants.map((grant) => grantText(grant, `sequence ${qualified(from.schema, from.name)}`)),
    ),
    ...table.foreignKeys.flatMap(({ name, definition }) =>
      partitionSuffixes(migration).map(
        (suffix) =>
          `alter table ${partitionName(migration, suffix)} add constraint ${ident(name)} ${definition} not valid`,
      ),
    ),
    ...table.triggers.map(({ definition }) => definition),
    ...triggerStates(original, table.triggers),
    ...rowSecurity(original, table),
    ...table.indexes.flatMap(({ name, comment, isValid }) =>
      comment === null || !isValid
        ? []
        : [`comment on index ${qualified(table.schema, name)} is ${literal(comment)}`],
    ),
    // from here on the table that was replaced is the copy
    ...captureStatements(names, names.table),
  ]
}

/** After both are locked and the queue is empty. `sequences`: from the partitioned table's to the original's. */
export function swapBackStatements(
  migration: MigrationDesign,
  sequences: readonly TwinSequence[],
): readonly string[] {
  const { names, table } = migration
  const original = qualified(names.table.schema, names.table.name)
  const before = qualified(names.before.schema, names.before.name)
  return [
    ...sequences.flatMap(({ from, to }) => [
      `alter sequence ${qualified(from.schema, from.name)} rename to ${ident(shadowName(from.name))}`,
      carryOn({ schema: from.schema, name: shadowName(from.name) }, to),
    ]),
    ...ownSequences(table, sequences).map(({ column, sequence }) => ownedBy(sequence, before, column)),
    `drop table ${original}`,
    `alter table ${before} rename to ${ident(names.table.name)}`,
    ...carriedIndexes(table).map((name) => renameIndex(names.table.schema, beforeName(name), name)),
    ...sequences.map(
      ({ from, to }) => `alter sequence ${qualified(to.schema, to.name)} rename to ${ident(from.name)}`,
    ),
    ...table.foreignKeys.map(
      ({ name, definition }) =>
        `alter table ${original} add constraint ${ident(name)} ${definition} not valid`,
    ),
    ...triggerStates(original, table.triggers, true),
  ]
}

/** After the swap: keys that hold for new rows are proven for those that were copied. Reading and writing go on. */
export function validateStatements(migration: MigrationDesign): readonly string[] {
  return migration.table.foreignKeys.flatMap(({ name }) =>
    partitionSuffixes(migration).map(
      (suffix) => `alter table ${partitionName(migration, suffix)} validate constraint ${ident(name)}`,
    ),
  )
}

/** Then the partitioned table takes them for its own, so that later partitions get them, too. Nothing is read for it. */
export function adoptStatements({ names, table }: MigrationDesign): readonly string[] {
  return table.foreignKeys.map(
    ({ name, definition }) =>
      `alter table ${qualified(names.table.schema, names.table.name)} add constraint ${ident(name)} ${definition}`,
  )
}

function carriedIndexes(table: TableDescription): readonly string[] {
  return [primaryKeyOf(table)!, ...otherIndexes(table)].map(({ name }) => name)
}

/** Of a constraint, too: it goes by its index's name. */
function renameIndex(schema: string, from: string, to: string): string {
  return `alter index ${qualified(schema, from)} rename to ${ident(to)}`
}

/** Sequences of serial columns: there is one, and it changes hands. */
function ownSequences(
  table: TableDescription,
  twins: readonly TwinSequence[],
): readonly { readonly column: string; readonly sequence: RelationRef }[] {
  return table.columns.flatMap(({ name, sequence }) =>
    sequence === null || twins.some(({ column }) => column === name) ? [] : [{ column: name, sequence }],
  )
}

function ownedBy(sequence: RelationRef, table: string, column: string): string {
  return `alter sequence ${qualified(sequence.schema, sequence.name)} owned by ${table}.${ident(column)}`
}

/** Renaming has locked it: nobody draws a number meanwhile that would be drawn again. */
function carryOn(from: RelationRef, to: RelationRef): string {
  return `select pg_catalog.setval(${literal(qualified(to.schema, to.name))}::pg_catalog.regclass, s.last_value, s.is_called) from ${qualified(from.schema, from.name)} s`
}

function triggerStates(
  table: string,
  triggers: readonly TableTrigger[],
  isDisabled = false,
): readonly string[] {
  const words = { O: 'enable', D: 'disable', R: 'enable replica', A: 'enable always' } as const
  return triggers
    .filter(({ enabled }) => enabled !== (isDisabled ? 'D' : 'O'))
    .map(({ name, enabled }) => `alter table ${table} ${words[enabled]} trigger ${ident(name)}`)
}

function rowSecurity(table: string, { policies, hasRowSecurity }: TableDescription): readonly string[] {
  return [
    ...policies.map(
      ({ name, isPermissive, command, roles, using, check }) =>
        `create policy ${ident(name)} on ${table} as ${isPermissive ? 'permissive' : 'restrictive'} for ${command} to ${roles.length === 0 ? 'public' : roles.map(ident).join(', ')}${using === null ? '' : ` using (${using})`}${check === null ? '' : ` with check (${check})`}`,
    ),
    ...(hasRowSecurity ? [`alter table ${table} enable row level security`] : []),
  ]
}
