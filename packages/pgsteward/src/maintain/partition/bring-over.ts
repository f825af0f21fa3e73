// Brings over what changed: keys are taken off the queue, their rows removed from the copy and put there again as they are now. All in one
// snapshot, so what is changed later has a row in the queue of its own.

import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import {
  beginStatements,
  COPYING_PLANS,
  type CopyPair,
  insertChanged,
  type Position,
  removeChanged,
  takeChanges,
} from './copy-sql.ts'
import type { MigrationSession } from './migration-session.ts'
import { queueLength } from './migration-state.ts'

/** A fraction of a second, with thirty partitions to look into for each. */
const CHUNK = 1_000
const COUNTED = 10_000

/** Beyond which position rows have not been copied yet; 'all': every one has. */
export type Reach = Position | 'all'

/** Until fewer than `until` came at once. Resolves with how many. */
export async function bringOver(
  session: MigrationSession,
  pair: CopyPair,
  phase: string,
  reach: Reach,
  until = CHUNK,
): Promise<number> {
  const { working, giveWay, tell } = session
  for (let all = 0; ; ) {
    await giveWay()
    await working.query('partition-changes', beginStatements(pair, COPYING_PLANS))
    let taken: number
    try {
      taken = await applyChunk(working, pair, reach, CHUNK)
      await working.query('partition-changes', 'commit')
    } catch (error) {
      if (working.isOpen()) await working.query('partition-changes', 'rollback')
      throw error
    }
    all += taken
    if (taken < until) return all
    const queue = await queueLength(working, pair.queue, COUNTED)
    tell(phase, 'brings over what changed meanwhile', { queue })
  }
}

/** Within the transaction that is open. Resolves with how many were taken. */
export async function applyChunk(
  working: Session,
  pair: CopyPair,
  reach: Reach,
  most: number,
): Promise<number> {
  const isWhole = reach === 'all'
  const taking = takeChanges(pair, isWhole, isWhole ? null : reach)
  const { rows } = await working.query('partition-changes', taking.sql, [most, ...taking.parameters])
  if (rows.some(({ is_truncate }) => is_truncate === true))
    await working.query('partition-changes', `truncate ${qualified(pair.to.schema, pair.to.name)}`)
  const keys = distinct(
    rows
      .filter(({ is_truncate, is_copied }) => is_truncate !== true && is_copied === true)
      .map(({ key }) => key as readonly string[]),
  )
  if (keys.length > 0) {
    const columns = keys[0]!.map((_, at) => keys.map((key) => key[at]!))
    await working.query('partition-changes', removeChanged(pair), columns)
    await working.query('partition-changes', insertChanged(pair), columns)
  }
  return rows.length
}

function distinct(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()]
}
