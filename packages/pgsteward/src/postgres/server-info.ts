// Reads what a server is: version, role, extensions, statistics' age. One round trip, two where identity may be read.

import type pg from 'pg'
import type { ServerInfo } from '../model/server-info.ts'
import { marked } from './mark.ts'

const SERVER_INFO = marked(
  'server-info',
  `select current_setting('server_version_num')::int                                          as version_num,
       split_part(current_setting('server_version'), ' ', 1)                               as version,
       pg_catalog.pg_is_in_recovery()                                                      as is_standby,
       pg_catalog.current_database()                                                       as database,
       current_user::text                                                                  as user_name,
       (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)       as is_superuser,
       pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')                  as can_read_all_stats,
       pg_catalog.pg_postmaster_start_time()                                               as started_at,
       -- a crash empties the statistics of databases and forgets their date; those of the archiver get a new one
       (select greatest(d.stats_reset, a.stats_reset)
          from pg_catalog.pg_stat_database d
         cross join pg_catalog.pg_stat_archiver a
         where d.datname = pg_catalog.current_database())                                  as stats_reset_at,
       (select coalesce(pg_catalog.jsonb_object_agg(e.extname, e.extversion), '{}')
          from pg_catalog.pg_extension e)                                                  as extensions,
       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
         and pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'execute') as may_read_control,
       -- the control file's timeline lags behind a promotion until the next checkpoint
       case when not pg_catalog.pg_is_in_recovery()
            then ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int
       end                                                                                 as timeline`,
)

const IDENTITY = marked(
  'server-identity',
  `select s.system_identifier::text as system_identifier, c.timeline_id as timeline
  from pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c`,
)

export async function readServerInfo(client: Pick<pg.Client, 'query'>): Promise<ServerInfo> {
  const row = (await client.query(SERVER_INFO)).rows[0]
  const identity = row.may_read_control
    ? (await client.query(IDENTITY).catch(() => null))?.rows[0]
    : undefined
  return {
    versionNum: row.version_num,
    version: row.version,
    role: row.is_standby ? 'standby' : 'primary',
    database: row.database,
    user: row.user_name,
    isSuperuser: row.is_superuser === true,
    canReadAllStats: row.can_read_all_stats === true || row.is_superuser === true,
    extensions: new Map(Object.entries(row.extensions as Record<string, string>)),
    startedAt: row.started_at,
    statsResetAt: row.stats_reset_at,
    systemIdentifier: identity?.system_identifier ?? null,
    timeline: row.timeline ?? identity?.timeline ?? null,
  }
}
