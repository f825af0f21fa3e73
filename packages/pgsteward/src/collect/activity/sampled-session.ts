// One session as a sample sees it, and the statement that reads it. Ages are by the server's own clock.

import { numberOrNull, text, textOrNull } from '../../facts/column.ts'
import type { RawRow } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface SampledSession {
  readonly pid: number
  readonly startedAt: Date | null
  /** 'client backend', 'parallel worker', 'autovacuum worker', ... */
  readonly backendType: string
  /** Of a parallel worker: the session that it works for. */
  readonly leaderPid: number | null
  readonly databaseOid: string | null
  readonly userOid: string | null
  /** Null also while the name of the oid is not known. */
  readonly database: string | null
  readonly user: string | null
  readonly application: string
  readonly state: string | null
  readonly waitType: string | null
  readonly waitEvent: string | null
  readonly queryId: string | null
  readonly transactionMs: Milliseconds | null
  readonly queryMs: Milliseconds | null
  readonly stateMs: Milliseconds | null
  /** Tell one transaction and one statement of a session from the next: seconds since the epoch, to the microsecond. */
  readonly transactionKey: number | null
  readonly queryKey: number | null
  readonly xminAge: number | null
}

/**
 * The view joins names to every row, and sorts; the function below it costs a third less. Names are looked up once by the sampler.
 * date_part: `extract` is numeric since 14, which costs more and comes as text.
 */
const COLUMNS = `
         a.pid                                                                       as pid,
         pg_catalog.date_part('epoch', a.backend_start)                              as backend_start,
         a.backend_type                                                              as backend_type,
         a.leader_pid                                                                as leader_pid,
         a.datid                                                                     as datid,
         a.usesysid                                                                  as usesysid,
         a.application_name                                                          as application,
         a.state                                                                     as state,
         a.wait_event_type                                                           as wait_type,
         a.wait_event                                                                as wait_event,
         a.query_id::text                                                            as query_id,
         pg_catalog.date_part('epoch', a.xact_start)                                 as xact_start,
         pg_catalog.date_part('epoch', a.query_start)                                as query_start,
         pg_catalog.date_part('epoch', a.state_change)                               as state_change,
         greatest(pg_catalog.age(a.backend_xmin), pg_catalog.age(a.backend_xid))     as xmin_age,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())                 as now,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp()) * 1000 as answer_ms`

/** Sessions that do something or keep a transaction open; not ours, and none that waits for work. */
export const SAMPLE = `
  select ${COLUMNS.trim()}
    from pg_catalog.pg_stat_get_activity(null) a
   where a.state <> 'idle'
     and a.backend_type <> 'walsender'
     and coalesce(a.application_name, '') not like 'pgsteward%'
   order by a.pid
   limit 2000`

/** Some sessions, whatever they do, with the text of what they run or ran last. */
export const NAMED_SESSIONS = `
  select ${COLUMNS.trim()},
         pg_catalog.left(a.query, 10000) as query
    from pg_catalog.unnest($1::int[]) as p (pid)
   cross join lateral pg_catalog.pg_stat_get_activity(p.pid) a
   order by a.pid
   limit 500`

export function parseSession(raw: RawRow): SampledSession {
  const now = numberOrNull(raw, 'now') ?? 0
  const transactionKey = numberOrNull(raw, 'xact_start')
  const queryKey = numberOrNull(raw, 'query_start')
  const backendStart = numberOrNull(raw, 'backend_start')
  const ageOf = (begin: number | null) => (begin === null ? null : Math.max(0, (now - begin) * 1000))
  return {
    pid: Number(raw.pid),
    startedAt: backendStart === null ? null : new Date(Math.floor(backendStart * 1000)),
    backendType: textOrNull(raw, 'backend_type') ?? 'client backend',
    leaderPid: numberOrNull(raw, 'leader_pid'),
    databaseOid: oidOrNull(raw.datid),
    userOid: oidOrNull(raw.usesysid),
    database: null,
    user: null,
    application: textOrNull(raw, 'application') ?? '',
    state: textOrNull(raw, 'state'),
    waitType: textOrNull(raw, 'wait_type'),
    waitEvent: textOrNull(raw, 'wait_event'),
    queryId: textOrNull(raw, 'query_id'),
    transactionMs: ageOf(transactionKey),
    queryMs: ageOf(queryKey),
    stateMs: ageOf(numberOrNull(raw, 'state_change')),
    transactionKey,
    queryKey,
    xminAge: numberOrNull(raw, 'xmin_age'),
  }
}

export function textOfSession(raw: RawRow): string {
  return text(raw, 'query')
}

/** 0 is none. */
function oidOrNull(value: unknown): string | null {
  const oid = value === null || value === undefined ? '0' : String(value)
  return oid === '0' ? null : oid
}

export function isActive({ state, leaderPid, backendType }: SampledSession): boolean {
  return (
    (state === 'active' || state === 'fastpath function call') &&
    (leaderPid !== null || backendType === 'client backend' || backendType === 'autovacuum worker')
  )
}

export function isIdleInTransaction({ state }: SampledSession): boolean {
  return state?.startsWith('idle in transaction') ?? false
}
