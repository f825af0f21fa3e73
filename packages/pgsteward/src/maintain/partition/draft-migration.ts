// What a migration would do, worked out from the target without changing it.

import { StewardError } from '../../model/error.ts'
import type { PartitionDesign } from '../../model/partition.ts'
import type { Bytes } from '../../model/units.ts'
import type { Session } from '../../postgres/connect.ts'
import { type KeyExtent, MOST_PARTITIONS, partitionRanges } from '../../sql/partition/ranges.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { type Objections, objections } from './blockers.ts'
import { describeTable } from './describe-table.ts'
import { migrationNames } from './names.ts'
import type { MigrationDesign } from './prepare-sql.ts'

export interface DraftMigration extends Objections {
  readonly migration: MigrationDesign
  /** As the planner knows it. */
  readonly rows: number
  /** With indexes and TOAST: about what the copy needs beside it until `finish`. */
  readonly sizeBytes: Bytes
}

/** Reads the smallest and the largest key: from an index where there is one, else the whole table. */
export async function draftMigration(
  session: Pick<Session, 'query'>,
  wanted: PartitionDesign,
  ahead: number,
  now: Date,
): Promise<DraftMigration> {
  const table = await describeTable(session, wanted.table)
  const type = table.columns.find(({ name }) => name === wanted.key.column)?.type ?? wanted.key.type
  const design: PartitionDesign = { ...wanted, key: { ...wanted.key, type } }
  const found = objections(table, design)
  const { rows } = await session.query(
    'partition-size',
    `select greatest(c.reltuples, 0)::float8 as rows, pg_catalog.pg_total_relation_size(c.oid)::float8 as bytes
       from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass($1)`,
    [qualified(table.schema, table.name)],
  )
  const size = rows[0]!
  const isReadable = found.blockers.length === 0
  const ranges = isReadable
    ? partitionRanges(design.step, type, await keyExtent(session, design), now, ahead)
    : []
  return {
    migration: { names: migrationNames(wanted.table), table, design, ranges: ranges ?? [] },
    rows: size.rows as number,
    sizeBytes: size.bytes as number,
    blockers:
      ranges === null
        ? [`Its rows span more than ${MOST_PARTITIONS} partitions of this step: take a longer one.`]
        : found.blockers,
    cautions: found.cautions,
  }
}

/** Throws 'maintenance-refused' with every blocker. */
export function requireNoBlocker({ migration, blockers }: DraftMigration): void {
  if (blockers.length === 0) return
  const { schema, name } = migration.names.table
  throw new StewardError('maintenance-refused', `${qualified(schema, name)} can't be partitioned online`, {
    detail: blockers.join(' '),
    hint: 'Nothing was changed.',
  })
}

/** Infinite times are left to the default partition. */
async function keyExtent(
  session: Pick<Session, 'query'>,
  { table, key, step }: PartitionDesign,
): Promise<KeyExtent | null> {
  const column = ident(key.column)
  const value = (which: 'min' | 'max') =>
    step.by === 'number'
      ? `pg_catalog.${which}(${column})::text`
      : `pg_catalog.floor(extract(epoch from pg_catalog.${which}(${column})) * 1000)::bigint::text`
  const finite = step.by === 'number' ? '' : ` where ${column} > '-infinity' and ${column} < 'infinity'`
  const { rows } = await session.query(
    'partition-extent',
    `select ${value('min')} as min, ${value('max')} as max from ${qualified(table.schema, table.name)}${finite}`,
  )
  const { min, max } = rows[0]!
  return min === null || max === null ? null : { min: BigInt(min as string), max: BigInt(max as string) }
}
