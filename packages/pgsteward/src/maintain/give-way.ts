// When maintenance steps aside: somebody waits for a lock of ours, the database is at work, a standby falls behind.

import type { GiveWayLimits } from '../model/maintenance.ts'
import type { Milliseconds } from '../model/units.ts'
import type { Session } from '../postgres/connect.ts'

export interface Surroundings {
  readonly isRunning: boolean
  /** The longest wait for a lock that our session holds or stands in line for. */
  readonly blocked: {
    readonly pid: number
    readonly application: string
    readonly waitedMs: Milliseconds
  } | null
  /** Whom our own session waits for, a lock or an old transaction. */
  readonly waitsFor: { readonly pid: number; readonly application: string } | null
  /** Client sessions at work or holding a transaction's statement, without ours. */
  readonly activeSessions: number
  /** Of the standby that is the furthest behind; null: there is none. */
  readonly replayLagMs: Milliseconds | null
  /** Such as `building index: scanning table, 40 %`; null: it reports none. */
  readonly progress: string | null
}

/** One light statement: sessions, and the queue of locks only where somebody waits in it. */
const SURROUNDINGS = `
  with waiting as materialized (
       select a.pid, a.application_name,
              extract(epoch from pg_catalog.clock_timestamp() - coalesce(l.waitstart, a.query_start)) * 1000 as waited_ms,
              pg_catalog.pg_blocking_pids(a.pid) as blockers
         from pg_catalog.pg_stat_activity a
         join pg_catalog.pg_locks l on l.pid = a.pid and not l.granted
        where a.wait_event_type = 'Lock'),
       ours as materialized (
       select a.pid, a.state from pg_catalog.pg_stat_activity a where a.pid = $1 or a.application_name = $2),
       our as materialized (
       select coalesce(pg_catalog.array_agg(ours.pid), '{}') as pids from ours)
  select exists (select from ours where ours.state = 'active') as is_running,
         b.pid                                      as blocked_pid,
         b.application_name                         as blocked_application,
         b.waited_ms                                as blocked_ms,
         h.pid                                      as holder_pid,
         h.application_name                         as holder_application,
         (select pg_catalog.count(*) from pg_catalog.pg_stat_activity a
           where a.backend_type = 'client backend' and a.state = 'active' and a.pid <> $1
             and a.application_name not like 'pgsteward%') as active_sessions,
         (select extract(epoch from pg_catalog.max(r.replay_lag)) * 1000 from pg_catalog.pg_stat_replication r) as replay_lag_ms,
         coalesce((select pg_catalog.format('%s, %s %%', p.phase,
                          case when p.blocks_total > 0 then p.blocks_done * 100 / p.blocks_total else 0 end)
                     from pg_catalog.pg_stat_progress_create_index p where p.pid = any(our.pids) limit 1),
                  (select pg_catalog.format('%s, %s %%', p.phase,
                          case when p.heap_blks_total > 0 then p.heap_blks_scanned * 100 / p.heap_blks_total else 0 end)
                     from pg_catalog.pg_stat_progress_vacuum p where p.pid = any(our.pids) limit 1),
                  (select pg_catalog.format('%s, %s %%', p.phase,
                          case when p.heap_blks_total > 0 then p.heap_blks_scanned * 100 / p.heap_blks_total else 0 end)
                     from pg_catalog.pg_stat_progress_cluster p where p.pid = any(our.pids) limit 1)) as progress
    from our
    left join lateral (select w.* from waiting w where w.blockers && our.pids and w.pid <> all(our.pids) order by w.waited_ms desc limit 1) b on true
    left join lateral (select a.pid, a.application_name from waiting w
                         join pg_catalog.pg_stat_activity a on a.pid = any(w.blockers)
                        where w.pid = any(our.pids) and a.pid <> all(our.pids) limit 1) h on true`

/** `application`: of further sessions that work for ours; null: there are none. */
export async function surroundings(
  session: Pick<Session, 'query'>,
  pid: number,
  application: string | null = null,
): Promise<Surroundings> {
  const { rows } = await session.query('maintenance-guard', SURROUNDINGS, [pid, application])
  const raw = rows[0]!
  return {
    isRunning: raw.is_running as boolean,
    blocked:
      raw.blocked_pid === null
        ? null
        : {
            pid: Number(raw.blocked_pid),
            application: raw.blocked_application as string,
            waitedMs: Number(raw.blocked_ms),
          },
    waitsFor:
      raw.holder_pid === null
        ? null
        : { pid: Number(raw.holder_pid), application: raw.holder_application as string },
    activeSessions: Number(raw.active_sessions),
    replayLagMs: raw.replay_lag_ms === null ? null : Number(raw.replay_lag_ms),
    progress: raw.progress as string | null,
  }
}

/** In words; null: nothing stands against going on. */
export function reasonToGiveWay(around: Surroundings, limits: GiveWayLimits): string | null {
  const { blocked, activeSessions, replayLagMs } = around
  if (blocked !== null && blocked.waitedMs >= limits.blockedMs)
    return `${blocked.application || `session ${blocked.pid}`} waited ${Math.round(blocked.waitedMs)} ms for its lock`
  if (activeSessions > limits.activeSessions)
    return `${activeSessions} sessions are at work, more than the ${limits.activeSessions} beside which maintenance runs`
  if (replayLagMs !== null && replayLagMs > limits.replayLagMs)
    return `a standby is ${Math.round(replayLagMs / 1000)} s behind, more than ${Math.round(limits.replayLagMs / 1000)} s`
  return null
}
