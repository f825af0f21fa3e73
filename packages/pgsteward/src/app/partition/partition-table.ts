// A table partitioned by somebody at a terminal: what would be done, doing it, how far it is, taking it back, bringing it to its end.

import { type DraftMigration, draftMigration } from '../../maintain/partition/draft-migration.ts'
import { extendPartitions } from '../../maintain/partition/extend-partitions.ts'
import type { MigrationOptions, MigrationProgress } from '../../maintain/partition/migration-session.ts'
import { type Decision, queueLength, readState } from '../../maintain/partition/migration-state.ts'
import { type OutlinePhase, outline } from '../../maintain/partition/outline.ts'
import { type RunResult, runMigration } from '../../maintain/partition/run-migration.ts'
import { type EndResult, finishMigration, undoMigration } from '../../maintain/partition/undo-migration.ts'
import { StewardError } from '../../model/error.ts'
import type { GiveWayLimits, RelationRef } from '../../model/maintenance.ts'
import type { PartitionDesign, PartitionStep } from '../../model/partition.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import { openSession } from '../../postgres/connect.ts'

export type { MigrationProgress } from '../../maintain/partition/migration-session.ts'
export type { RunResult } from '../../maintain/partition/run-migration.ts'
export type { EndResult } from '../../maintain/partition/undo-migration.ts'

export interface PartitionPlan {
  readonly blockers: readonly string[]
  readonly cautions: readonly string[]
  readonly rows: number
  /** Of the table with indexes and TOAST: about what the copy takes beside it. */
  readonly sizeBytes: Bytes
  readonly partitions: number
  /** Empty where something stands against it. */
  readonly phases: readonly OutlinePhase[]
}

export interface PartitionStatus {
  readonly phase: string
  readonly key: string
  readonly step: PartitionDesign['step']
  readonly copied: number
  readonly beganAt: string
  readonly decision: Decision
  /** Changes not brought over, counted up to a million. */
  readonly queue: number
}

export interface PartitionRequest {
  readonly url: string
  readonly table: RelationRef
  readonly decision: Decision
  /** For how long it may work; what is not done then goes on with the next run. */
  readonly forMs: Milliseconds
  readonly signal: AbortSignal
  readonly onProgress: (progress: MigrationProgress) => void
}

/** As maintenance's defaults: others' work comes first. */
const LIMITS: GiveWayLimits = { blockedMs: 300, activeSessions: 20, replayLagMs: 30_000 }
const COUNTED = 1_000_000
const READ_WITHIN_MS: Milliseconds = 600_000

export async function planPartition(
  url: string,
  design: PartitionDesign,
  ahead: number,
): Promise<PartitionPlan> {
  const draft: DraftMigration = await reading(url, (session) =>
    draftMigration(session, design, ahead, new Date()),
  )
  const { migration, blockers, cautions, rows, sizeBytes } = draft
  const phases = blockers.length === 0 ? outline(migration) : []
  return { blockers, cautions, rows, sizeBytes, partitions: migration.ranges.length + 1, phases }
}

export function runPartition(
  request: PartitionRequest,
  design: PartitionDesign,
  over: { readonly ahead: number; readonly until: 'verified' | 'done' },
): Promise<RunResult> {
  return runMigration({ ...optionsOf(request), design, decision: request.decision, ...over })
}

export function undoPartition(request: PartitionRequest): Promise<EndResult> {
  return undoMigration(optionsOf(request))
}

export function finishPartition(request: PartitionRequest): Promise<EndResult> {
  return finishMigration(optionsOf(request))
}

/** Names of the partitions that were created. */
export function extendPartition(
  request: PartitionRequest,
  step: PartitionStep,
  ahead: number,
): Promise<readonly string[]> {
  return extendPartitions({ ...optionsOf(request), step, ahead })
}

/** Null: no migration of this table is under way. */
export function partitionStatus(url: string, table: RelationRef): Promise<PartitionStatus | null> {
  return reading(url, async (session) => {
    const state = await readState(session, table)
    if (state === null) return null
    const { key, step } = state.migration.design
    return {
      phase: state.phase,
      key: key.column,
      step,
      copied: state.copied,
      beganAt: state.beganAt.toISOString(),
      decision: state.decision,
      queue: await queueLength(session, state.migration.names.queue, COUNTED),
    }
  })
}

/** The decision is that of whoever started it, with a reason; it is kept in the target beside the work. */
function optionsOf({ url, table, decision, forMs, signal, onProgress }: PartitionRequest): MigrationOptions {
  if (decision.reason.trim() === '')
    throw new StewardError('usage', 'why?', {
      hint: '--reason "agreed in the review": it is kept beside the work.',
    })
  return {
    url,
    table,
    warrant: {
      decisionId: `${decision.actor}: ${decision.reason}`,
      until: new Date(Date.now() + forMs),
    },
    limits: LIMITS,
    now: () => new Date(),
    signal,
    onProgress,
  }
}

async function reading<T>(
  url: string,
  work: (session: Awaited<ReturnType<typeof openSession>>) => Promise<T>,
): Promise<T> {
  const session = await openSession(url, { purpose: 'partition plan', statementTimeoutMs: READ_WITHIN_MS })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
