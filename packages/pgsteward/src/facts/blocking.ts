// Who waits for whose lock: one row a waiting backend and each that blocks it. No rows when nobody waits.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, isTrue, number, numberOrNull, text, textOrNull } from './column.ts'

export interface BlockingRow {
  readonly waitingPid: number
  readonly waitingStartedAt: Date | null
  readonly waitingDatabase: string | null
  readonly waitingUser: string | null
  readonly waitingApplication: string
  readonly waitingQuery: string
  readonly waitingQueryId: string | null
  /** How long the lock has been waited for. */
  readonly waitedMs: number
  /** 'relation', 'transactionid' (a row that another transaction changed), 'tuple', 'advisory', ... */
  readonly lockType: string
  /** The mode asked for, such as 'AccessExclusiveLock'. */
  readonly lockMode: string
  /** `schema.table` that is waited for, or that holds the row waited for; null where it is in another database or not known. */
  readonly relation: string | null
  readonly blockingPid: number
  readonly blockingStartedAt: Date | null
  readonly blockingUser: string | null
  readonly blockingApplication: string
  readonly blockingState: string | null
  readonly blockingQuery: string
  readonly blockingQueryId: string | null
  readonly blockingTransactionAgeMs: number | null
  readonly blockingStateAgeMs: number | null
  readonly blockingBackendType: string | null
  /** True at the head of a chain: the one that blocks and waits for no lock itself. */
  readonly blockerIsRoot: boolean
}

// The scalar condition on pg_locks is evaluated once, before it is read: without a waiter the lock table is left alone.
const BLOCKING = `
  with waiting as materialized (
    select a.pid, a.backend_start, a.datname, a.usename, a.application_name, a.query, a.query_id, a.state_change,
           pg_catalog.pg_blocking_pids(a.pid) as blocked_by
      from pg_catalog.pg_stat_activity a
     where a.wait_event_type = 'Lock'
       and coalesce(a.application_name, '') not like 'pgsteward%'
     order by a.pid
     limit 200),
  locks as materialized (
    select l.pid, l.locktype, l.mode, l.granted, l.waitstart, l.relation, l.database
      from pg_catalog.pg_locks l
     where (select pg_catalog.count(*) from waiting) > 0
       and (not l.granted or l.locktype = 'tuple'))
  select w.pid                                                                          as waiting_pid,
         w.backend_start                                                                as waiting_started_at,
         w.datname                                                                      as waiting_database,
         w.usename                                                                      as waiting_user,
         w.application_name                                                             as waiting_application,
         pg_catalog.left(w.query, 1000)                                                 as waiting_query,
         w.query_id::text                                                               as waiting_query_id,
         extract(epoch from pg_catalog.clock_timestamp() - coalesce(k.waitstart, w.state_change)) * 1000 as waited_ms,
         k.locktype                                                                     as lock_type,
         k.mode                                                                         as lock_mode,
         (select pg_catalog.format('%s.%s', n.nspname, c.relname)
            from locks t
            join pg_catalog.pg_database d on d.oid = t.database and d.datname = pg_catalog.current_database()
            join pg_catalog.pg_class c on c.oid = t.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where t.pid = w.pid
           order by t.granted
           limit 1)                                                                     as relation,
         b.pid                                                                          as blocking_pid,
         b.backend_start                                                                as blocking_started_at,
         b.usename                                                                      as blocking_user,
         b.application_name                                                             as blocking_application,
         b.state                                                                        as blocking_state,
         pg_catalog.left(b.query, 1000)                                                 as blocking_query,
         b.query_id::text                                                               as blocking_query_id,
         extract(epoch from pg_catalog.clock_timestamp() - b.xact_start) * 1000         as blocking_transaction_age_ms,
         extract(epoch from pg_catalog.clock_timestamp() - b.state_change) * 1000       as blocking_state_age_ms,
         b.backend_type                                                                 as blocking_backend_type,
         b.wait_event_type is distinct from 'Lock'                                      as blocker_is_root
    from waiting w
    join locks k on k.pid = w.pid and not k.granted
   cross join lateral (select distinct pg_catalog.unnest(w.blocked_by) as pid) p
    join pg_catalog.pg_stat_activity b on b.pid = p.pid
   order by w.pid, b.pid
   limit 1000`

/** At most 200 waiting backends. */
export const blocking = defineStateFact<BlockingRow>({
  id: 'blocking',
  title: 'Backends that wait for a lock, and those that hold it',
  scope: 'cluster',
  isToldByDatabase: 'rows',
  everyMs: 10_000,
  needsAllStats: true,
  isUrgent: true,
  variants: [{ since: 140000, sql: BLOCKING }],
  keyOf: (row) => `${row.waitingPid}/${row.blockingPid}`,
  parse: (raw) => ({
    waitingPid: number(raw, 'waiting_pid'),
    waitingStartedAt: dateOrNull(raw, 'waiting_started_at'),
    waitingDatabase: textOrNull(raw, 'waiting_database'),
    waitingUser: textOrNull(raw, 'waiting_user'),
    waitingApplication: text(raw, 'waiting_application'),
    waitingQuery: text(raw, 'waiting_query'),
    waitingQueryId: textOrNull(raw, 'waiting_query_id'),
    waitedMs: number(raw, 'waited_ms'),
    lockType: text(raw, 'lock_type'),
    lockMode: text(raw, 'lock_mode'),
    relation: textOrNull(raw, 'relation'),
    blockingPid: number(raw, 'blocking_pid'),
    blockingStartedAt: dateOrNull(raw, 'blocking_started_at'),
    blockingUser: textOrNull(raw, 'blocking_user'),
    blockingApplication: text(raw, 'blocking_application'),
    blockingState: textOrNull(raw, 'blocking_state'),
    blockingQuery: text(raw, 'blocking_query'),
    blockingQueryId: textOrNull(raw, 'blocking_query_id'),
    blockingTransactionAgeMs: numberOrNull(raw, 'blocking_transaction_age_ms'),
    blockingStateAgeMs: numberOrNull(raw, 'blocking_state_age_ms'),
    blockingBackendType: textOrNull(raw, 'blocking_backend_type'),
    blockerIsRoot: isTrue(raw, 'blocker_is_root'),
  }),
})
