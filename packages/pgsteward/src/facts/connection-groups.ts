// Connections by database, user, application, client and state: who holds them.

import { defineStateFact } from '../model/fact.ts'
import { number, numberOrNull, text, textOrNull } from './column.ts'

export interface ConnectionGroupRow {
  readonly database: string
  readonly user: string
  readonly application: string
  readonly clientAddress: string | null
  readonly state: string
  readonly connections: number
  /** How long the group's oldest has been in this state. */
  readonly longestInStateMs: number | null
}

const CONNECTION_GROUPS = `
  select coalesce(a.datname, '')                      as database,
         coalesce(a.usename, '')                      as user_name,
         a.application_name                           as application,
         pg_catalog.host(a.client_addr)               as client_address,
         coalesce(a.state, 'unknown')                 as state,
         pg_catalog.count(*)                          as connections,
         extract(epoch from pg_catalog.clock_timestamp() - pg_catalog.min(a.state_change)) * 1000 as longest_in_state_ms
    from pg_catalog.pg_stat_activity a
   where a.backend_type = 'client backend'
     and coalesce(a.application_name, '') not like 'pgsteward%'
   group by 1, 2, 3, 4, 5
   order by pg_catalog.count(*) desc, 1, 2, 3, 4, 5
   limit 500`

/** At most 500 groups, the largest first. */
export const connectionGroups = defineStateFact<ConnectionGroupRow>({
  id: 'connection-groups',
  title: 'Connections by database, user, application, client address and state',
  scope: 'cluster',
  everyMs: 60_000,
  needsAllStats: true,
  isUrgent: true,
  variants: [{ since: 140000, sql: CONNECTION_GROUPS }],
  keyOf: (row) =>
    [row.database, row.user, row.application, row.clientAddress ?? 'local', row.state].join('/'),
  parse: (raw) => ({
    database: text(raw, 'database'),
    user: text(raw, 'user_name'),
    application: text(raw, 'application'),
    clientAddress: textOrNull(raw, 'client_address'),
    state: text(raw, 'state'),
    connections: number(raw, 'connections'),
    longestInStateMs: numberOrNull(raw, 'longest_in_state_ms'),
  }),
})
