// A migration from where it is to its end. Whatever ended it before, the next phase is told by what is kept in the target.

import { StewardError } from '../../model/error.ts'
import type { PartitionDesign } from '../../model/partition.ts'
import { openSession } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import { bringOver } from './bring-over.ts'
import { compareCopies } from './compare-copies.ts'
import { copyRows } from './copy-rows.ts'
import type { CopyPair } from './copy-sql.ts'
import { describeTable } from './describe-table.ts'
import { type DraftMigration, draftMigration, requireNoBlocker } from './draft-migration.ts'
import {
  type MigrationOptions,
  type MigrationSession,
  Stopped,
  withMigrationSession,
} from './migration-session.ts'
import { type Decision, keepPhase, type MigrationState, type Phase, readState } from './migration-state.ts'
import { shadowName } from './names.ts'
import { beginCapture, createShadow } from './prepare.ts'
import { indexStatements, type MigrationDesign, otherIndexes, statisticsStatements } from './prepare-sql.ts'
import { settleKeys } from './settle-keys.ts'
import type { ShortLocked } from './short-lock.ts'
import { swap } from './swap.ts'
import { adoptStatements, validateStatements } from './swap-sql.ts'

export interface RunRequest extends MigrationOptions {
  readonly design: PartitionDesign
  /** Partitions beyond the last key and now. */
  readonly ahead: number
  readonly decision: Decision
  /** 'verified': everything but the swap. */
  readonly until: 'verified' | 'done'
}

export interface RunResult {
  readonly phase: Phase
  /** False: stopped on the way; the next run goes on. */
  readonly isFinished: boolean
  readonly copied: number
  /** Rows that were compared by this run; null: it did not come to that. */
  readonly compared: number | null
  /** Of this run. */
  readonly swap: ShortLocked | null
}

/** Rejects with 'maintenance-refused' before anything is changed when something stands against it. */
export async function runMigration(request: RunRequest): Promise<RunResult> {
  const { known, draft, owner } = await lookFirst(request)
  if (known !== null) requireSame(known, request.design)
  else requireNoBlocker(draft!)
  let state: MigrationState | null = known
  let compared: number | null = null
  let swapped: ShortLocked | null = null
  const result = (isFinished: boolean): RunResult => ({
    phase: state?.phase ?? 'prepared',
    isFinished,
    copied: state?.copied ?? 0,
    compared,
    swap: swapped,
  })
  return withMigrationSession(request, owner, async (session) => {
    try {
      if (state === null) await createShadow(session, draft!.migration, request.decision)
      for (;;) {
        state = (await readState(session.working, request.table))!
        const { migration, phase } = state
        const pair = forwards(migration)
        await session.giveWay()
        if (phase === 'prepared') await beginCapture(session, migration)
        else if (phase === 'copying') await copyRows(session, state, pair, await rowsOf(session, migration))
        else if (phase === 'copied') await buildIndexes(session, migration, pair)
        else if (phase === 'indexed') await takeStatistics(session, migration)
        else if (phase === 'analyzed') {
          await bringOver(session, pair, 'verifying', 'all')
          compared = await compareCopies(session, pair, 'verifying', state.copied)
          await session.working.query('partition-phase', keepPhase(migration, 'verified'))
        } else if (phase === 'verified') {
          if (request.until === 'verified') return result(true)
          swapped = await swap(session, migration, pair)
        } else if (phase === 'swapped') {
          await settleKeys(
            session,
            migration.names.table,
            validateStatements(migration),
            adoptStatements(migration),
          )
          await session.working.query('partition-phase', keepPhase(migration, 'done'))
        } else if (phase === 'done') return result(true)
        else throw beingUndone(migration)
      }
    } catch (error) {
      if (error instanceof Stopped) return result(false)
      throw error
    }
  })
}

/** The partitioned table as the copy. */
export function forwards({ names, table }: MigrationDesign): CopyPair {
  return { table, from: names.table, to: names.shadow, queue: names.queue }
}

