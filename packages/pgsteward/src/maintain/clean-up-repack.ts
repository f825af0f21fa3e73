// Removes what an interrupted pg_repack of ours left: a trigger that logs every write of the table, the log, and the unfinished copy. The
// step began only where there was none, so they are its own.

import type { MaintenanceStep } from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import { openSession } from '../postgres/connect.ts'
import { objectState } from './object-state.ts'

/** It takes the table for itself, in whose line others would wait: in short tries. */
const LOCK_TIMEOUT_MS: Milliseconds = 200
const PAUSE_MS: Milliseconds = 300
const MOST_TRIES = 60
/** Log, its type, trigger, copy: all that repack_drop knows. */
const OBJECTS = 4

/** Names of what was dropped. Rejects where others hold the table over all tries. */
export async function cleanUpRepack(
  url: string,
  step: MaintenanceStep,
  onProgress: (text: string) => void,
): Promise<readonly string[]> {
  const session = await openSession(url, {
    purpose: 'maintenance',
    isWriting: true,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    statementTimeoutMs: 60_000,
  })
  try {
    const { oid, repackObjects = [] } = await objectState(session, step)
    if (oid === null || repackObjects.length === 0) return []
    onProgress(`drops ${repackObjects.join(', ')}, which an interrupted pg_repack left`)
    for (let tries = 1; ; tries++)
      try {
        await session.query('maintenance-clean-up', `select repack.repack_drop($1::oid, ${OBJECTS})`, [oid])
        return repackObjects
      } catch (error) {
        if ((error as { code?: string }).code !== '55P03' || tries === MOST_TRIES) throw error
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
  } finally {
    await session.close()
  }
}
