// Who is connected and what they do at this moment: one row a backend, pgsteward's own sessions left out.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, number, numberArray, numberOrNull, text, textOrNull } from './column.ts'

export interface ActivityRow {
  readonly pid: number
  /** A pid is reused; with its start it names one session. */
  readonly startedAt: Date | null
  /** 'client backend', 'autovacuum worker', 'walsender', 'parallel worker', ... */
  readonly backendType: string
  /** Null for a backend that is not part of a parallel query (and for its leader). */
  readonly leaderPid: number | null
  readonly database: string | null
  readonly user: string | null
  readonly application: string
  /** Null over a Unix socket and for background processes. */
  readonly clientAddress: string | null
  /** 'active', 'idle', 'idle in transaction', 'idle in transaction (aborted)', ...; null for background processes. */
  readonly state: string | null
  /** 'Lock', 'LWLock', 'IO', 'Client', ...; null while on the processor. */
  readonly waitType: string | null
  readonly waitEvent: string | null
  /** Ages by the server's own clock; null without a transaction or a query. */
  readonly transactionAgeMs: number | null
  readonly queryAgeMs: number | null
  /** How long the state has lasted: for 'idle in transaction' the time without a query. */
  readonly stateAgeMs: number | null
  readonly transactionStartedAt: Date | null
  readonly queryStartedAt: Date | null
  readonly stateChangedAt: Date | null
  /** Of the statement that runs, or ran last; null where compute_query_id is off. */
  readonly queryId: string | null
  /** The first 1,000 characters of what runs, or ran last. */
  readonly query: string
  /** Transactions begun since the oldest one that this backend may still see; holds vacuum back. */
  readonly xminAge: number | null
  /** Pids that hold what this backend waits for; empty when it waits for no lock. */
  readonly blockedBy: readonly number[]
}

// pg_blocking_pids takes every partition of the lock table: asked for those only that do wait for a lock.
const ACTIVITY = `
  select a.pid                                                                         as pid,
         a.backend_start                                                               as started_at,
         a.backend_type                                                                as backend_type,
         a.leader_pid                                                                  as leader_pid,
         a.datname                                                                     as database,
         a.usename                                                                     as user_name,
         a.application_name                                                            as application,
         pg_catalog.host(a.client_addr)                                                as client_address,
         a.state                                                                       as state,
         a.wait_event_type                                                             as wait_type,
         a.wait_event                                                                  as wait_event,
         extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000        as transaction_age_ms,
         extract(epoch from pg_catalog.clock_timestamp() - a.query_start) * 1000       as query_age_ms,
         extract(epoch from pg_catalog.clock_timestamp() - a.state_change) * 1000      as state_age_ms,
         a.xact_start                                                                  as transaction_started_at,
         a.query_start                                                                 as query_started_at,
         a.state_change                                                                as state_changed_at,
         a.query_id::text                                                              as query_id,
         pg_catalog.left(a.query, 1000)                                                as query,
         pg_catalog.age(a.backend_xmin)                                                as xmin_age,
         case when a.wait_event_type = 'Lock' then pg_catalog.pg_blocking_pids(a.pid) end as blocked_by
    from pg_catalog.pg_stat_activity a
   where a.pid <> pg_catalog.pg_backend_pid()
     and coalesce(a.application_name, '') not like 'pgsteward%'
   order by a.state = 'idle', a.xact_start nulls last, a.pid
   limit 1000`

/** At most 1,000 backends, those in a transaction first: a server with more has its idle ones left out (connections counts all). */
export const activity = defineStateFact<ActivityRow>({
  id: 'activity',
  title: 'Sessions and background processes: state, wait, age, statement and who blocks whom',
  scope: 'cluster',
  everyMs: 10_000,
  needsAllStats: true,
  variants: [{ since: 140000, sql: ACTIVITY }],
  keyOf: (row) => `${row.pid}/${row.startedAt?.toISOString() ?? ''}`,
  parse: (raw) => ({
    pid: number(raw, 'pid'),
    startedAt: dateOrNull(raw, 'started_at'),
    backendType: text(raw, 'backend_type'),
    leaderPid: numberOrNull(raw, 'leader_pid'),
    database: textOrNull(raw, 'database'),
    user: textOrNull(raw, 'user_name'),
    application: text(raw, 'application'),
    clientAddress: textOrNull(raw, 'client_address'),
    state: textOrNull(raw, 'state'),
    waitType: textOrNull(raw, 'wait_type'),
    waitEvent: textOrNull(raw, 'wait_event'),
    transactionAgeMs: numberOrNull(raw, 'transaction_age_ms'),
    queryAgeMs: numberOrNull(raw, 'query_age_ms'),
    stateAgeMs: numberOrNull(raw, 'state_age_ms'),
    transactionStartedAt: dateOrNull(raw, 'transaction_started_at'),
    queryStartedAt: dateOrNull(raw, 'query_started_at'),
    stateChangedAt: dateOrNull(raw, 'state_changed_at'),
    queryId: textOrNull(raw, 'query_id'),
    query: text(raw, 'query'),
    xminAge: numberOrNull(raw, 'xmin_age'),
    blockedBy: numberArray(raw, 'blocked_by'),
  }),
})
