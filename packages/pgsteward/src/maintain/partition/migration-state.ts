// How far a migration is, kept in the target itself, in the transactions that do its work: whatever is killed, what is kept is what is done.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import type { PartitionDesign } from '../../model/partition.ts'
import type { Session } from '../../postgres/connect.ts'
import type { PartitionRange } from '../../sql/partition/ranges.ts'
import { qualified } from '../../sql/quote.ts'
import type { Position } from './copy-sql.ts'
import type { TableDescription } from './describe-table.ts'
import { migrationNames } from './names.ts'
import type { MigrationDesign } from './prepare-sql.ts'

/**
 * prepared: the shadow is there. copying: changes are kept account of, rows are copied. copied, indexed, analyzed, verified: so far. swapped:
 * the partitioned table has the table's name. done: its foreign keys are proven. undone: the original is back, its foreign keys unproven.
 */
export const PHASES = [
  'prepared',
  'copying',
  'copied',
  'indexed',
  'analyzed',
  'verified',
  'swapped',
  'done',
  'undone',
] as const
export type Phase = (typeof PHASES)[number]

export interface Decision {
  readonly actor: string
  readonly reason: string
}

export interface MigrationState {
  readonly phase: Phase
  readonly migration: MigrationDesign
  readonly position: Position
  /** Rows, by the copying alone. */
  readonly copied: number
  readonly beganAt: Date
  readonly decision: Decision
}

export interface KeptDesign {
  readonly table: TableDescription
  readonly design: PartitionDesign
  readonly ranges: readonly PartitionRange[]
}

/** Null: none is under way for this table. */
export async function readState(
  session: Pick<Session, 'query'>,
  table: RelationRef,
): Promise<MigrationState | null> {
  const names = migrationNames(table)
  const state = qualified(names.state.schema, names.state.name)
  const { rows: found } = await session.query(
    'partition-state',
    'select pg_catalog.to_regclass($1) is not null as is_there',
    [state],
  )
  if (found[0]!.is_there !== true) return null
  const { rows } = await session.query(
    'partition-state',
    `select phase, migration, position, copied::text as copied, began_at, decision from ${state}`,
  )
  const [raw] = rows
  if (raw === undefined)
    throw new StewardError('maintenance-refused', `${state} is empty`, {
      detail: 'It is where a migration keeps how far it is.',
      hint: `Drop it, if it is not yours: drop table ${state}`,
    })
  return {
    phase: raw.phase as Phase,
    migration: { names, ...(raw.migration as KeptDesign) },
    position: raw.position as Position,
    copied: Number(raw.copied),
    beganAt: raw.began_at as Date,
    decision: raw.decision as Decision,
  }
}

/** A statement, for the transaction that does what it says. */
export function keepPhase({ names }: MigrationDesign, phase: Phase): string {
  return `update ${qualified(names.state.schema, names.state.name)} set phase = '${phase}', changed_at = pg_catalog.now()`
}

/** Rows of the queue, up to `most`: a long one is not counted to its end. */
export async function queueLength(
  session: Pick<Session, 'query'>,
  queue: RelationRef,
  most: number,
): Promise<number> {
  const { rows } = await session.query(
    'partition-queue',
    `select pg_catalog.count(*)::int as length from (select from ${qualified(queue.schema, queue.name)} limit $1) q`,
    [most],
  )
  return rows[0]!.length as number
}
