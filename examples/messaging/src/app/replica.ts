// A streaming replica that reads may go to: a Prisma client and a pool of its own, asked each second how far behind it is. It can't be
// written through, be it promoted meanwhile.

import { type Database, openDatabase } from './database.ts'

export interface Replica extends Database {
  /** Reachable and not too far behind. */
  readonly isUsable: () => boolean
  readonly lagMs: () => number | null
}

const ASKED_EVERY_MS = 1_000

/**
 * Where nothing is left to replay there is no lag, however old the last change. Without a receiver nothing would arrive: null. Roles
 * without pg_monitor see of the receiver that it is there, and that is enough.
 */
const LAG = `
  select case when not pg_catalog.pg_is_in_recovery() then 0
              when not exists (select from pg_catalog.pg_stat_wal_receiver where pid is not null) then null
              when pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() then 0
              else extract(epoch from clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) * 1000
          end::float8 as "lagMs"`

/** Does not wait for it: a replica that is away costs nothing but its relief. */
export function openReplica(url: string, poolSize: number, mostLagMs: number): Replica {
  const database = openDatabase(url, poolSize, { name: 'messaging-api-replica', readOnly: true })
  let lagMs: number | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const ask = async (): Promise<void> => {
    try {
      const { rows } = await database.pool.query<{ lagMs: number | null }>(LAG)
      lagMs = rows[0]?.lagMs ?? null
    } catch {
      lagMs = null
    }
    if (closed) return
    timer = setTimeout(() => void ask(), ASKED_EVERY_MS)
    timer.unref()
  }
  void ask()
  return {
    ...database,
    lagMs: () => lagMs,
    isUsable: () => lagMs !== null && lagMs <= mostLagMs,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await database.close()
    },
  }
}
