// Who waits for whom at the moment of a sample, for which lock; asked only while somebody waits.

import { numberArray, numberOrNull, textOrNull } from '../../facts/column.ts'
import type { RawRow } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface BlockingEdge {
  readonly pid: number
  /** 0: a prepared transaction, which has no session. */
  readonly blockedBy: readonly number[]
  /** Null where the wait had ended between the two statements of a sample. */
  readonly lockType: string
  readonly lockMode: string
  readonly relation: string | null
  readonly waitedMs: Milliseconds
  /** Of the prepared transaction that holds the lock waited for. */
  readonly prepared: {
    readonly name: string
    readonly database: string
    readonly user: string
    readonly transactionMs: number
  } | null
}

/**
 * One look at the lock table for all who wait. A prepared transaction shows with pid 0 and no name; its own transaction id, which it
 * holds locked under the same virtual transaction, leads to it. Who waits for a row mostly has its tuple locked, which names the table;
 * else it is the only table that the session changes. A relation of another database has no name here.
 */
export const BLOCKING = `
  with waiting as materialized (
    select w.pid, pg_catalog.pg_blocking_pids(w.pid) as blocked_by
      from pg_catalog.unnest($1::int[]) as w (pid)),
  locks as materialized (
    select l.* from pg_catalog.pg_locks l
     where not l.granted or l.locktype = 'tuple' or l.pid is null
        or l.locktype = 'relation' and l.mode in ('RowExclusiveLock', 'RowShareLock')
           and l.pid = any($1::int[])),
  prepared as materialized (
    select h.locktype, h.database, h.relation, h.page, h.tuple, h.transactionid, h.classid, h.objid, h.objsubid,
           p.gid, p.database as database_name, p.owner,
           pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared) * 1000 as transaction_ms
      from locks h
      join locks t on t.pid is null and t.granted and t.locktype = 'transactionid'
       and t.virtualtransaction = h.virtualtransaction
      join pg_catalog.pg_prepared_xacts p on p.transaction = t.transactionid
     where h.pid is null and h.granted
       and exists (select from waiting w where 0 = any(w.blocked_by)))
  select w.pid                                                                              as pid,
         w.blocked_by                                                                       as blocked_by,
         k.locktype                                                                         as lock_type,
         k.mode                                                                             as lock_mode,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - k.waitstart) * 1000   as waited_ms,
         (select pg_catalog.format('%s.%s', n.nspname, c.relname)
            from (select t.relation, not t.granted or t.locktype = 'tuple' as is_the_one,
                         pg_catalog.count(*) over (partition by not t.granted or t.locktype = 'tuple') as tables,
                         t.granted
                    from locks t
                    join pg_catalog.pg_database d on d.oid = t.database and d.datname = pg_catalog.current_database()
                    join pg_catalog.pg_class k on k.oid = t.relation and k.relkind not in ('i', 'I')
                   where t.pid = w.pid) r
            join pg_catalog.pg_class c on c.oid = r.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where r.is_the_one or r.tables = 1
           order by r.is_the_one desc, r.granted
           limit 1)                                                                         as relation,
         h.gid                                                                              as gid,
         h.database_name                                                                    as prepared_database,
         h.owner                                                                            as prepared_user,
         h.transaction_ms                                                                   as prepared_ms,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp()) * 1000 as answer_ms
    from waiting w
    join locks k on k.pid = w.pid and not k.granted
    left join lateral (
      select p.* from prepared p
       where 0 = any(w.blocked_by)
         and p.locktype = k.locktype and p.database is not distinct from k.database
         and p.relation is not distinct from k.relation and p.page is not distinct from k.page
         and p.tuple is not distinct from k.tuple and p.transactionid is not distinct from k.transactionid
         and p.classid is not distinct from k.classid and p.objid is not distinct from k.objid
         and p.objsubid is not distinct from k.objsubid
       order by p.transaction_ms desc
       limit 1) h on true
   order by w.pid
   limit 1000`

/** Each costs a look through the whole lock table with all its parts locked: a longer queue is known by its first. */
export const MOST_WAITING = 100

export function parseEdge(raw: RawRow): BlockingEdge {
  const gid = textOrNull(raw, 'gid')
  return {
    pid: Number(raw.pid),
    blockedBy: [...new Set(numberArray(raw, 'blocked_by'))],
    lockType: textOrNull(raw, 'lock_type') ?? 'unknown',
    lockMode: textOrNull(raw, 'lock_mode') ?? 'unknown',
    relation: textOrNull(raw, 'relation'),
    waitedMs: Math.max(0, numberOrNull(raw, 'waited_ms') ?? 0),
    prepared:
      gid === null
        ? null
        : {
            name: gid,
            database: textOrNull(raw, 'prepared_database') ?? '',
            user: textOrNull(raw, 'prepared_user') ?? '',
            transactionMs: numberOrNull(raw, 'prepared_ms') ?? 0,
          },
  }
}
