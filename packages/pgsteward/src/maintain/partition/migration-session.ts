// The session that works on a migration, as the table's owner, and the one that looks around meanwhile.

import { StewardError } from '../../model/error.ts'
import type { GiveWayLimits, RelationRef } from '../../model/maintenance.ts'
import type { Milliseconds } from '../../model/units.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { ident } from '../../sql/quote.ts'
import { reasonToGiveWay, surroundings } from '../give-way.ts'
import { ownTarget } from '../target-lock.ts'
import { requireWarrant, type Warrant } from '../warrant.ts'
import { pause } from './pause.ts'

export interface MigrationProgress {
  readonly phase: string
  /** What it does, or waits for. */
  readonly text: string
  readonly rows: number | null
  readonly ofRows: number | null
  readonly rowsPerSecond: number | null
  readonly leftMs: Milliseconds | null
  /** Changes not brought over yet, counted up to some thousands. */
  readonly queue: number | null
}

export interface MigrationOptions {
  /** The write-capable one. */
  readonly url: string
  readonly table: RelationRef
  readonly warrant: Warrant
  readonly limits: GiveWayLimits
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress: (progress: MigrationProgress) => void
}

export interface MigrationSession extends MigrationOptions {
  readonly working: Session
  /** Sees what others do, which the table's owner may not. */
  readonly watching: Session
  /** Between two pieces of work, when no lock is held: throws when the warrant is over or somebody stopped us, waits while others need the way. */
  readonly giveWay: () => Promise<void>
  readonly tell: (phase: string, text: string, more?: Partial<MigrationProgress>) => void
}

const LOOK_EVERY_MS: Milliseconds = 500
const WAIT_MS: Milliseconds = 1_000
/** Of one statement: an index of a partition, the vacuum of one. A copied batch takes a fraction of a second. */
const STATEMENT_TIMEOUT_MS: Milliseconds = 6 * 3_600_000

/**
 * For locks behind which nobody waits: those of a SELECT, and any on what is ours. Longer than deadlock_timeout, after which autovacuum
 * leaves to whoever waits for it. Others are asked for by withShortLock.
 */
const LOCK_TIMEOUT_MS: Milliseconds = 600_000

/** Stopped by Ctrl-C: what is done is kept. */
export class Stopped extends Error {}

/** Rejects with 'maintenance-refused' without a warrant and while another one maintains this database. */
export async function withMigrationSession<T>(
  options: MigrationOptions,
  owner: string,
  work: (session: MigrationSession) => Promise<T>,
): Promise<T> {
  requireWarrant(options.warrant, options.now(), null)
  const watching = await openSession(options.url, { purpose: 'maintenance guard' })
  let working: Session | null = null
  try {
    working = await openSession(options.url, {
      purpose: 'partition migration',
      isWriting: true,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
    })
    const own = await ownTarget(working)
    if (own === null)
      throw new StewardError('maintenance-refused', 'another pgsteward maintains this database just now', {
        hint: 'Run it again when that is over.',
      })
    // a filter would leave rows behind in silence; without, it is an error
    await working.query('partition-session', `set role ${ident(owner)}; set row_security = off`)
    let lookedAt = -LOOK_EVERY_MS
    const tell: MigrationSession['tell'] = (phase, text, more = {}) =>
      options.onProgress({
        phase,
        text,
        rows: null,
        ofRows: null,
        rowsPerSecond: null,
        leftMs: null,
        queue: null,
        ...more,
      })
    return await work({
      ...options,
      working,
      watching,
      tell,
      giveWay: async () => {
        for (;;) {
          if (options.signal.aborted) throw new Stopped()
          requireWarrant(options.warrant, options.now(), null)
          if (performance.now() - lookedAt < LOOK_EVERY_MS) return
          const reason = reasonToGiveWay(await surroundings(watching, own.pid), options.limits)
          lookedAt = performance.now()
          if (reason === null) return
          tell('waits', reason)
          await pause(WAIT_MS, options.signal)
        }
      },
    })
  } finally {
    await working?.close()
    await watching.close()
  }
}
