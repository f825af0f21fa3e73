// One maintenance at a time in a database, whoever asks for it: a lock of the session that works, gone with it.

import type { RunMark } from '../model/maintenance.ts'
import type { Session } from '../postgres/connect.ts'

/** Of the pair of numbers that such locks have: pgsteward's, and maintenance. Both arbitrary. */
const LOCK = [1_886_613_620, 1] as const

/** What names the session; null: another one has the lock. */
export async function ownTarget(session: Session): Promise<Pick<RunMark, 'pid' | 'backendStart'> | null> {
  const { rows } = await session.query(
    'maintenance-lock',
    `select pg_catalog.pg_try_advisory_lock(${LOCK[0]}, ${LOCK[1]}) as is_ours, pg_catalog.pg_backend_pid() as pid,
            (select a.backend_start::text from pg_catalog.pg_stat_activity a where a.pid = pg_catalog.pg_backend_pid()) as backend_start`,
  )
  const [row] = rows
  return row!.is_ours === true ? { pid: Number(row!.pid), backendStart: row!.backend_start as string } : null
}
