// The one moment at which everybody waits: the rest of the changes is brought over under the lock, and the names change hands. With too
// many changes left, or no lock at once, it goes back and tries again.

import { StewardError } from '../../model/error.ts'
import type { Session } from '../../postgres/connect.ts'
import { qualified } from '../../sql/quote.ts'
import { applyChunk, bringOver } from './bring-over.ts'
import { COPYING_PLANS, type CopyPair } from './copy-sql.ts'
import { describeTable, type TableDescription } from './describe-table.ts'
import type { MigrationSession } from './migration-session.ts'
import { keepPhase, queueLength } from './migration-state.ts'
import type { MigrationDesign } from './prepare-sql.ts'
import { InTheWay, type ShortLocked, withShortLock } from './short-lock.ts'
import { swapBackStatements, swapStatements, twinSequences } from './swap-sql.ts'

/** Brought over under the lock, in some fifty milliseconds. */
const MOST_LEFT = 1_000
/** Fewer came at once: the lock is asked for. */
const FEW_LEFT = 200
/** Times that the lock is asked for. */
const ROUNDS = 50

export async function swap(
  session: MigrationSession,
  migration: MigrationDesign,
  pair: CopyPair,
): Promise<ShortLocked> {
  const { working, table } = session
  const twin = await describeTable(working, migration.names.shadow)
  return exchange(session, 'swapping', pair, async () => {
    const now = await describeTable(working, table)
    requireUnchanged(migration.table, now)
    return [...swapStatements(migration, twinSequences(now, twin)), keepPhase(migration, 'swapped')]
  })
}

/** What the table has received since the swap goes with it. */
export async function swapBack(
  session: MigrationSession,
  migration: MigrationDesign,
  pair: CopyPair,
): Promise<ShortLocked> {
  const { working, table } = session
  const twin = await describeTable(working, migration.names.before)
  const now = await describeTable(working, table)
  return exchange(session, 'undoing', pair, async () => [
    ...swapBackStatements(migration, twinSequences(now, twin)),
    keepPhase(migration, 'undone'),
  ])
}

async function exchange(
  session: MigrationSession,
  phase: string,
  pair: CopyPair,
  statements: () => Promise<readonly string[]>,
): Promise<ShortLocked> {
  const { working, watching, signal, tell, table } = session
  for (let round = 1; round <= ROUNDS; round++) {
    await bringOver(session, pair, phase, 'all', FEW_LEFT)
    tell(phase, 'asks for the lock')
    let left = 0
    const done = await withShortLock(
      {
        session: working,
        watching,
        table,
        own: pair.to,
        signal,
        onProgress: (text) => tell(phase, text),
      },
      async () => {
        await working.query(
          'partition-swap',
          [
            `lock table ${qualified(table.schema, table.name)} in access exclusive mode`,
            ...COPYING_PLANS,
          ].join('; '),
        )
        left = await queueLength(working, pair.queue, MOST_LEFT + 1)
        if (left > MOST_LEFT) return
        await requireNoOldSnapshot(watching)
        await applyChunk(working, pair, 'all', MOST_LEFT)
        await working.query('partition-swap', (await statements()).join(';\n'))
      },
    )
    if (left <= MOST_LEFT) return done
    tell(phase, `goes back: more than ${MOST_LEFT} changes were left`)
  }
  throw new StewardError(
    'maintenance-refused',
    `${qualified(table.schema, table.name)} changes faster than its changes are brought over`,
    {
      detail: `Of ${ROUNDS} times that the lock was there, more than ${MOST_LEFT} changes were left each time.`,
      hint: 'Run it again at a calmer time: it goes on from here.',
    },
  )
}

/**
 * A REPEATABLE READ transaction that began before and has not touched the table yet would look for its rows in the other one, where they
 * are younger than its snapshot. It is told by its snapshot between two statements. A driver may leave one open between the statements of
 * an ordinary transaction, too, so those of less than a second are let pass: of the rows they may miss only what changed within it.
 */
async function requireNoOldSnapshot(watching: Session): Promise<void> {
  const { rows } = await watching.query(
    'partition-snapshots',
    `select pg_catalog.format('%s (session %s) has a snapshot of %s s ago', coalesce(nullif(a.application_name, ''), 'a session'), a.pid,
                              pg_catalog.round(extract(epoch from pg_catalog.clock_timestamp() - a.xact_start))) as holder
       from pg_catalog.pg_stat_activity a
      where a.datname = pg_catalog.current_database() and a.backend_type = 'client backend'
        and a.state like 'idle in transaction%' and a.backend_xmin is not null
        and a.xact_start < pg_catalog.clock_timestamp() - interval '1 s' and a.application_name not like 'pgsteward%' limit 1`,
  )
  if (rows[0] !== undefined) throw new InTheWay(rows[0].holder as string)
}

/** Whatever was altered since would be lost by the swap. */
function requireUnchanged(then: TableDescription, now: TableDescription): void {
  const ofUser = new Set(['isOurs', 'ownerMayCreate'])
  const changed = (Object.keys(now) as (keyof TableDescription)[]).filter(
    (part) => !ofUser.has(part) && JSON.stringify(then[part]) !== JSON.stringify(now[part]),
  )
  if (changed.length === 0) return
  throw new StewardError(
    'maintenance-refused',
    `${qualified(now.schema, now.name)} was altered while it was copied`,
    {
      detail: `Of another kind than at the beginning: ${changed.join(', ')}.`,
      hint: 'Nothing was swapped. Undo the migration and begin again, without migrations meanwhile.',
    },
  )
}
