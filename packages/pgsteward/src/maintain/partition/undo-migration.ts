// A migration taken back, or brought to its end. Before the swap whatever is ours goes; after it the table that was replaced takes in what
// changed since, is compared, and gets its name back.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import { openSession } from '../../postgres/connect.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { bringOver } from './bring-over.ts'
import { uncaptureStatements } from './capture-sql.ts'
import { compareCopies } from './compare-copies.ts'
import { describeTable } from './describe-table.ts'
import {
  type MigrationOptions,
  type MigrationSession,
  Stopped,
  withMigrationSession,
} from './migration-session.ts'
import { type MigrationState, type Phase, readState } from './migration-state.ts'
import type { MigrationDesign } from './prepare-sql.ts'
import { backwards } from './run-migration.ts'
import { settleKeys } from './settle-keys.ts'
import { type ShortLocked, withShortLock } from './short-lock.ts'
import { swapBack } from './swap.ts'

export interface EndResult {
  /** How far it had come. */
  readonly from: Phase
  readonly isFinished: boolean
  /** Rows compared before the names changed back; null: nothing had been swapped. */
  readonly compared: number | null
  readonly swap: ShortLocked | null
}

/** Rejects with 'maintenance-refused' when there is nothing to undo. */
export async function undoMigration(options: MigrationOptions): Promise<EndResult> {
  return ending(options, async (session, { phase, migration, copied }) => {
    let compared: number | null = null
    let swapped: ShortLocked | null = null
    let now = phase
    if (phase === 'swapped' || phase === 'done') {
      const pair = backwards(migration)
      await bringOver(session, pair, 'undoing', 'all')
      compared = await compareCopies(session, pair, 'undoing', copied)
      swapped = await swapBack(session, migration, pair)
      now = 'undone'
    }
    if (now === 'undone') {
      await settleKeys(session, migration.names.table, validateOriginal(migration), [])
      await drop(session, migration, [])
    } else await drop(session, migration, [migration.names.shadow])
    return { compared, swap: swapped }
  })
}

/** The table that was replaced is dropped, and with it the way back. */
export async function finishMigration(options: MigrationOptions): Promise<EndResult> {
  return ending(options, async (session, { phase, migration }) => {
    if (phase !== 'done')
      throw new StewardError(
        'maintenance-refused',
        `the migration of ${qualified(options.table.schema, options.table.name)} is not done`,
        {
          detail: `It is at "${phase}".`,
          hint: 'Run it to its end first: pgsteward partition run.',
        },
      )
    await drop(session, migration, [migration.names.before])
    return { compared: null, swap: null }
  })
}

async function ending(
  options: MigrationOptions,
  work: (session: MigrationSession, state: MigrationState) => Promise<Pick<EndResult, 'compared' | 'swap'>>,
): Promise<EndResult> {
  const looking = await openSession(options.url, { purpose: 'partition plan' })
  const owner = await describeTable(looking, options.table)
    .then((table) => table.owner)
    .finally(() => looking.close())
  return withMigrationSession(options, owner, async (session) => {
    const state = await readState(session.working, options.table)
    if (state === null)
      throw new StewardError(
        'maintenance-refused',
        `no migration of ${qualified(options.table.schema, options.table.name)} is under way`,
        { hint: 'pgsteward partition status tells of it.' },
      )
    try {
      return { from: state.phase, isFinished: true, ...(await work(session, state)) }
    } catch (error) {
      if (error instanceof Stopped)
        return { from: state.phase, isFinished: false, compared: null, swap: null }
      throw error
    }
  })
}

/** Triggers of ours first, by a short lock; then everything else in the same transaction. */
async function drop(
  { working, watching, table, signal, tell }: MigrationSession,
  { names }: MigrationDesign,
  tables: readonly RelationRef[],
): Promise<void> {
  tell('dropping', 'drops what is not needed any more')
  const dropped = [...tables, names.queue, names.state].map(
    ({ schema, name }) => `drop table if exists ${qualified(schema, name)}`,
  )
  await withShortLock(
    {
      session: working,
      watching,
      table,
      ...(tables[0] === undefined ? {} : { own: tables[0] }),
      signal,
      onProgress: (text) => tell('dropping', text),
    },
    async () => {
      await working.query(
        'partition-drop',
        [
          ...uncaptureStatements(table),
          `drop function if exists ${qualified(names.capture.schema, names.capture.name)}()`,
          ...dropped,
        ].join(';\n'),
      )
    },
  )
}

function validateOriginal({ names, table }: MigrationDesign): readonly string[] {
  return table.foreignKeys.map(
    ({ name }) =>
      `alter table ${qualified(names.table.schema, names.table.name)} validate constraint ${ident(name)}`,
  )
}
