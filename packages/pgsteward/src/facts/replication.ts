// Standbys and subscribers that stream from this server, and how far behind they are.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, number, numberOrNull, text, textOrNull } from './column.ts'

export interface ReplicationRow {
  readonly pid: number
  readonly application: string
  readonly user: string | null
  readonly clientAddress: string | null
  readonly startedAt: Date | null
  /** The slot it streams from; null without one. */
  readonly slot: string | null
  /** 'startup', 'catchup', 'streaming', 'backup', 'stopping'. */
  readonly state: string
  /** 'async', 'potential', 'sync', 'quorum'. */
  readonly syncState: string
  /** WAL written here and not yet sent, flushed, replayed there; null for a base backup. */
  readonly unsentBytes: number | null
  readonly unflushedBytes: number | null
  readonly unreplayedBytes: number | null
  /** Time that recent WAL took to be written, flushed, replayed there; null when idle and caught up. */
  readonly writeLagMs: number | null
  readonly flushLagMs: number | null
  readonly replayLagMs: number | null
  /** Since the last message from it, by the server's clock. */
  readonly sinceReplyMs: number | null
  /** With hot_standby_feedback: how far it holds vacuum back. */
  readonly xminAge: number | null
}

// On a cascading standby WAL ends at what was received, not at what was written.
const REPLICATION = `
  select r.pid                                                        as pid,
         r.application_name                                           as application,
         r.usename                                                    as user_name,
         pg_catalog.host(r.client_addr)                               as client_address,
         r.backend_start                                              as started_at,
         s.slot_name                                                  as slot,
         r.state                                                      as state,
         r.sync_state                                                 as sync_state,
         pg_catalog.pg_wal_lsn_diff(w.lsn, r.sent_lsn)                as unsent_bytes,
         pg_catalog.pg_wal_lsn_diff(w.lsn, r.flush_lsn)               as unflushed_bytes,
         pg_catalog.pg_wal_lsn_diff(w.lsn, r.replay_lsn)              as unreplayed_bytes,
         extract(epoch from r.write_lag) * 1000                       as write_lag_ms,
         extract(epoch from r.flush_lag) * 1000                       as flush_lag_ms,
         extract(epoch from r.replay_lag) * 1000                      as replay_lag_ms,
         extract(epoch from pg_catalog.clock_timestamp() - r.reply_time) * 1000 as since_reply_ms,
         pg_catalog.age(r.backend_xmin)                               as xmin_age
    from pg_catalog.pg_stat_replication r
    left join pg_catalog.pg_replication_slots s on s.active_pid = r.pid
   cross join (select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_receive_lsn()
                           else pg_catalog.pg_current_wal_lsn() end as lsn) w
   order by r.application_name, r.pid
   limit 200`

export const replication = defineStateFact<ReplicationRow>({
  id: 'replication',
  title: 'Standbys and subscribers that stream from here, and their lag',
  scope: 'cluster',
  everyMs: 30_000,
  needsAllStats: true,
  variants: [{ since: 140000, sql: REPLICATION }],
  // two standbys may share a name and a host: the slot tells them apart, else the pid
  keyOf: (row) => `${row.application}@${row.clientAddress ?? 'local'}/${row.slot ?? row.pid}`,
  parse: (raw) => ({
    pid: number(raw, 'pid'),
    application: text(raw, 'application'),
    user: textOrNull(raw, 'user_name'),
    clientAddress: textOrNull(raw, 'client_address'),
    startedAt: dateOrNull(raw, 'started_at'),
    slot: textOrNull(raw, 'slot'),
    state: text(raw, 'state'),
    syncState: text(raw, 'sync_state'),
    unsentBytes: numberOrNull(raw, 'unsent_bytes'),
    unflushedBytes: numberOrNull(raw, 'unflushed_bytes'),
    unreplayedBytes: numberOrNull(raw, 'unreplayed_bytes'),
    writeLagMs: numberOrNull(raw, 'write_lag_ms'),
    flushLagMs: numberOrNull(raw, 'flush_lag_ms'),
    replayLagMs: numberOrNull(raw, 'replay_lag_ms'),
    sinceReplyMs: numberOrNull(raw, 'since_reply_ms'),
    xminAge: numberOrNull(raw, 'xmin_age'),
  }),
  series: [
    { name: 'replication.unreplayed', unit: 'bytes', value: (row) => row.unreplayedBytes },
    { name: 'replication.replayLag', unit: 'ms', value: (row) => row.replayLagMs },
  ],
})