/** After the swap: the table that was replaced as the copy. */
export function backwards({ names, table }: MigrationDesign): CopyPair {
  return { table, from: names.table, to: names.before, queue: names.queue }
}

/** Read only. */
async function lookFirst({ url, table, design, ahead, now }: RunRequest): Promise<{
  readonly known: MigrationState | null
  readonly draft: DraftMigration | null
  readonly owner: string
}> {
  const session = await openSession(url, { purpose: 'partition plan', statementTimeoutMs: 600_000 })
  try {
    const known = await readState(session, table)
    if (known !== null) return { known, draft: null, owner: (await describeTable(session, table)).owner }
    const draft = await draftMigration(session, design, ahead, now())
    return { known, draft, owner: draft.migration.table.owner }
  } finally {
    await session.close()
  }
}

function requireSame({ migration }: MigrationState, wanted: PartitionDesign): void {
  const { key, step, table } = migration.design
  if (key.column === wanted.key.column && JSON.stringify(step) === JSON.stringify(wanted.step)) return
  throw new StewardError(
    'maintenance-refused',
    `another migration of ${qualified(table.schema, table.name)} is under way`,
    {
      detail: `It divides by ${key.column}, ${step.by === 'time' ? `every ${step.every}` : `size ${step.size}`}.`,
      hint: 'Go on with that one, or undo it first: pgsteward partition undo.',
    },
  )
}

function beingUndone({ names }: MigrationDesign): StewardError {
  return new StewardError(
    'maintenance-refused',
    `the migration of ${qualified(names.table.schema, names.table.name)} is being undone`,
    { hint: 'Let that come to its end first: pgsteward partition undo.' },
  )
}

async function rowsOf({ working }: MigrationSession, { names }: MigrationDesign): Promise<number> {
  const { rows } = await working.query(
    'partition-rows',
    'select greatest(c.reltuples, 0)::float8 as rows from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass($1)',
    [qualified(names.table.schema, names.table.name)],
  )
  return rows[0]!.rows as number
}

async function buildIndexes(
  session: MigrationSession,
  migration: MigrationDesign,
  pair: CopyPair,
): Promise<void> {
  const { working, tell, giveWay } = session
  const indexes = otherIndexes(migration.table)
  for (const [at, index] of indexes.entries()) {
    if (await isBuilt(session, migration, index.name)) continue
    const statements = indexStatements(migration, index)
    for (const [partition, sql] of statements.entries()) {
      await giveWay()
      tell(
        'indexing',
        `builds ${index.name} (${at + 1} of ${indexes.length}), partition ${partition + 1} of ${statements.length}`,
      )
      await working.query('partition-index', sql)
    }
    await bringOver(session, pair, 'indexing', 'all')
  }
  await working.query('partition-phase', keepPhase(migration, 'indexed'))
}

/** A constraint has no IF NOT EXISTS. */
async function isBuilt(
  { working }: MigrationSession,
  { names }: MigrationDesign,
  index: string,
): Promise<boolean> {
  const { rows } = await working.query(
    'partition-index',
    `select exists (select from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
                     where x.indrelid = pg_catalog.to_regclass($1) and i.relname = $2 and x.indisvalid) as is_built`,
    [qualified(names.shadow.schema, names.shadow.name), shadowName(index)],
  )
  return rows[0]!.is_built === true
}

async function takeStatistics(session: MigrationSession, migration: MigrationDesign): Promise<void> {
  const { working, tell, giveWay } = session
  const statements = statisticsStatements(migration)
  for (const [at, sql] of statements.entries()) {
    await giveWay()
    tell('analyzing', `vacuums and analyzes partition ${at + 1} of ${statements.length}`)
    await working.query('partition-statistics', sql)
  }
  await working.query('partition-phase', keepPhase(migration, 'analyzed'))
}
