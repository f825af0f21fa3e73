// Copies what was there, in batches by primary key; each keeps how far it came. Batches grow and shrink towards a fifth of a second.

import { literal, qualified } from '../../sql/quote.ts'
import { bringOver } from './bring-over.ts'
import {
  batchEnd,
  beginStatements,
  COPYING_PLANS,
  type CopyPair,
  copyRange,
  type Position,
} from './copy-sql.ts'
import type { MigrationSession } from './migration-session.ts'
import { keepPhase, type MigrationState } from './migration-state.ts'
import { pause } from './pause.ts'

/** Of a batch: short enough that a snapshot holds nothing back and that stopping is felt at once. */
const GOAL_MS = 200
const FIRST_ROWS = 1_000
const MOST_ROWS = 20_000
const FEWEST_ROWS = 100
/** Of a batch's time, for those who have other work for the disk. */
const PAUSE_SHARE = 0.1
/** Batches between two times that changes are brought over, so that the queue stays short. */
const BRING_OVER_EVERY = 25

/** From the state's position to the end. `ofRows`: an estimate, for the time that is left. */
export async function copyRows(
  session: MigrationSession,
  state: MigrationState,
  pair: CopyPair,
  ofRows: number,
): Promise<void> {
  const { giveWay, tell, signal } = session
  let position = state.position
  let copied = state.copied
  let batchRows = FIRST_ROWS
  const speed = speedometer(copied)
  for (let batch = 1; ; batch++) {
    await giveWay()
    const started = performance.now()
    const done = await copyBatch(session, state, pair, position, batchRows)
    position = done.end
    copied += done.copied
    const tookMs = performance.now() - started
    batchRows = nextBatch(batchRows, tookMs)
    const { rowsPerSecond } = speed(copied)
    tell('copying', 'copies rows', {
      rows: copied,
      ofRows: Math.max(ofRows, copied),
      rowsPerSecond,
      leftMs: rowsPerSecond > 0 ? (Math.max(0, ofRows - copied) / rowsPerSecond) * 1000 : null,
    })
    if (position === null) return
    if (batch % BRING_OVER_EVERY === 0) await bringOver(session, pair, 'copying', position)
    await pause(tookMs * PAUSE_SHARE, signal)
  }
}

/** Towards the goal, by a factor of two at most. */
export function nextBatch(rows: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, GOAL_MS / Math.max(1, tookMs)))
  return Math.round(Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, rows * factor)))
}

async function copyBatch(
  { working }: MigrationSession,
  { migration }: MigrationState,
  pair: CopyPair,
  position: Position,
  rows: number,
): Promise<{ readonly end: Position; readonly copied: number }> {
  const kept = qualified(migration.names.state.schema, migration.names.state.name)
  await working.query('partition-copy', beginStatements(pair, COPYING_PLANS))
  try {
    const ending = batchEnd(pair, position)
    const end = (await working.query('partition-copy', ending.sql, [rows, ...ending.parameters])).rows[0]
      ?.last as Position | undefined
    const range = copyRange(pair, position, end ?? null)
    const copied = (await working.query('partition-copy', range.sql, range.parameters)).rows[0]!
      .copied as number
    // the last batch is what is left: with it everything has been copied
    const keep =
      end == null
        ? `${keepPhase(migration, 'copied')}, copied = copied + ${copied}`
        : `update ${kept} set position = array[${end.map((value) => literal(value)).join(', ')}]::text[], copied = copied + ${copied}, changed_at = pg_catalog.now()`
    await working.query('partition-copy', `${keep}; commit`)
    return { end: end ?? null, copied }
  } catch (error) {
    if (working.isOpen()) await working.query('partition-copy', 'rollback')
    throw error
  }
}

function speedometer(startedWith: number) {
  const started = performance.now()
  return (rows: number) => ({
    rowsPerSecond: ((rows - startedWith) / Math.max(1, performance.now() - started)) * 1000,
  })
}
