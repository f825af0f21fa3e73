// How many connections there are, by state, against how many the server lets ordinary roles have.

import { defineStateFact } from '../model/fact.ts'
import { number, numberOrNull } from './column.ts'

/** One row. Client backends only, pgsteward's own left out of every count but `own`. */
export interface ConnectionsRow {
  readonly maxConnections: number
  /** superuser_reserved_connections and, from 16, reserved_connections. */
  readonly reservedConnections: number
  /** What ordinary roles can have together. */
  readonly usableConnections: number
  readonly total: number
  readonly active: number
  readonly idle: number
  readonly idleInTransaction: number
  /** Active, and waiting for a lock. */
  readonly blocked: number
  readonly own: number
  /** Of the oldest transaction of a client, in any state; null when there is none. */
  readonly oldestTransactionMs: number | null
}

const CONNECTIONS = `
  select s.max_connections                                                    as max_connections,
         s.reserved                                                           as reserved_connections,
         s.max_connections - s.reserved                                       as usable_connections,
         pg_catalog.count(*) filter (where not a.is_own)                      as total,
         pg_catalog.count(*) filter (where not a.is_own and a.state in ('active', 'fastpath function call')) as active,
         pg_catalog.count(*) filter (where not a.is_own and a.state = 'idle') as idle,
         pg_catalog.count(*) filter (where not a.is_own and a.state like 'idle in transaction%') as idle_in_transaction,
         pg_catalog.count(*) filter (where not a.is_own and a.wait_event_type = 'Lock') as blocked,
         pg_catalog.count(*) filter (where a.is_own)                          as own,
         extract(epoch from pg_catalog.clock_timestamp()
           - pg_catalog.min(a.xact_start) filter (where not a.is_own)) * 1000 as oldest_transaction_ms
    from (select pg_catalog.current_setting('max_connections')::int as max_connections,
                 pg_catalog.current_setting('superuser_reserved_connections')::int
                   + coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0) as reserved) s
    left join (select b.state, b.wait_event_type, b.xact_start, b.application_name like 'pgsteward%' as is_own
                 from pg_catalog.pg_stat_activity b
                where b.backend_type = 'client backend') a on true
   group by s.max_connections, s.reserved`

export const connections = defineStateFact<ConnectionsRow>({
  id: 'connections',
  title: 'Connections by state and how many are left',
  scope: 'cluster',
  everyMs: 10_000,
  needsAllStats: true,
  isUrgent: true,
  variants: [{ since: 140000, sql: CONNECTIONS }],
  keyOf: () => 'connections',
  parse: (raw) => ({
    maxConnections: number(raw, 'max_connections'),
    reservedConnections: number(raw, 'reserved_connections'),
    usableConnections: number(raw, 'usable_connections'),
    total: number(raw, 'total'),
    active: number(raw, 'active'),
    idle: number(raw, 'idle'),
    idleInTransaction: number(raw, 'idle_in_transaction'),
    blocked: number(raw, 'blocked'),
    own: number(raw, 'own'),
    oldestTransactionMs: numberOrNull(raw, 'oldest_transaction_ms'),
  }),
  series: [
    { name: 'connections.active', unit: 'count', value: (row) => row.active },
    { name: 'connections.idle', unit: 'count', value: (row) => row.idle },
    { name: 'connections.idleInTransaction', unit: 'count', value: (row) => row.idleInTransaction },
    { name: 'connections.blocked', unit: 'count', value: (row) => row.blocked },
    {
      name: 'connections.usedRatio',
      unit: 'ratio',
      value: (row) => (row.usableConnections > 0 ? row.total / row.usableConnections : null),
    },
    { name: 'connections.oldestTransaction', unit: 'ms', value: (row) => row.oldestTransactionMs },
  ],
})
