// What doctor looks at: everything that must be there for full depth, in one round trip.

import { defineStateFact } from '../model/fact.ts'
import { MAY_CALL_FUNCTIONS } from '../sql/statistics-access.ts'
import { isTrue, number, text, textArray, textOrNull } from './column.ts'

export interface PrerequisitesRow {
  readonly isEncrypted: boolean
  readonly tlsVersion: string | null
  /** Null where the role may not see it. */
  readonly preloadLibraries: string | null
  readonly statementsVersion: string | null
  readonly statementsAvailable: boolean
  readonly pgstattupleVersion: string | null
  readonly pgstattupleAvailable: boolean
  readonly computeQueryId: string
  readonly trackActivities: boolean
  readonly trackCounts: boolean
  readonly trackIoTiming: boolean
  readonly queryTextBytes: string
  readonly isSuperuser: boolean
  readonly hasMonitor: boolean
  readonly canWrite: boolean
  /** Schemas with sequences whose value the role may not read; pg_monitor does not cover them. */
  readonly unreadableSequenceSchemas: readonly string[]
  /** Tables that the role may not select from, so that pg_stats hides their columns. */
  readonly unreadableTables: number
  /** Extended statistics on tables of others, which PostgreSQL shows to the owner alone. */
  readonly hiddenExtendedStatistics: number
  readonly hasStatisticsFunctions: boolean
  readonly user: string
  readonly database: string
  /** pgbouncer and its kind do not keep the backend: the same session would meet another pid. */
  readonly backendPid: string
  readonly clientAddress: string | null
}

export const prerequisites = defineStateFact<PrerequisitesRow>({
  id: 'prerequisites',
  title: 'Encryption, privileges, extensions and settings that full depth needs',
  scope: 'database',
  everyMs: 10 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select coalesce(s.ssl, false)                                                        as is_encrypted,
         s.version                                                                     as tls_version,
         (select g.setting from pg_catalog.pg_settings g where g.name = 'shared_preload_libraries') as preload_libraries,
         (select e.extversion from pg_catalog.pg_extension e where e.extname = 'pg_stat_statements') as statements_version,
         exists (select from pg_catalog.pg_available_extensions a where a.name = 'pg_stat_statements') as statements_available,
         (select e.extversion from pg_catalog.pg_extension e where e.extname = 'pgstattuple') as pgstattuple_version,
         exists (select from pg_catalog.pg_available_extensions a where a.name = 'pgstattuple') as pgstattuple_available,
         pg_catalog.current_setting('compute_query_id')                                as compute_query_id,
         pg_catalog.current_setting('track_activities')::bool                          as track_activities,
         pg_catalog.current_setting('track_counts')::bool                              as track_counts,
         pg_catalog.current_setting('track_io_timing')::bool                           as track_io_timing,
         pg_catalog.current_setting('track_activity_query_size')                       as query_text_bytes,
         r.rolsuper                                                                    as is_superuser,
         pg_catalog.pg_has_role(current_user, 'pg_monitor', 'member')                  as has_monitor,
         exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
                    and n.nspname !~ '^pg_'
                    and pg_catalog.has_table_privilege(c.oid, 'insert, update, delete, truncate')) as can_write,
         (select pg_catalog.array_agg(distinct n.nspname::text order by n.nspname::text)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           -- case, not and: the function refuses what is no sequence, and the order of conditions is the planner's choice
           where case when c.relkind = 'S' and c.relpersistence <> 't'
                      then not pg_catalog.has_sequence_privilege(c.oid, 'select, usage')
                 end)                                                                  as unreadable_sequence_schemas,
         (select count(*) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
             and not pg_catalog.has_table_privilege(c.oid, 'select'))                  as unreadable_tables,
         (select count(*) from pg_catalog.pg_statistic_ext e join pg_catalog.pg_class c on c.oid = e.stxrelid
           where not pg_catalog.pg_has_role(c.relowner, 'usage'))                       as hidden_extended_statistics,
         (${MAY_CALL_FUNCTIONS})                                                       as has_statistics_functions,
         current_user::text                                                            as user_name,
         pg_catalog.current_database()                                                 as database,
         pg_catalog.pg_backend_pid()::text                                             as backend_pid,
         pg_catalog.inet_client_addr()::text                                           as client_address
    from pg_catalog.pg_roles r
    left join pg_catalog.pg_stat_ssl s on s.pid = pg_catalog.pg_backend_pid()
   where r.rolname = current_user`,
    },
  ],
  keyOf: () => 'prerequisites',
  parse: (raw) => ({
    isEncrypted: isTrue(raw, 'is_encrypted'),
    tlsVersion: textOrNull(raw, 'tls_version'),
    preloadLibraries: textOrNull(raw, 'preload_libraries'),
    statementsVersion: textOrNull(raw, 'statements_version'),
    statementsAvailable: isTrue(raw, 'statements_available'),
    pgstattupleVersion: textOrNull(raw, 'pgstattuple_version'),
    pgstattupleAvailable: isTrue(raw, 'pgstattuple_available'),
    computeQueryId: text(raw, 'compute_query_id'),
    trackActivities: isTrue(raw, 'track_activities'),
    trackCounts: isTrue(raw, 'track_counts'),
    trackIoTiming: isTrue(raw, 'track_io_timing'),
    queryTextBytes: text(raw, 'query_text_bytes'),
    isSuperuser: isTrue(raw, 'is_superuser'),
    hasMonitor: isTrue(raw, 'has_monitor'),
    canWrite: isTrue(raw, 'can_write'),
    unreadableSequenceSchemas: textArray(raw, 'unreadable_sequence_schemas'),
    unreadableTables: number(raw, 'unreadable_tables'),
    hiddenExtendedStatistics: number(raw, 'hidden_extended_statistics'),
    hasStatisticsFunctions: isTrue(raw, 'has_statistics_functions'),
    user: text(raw, 'user_name'),
    database: text(raw, 'database'),
    backendPid: text(raw, 'backend_pid'),
    clientAddress: textOrNull(raw, 'client_address'),
  }),
})
