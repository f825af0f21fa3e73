// A transaction that needs a lock which others' statements would have to wait behind: it stands in line for a moment only, and tries again
// later, with nothing changed meanwhile.

import { StewardError } from '../../model/error.ts'
import type { RelationRef } from '../../model/maintenance.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import { pause } from './pause.ts'

export interface ShortLockOptions {
  readonly session: Session
  /** Sees who is in the way. */
  readonly watching: Session
  /** On which to look who has the lock. */
  readonly table: RelationRef
  /** Locked first and waited for: a table that nobody uses, or autovacuum alone. */
  readonly own?: RelationRef
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface ShortLocked {
  readonly tries: number
  /** From the first lock to the commit: what others waited at most. */
  readonly heldMs: Milliseconds
}

/** In line; whoever comes later waits behind. */
const LOCK_TIMEOUT_MS: Milliseconds = 200
/** A quarter of an hour: an autovacuum of a large table may have to come to its end, since it does not leave for so short a wait. */
const TRIES = 200
const FIRST_PAUSE_MS: Milliseconds = 250
const LONGEST_PAUSE_MS: Milliseconds = 5_000

/** lock_not_available, deadlock_detected */
const IN_THE_WAY = new Set(['55P03', '40P01'])

/** Thrown by the work when it has the lock and can't go on just now: it is tried again. */
export class InTheWay extends Error {
  readonly code = '55P03'
}

/** Rejects with 'maintenance-refused' after the last try, naming who has the lock. */
export async function withShortLock(
  options: ShortLockOptions,
  work: () => Promise<void>,
): Promise<ShortLocked> {
  const { session, own, signal, onProgress } = options
  for (let tried = 1, pauseMs = FIRST_PAUSE_MS; ; tried++) {
    signal.throwIfAborted()
    try {
      await session.query('partition-lock', 'begin isolation level read committed')
      if (own !== undefined)
        await session.query(
          'partition-lock',
          `lock table ${qualified(own.schema, own.name)} in access exclusive mode`,
        )
      await session.query('partition-lock', `set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
      const started = performance.now()
      await work()
      await session.query('partition-lock', 'commit')
      return { tries: tried, heldMs: performance.now() - started }
    } catch (error) {
      if (session.isOpen()) await session.query('partition-lock', 'rollback')
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error
      const holders =
        error instanceof InTheWay ? [error.message] : await whoHolds(options.watching, options.table)
      if (tried >= TRIES)
        throw new StewardError(
          'maintenance-refused',
          `the lock of ${qualified(options.table.schema, options.table.name)} was not to be had in ${TRIES} tries`,
          {
            detail: holders.length === 0 ? 'Others had it each time.' : `In its way: ${holders.join('; ')}.`,
            hint: 'Nothing is lost: run it again, at a calmer time, or once these sessions are done.',
            cause: error,
          },
        )
      onProgress(`waits for a lock (try ${tried})${holders.length === 0 ? '' : `: ${holders[0]}`}`)
      await pause(pauseMs, signal)
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)
    }
  }
}

async function whoHolds(watching: Session, table: RelationRef): Promise<readonly string[]> {
  const { rows } = await watching.query(
    'partition-holders',
    `select pg_catalog.format('%s (session %s, transaction since %s s)', coalesce(nullif(a.application_name, ''), a.backend_type), a.pid,
                              pg_catalog.round(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start))) as holder
       from pg_catalog.pg_locks l
       join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.relation = pg_catalog.to_regclass($1) and l.granted and a.application_name not like 'pgsteward%'
      group by a.pid, a.application_name, a.backend_type, a.xact_start order by a.xact_start limit 3`,
    [qualified(table.schema, table.name)],
  )
  return rows.map(({ holder }) => holder as string)
}
