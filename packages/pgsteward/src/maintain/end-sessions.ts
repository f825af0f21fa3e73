// Ends the sessions of a program that is gone, or that was asked to end: what it left can be removed only then.

import type { Milliseconds } from '../model/units.ts'
import type { Session } from '../postgres/connect.ts'

const WITHIN_MS: Milliseconds = 10_000
const ASK_AGAIN_MS: Milliseconds = 100

/** Rejects when they do not end. */
export async function endSessions(session: Session, application: string): Promise<void> {
  for (let waitedMs = 0; waitedMs <= WITHIN_MS; waitedMs += ASK_AGAIN_MS) {
    const { rows } = await session.query(
      'maintenance-end',
      'select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity a where a.application_name = $1',
      [application],
    )
    if (rows.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
  throw new Error(`the sessions of ${application} do not end`)
}
