// Which cluster and database a target is: what tells that two targets are a primary and its standby.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, isTrue, text } from './column.ts'

export interface IdentityRow {
  /** Made by initdb and shared by all standbys. */
  readonly systemIdentifier: string
  readonly database: string
  readonly isStandby: boolean
  /** Since when this server's own statistics are unbroken; null: not known. */
  readonly countedSince: Date | null
}

/** Unavailable where the role may not call pg_control_system. */
export const identity = defineStateFact<IdentityRow>({
  id: 'identity',
  title: 'Which cluster and database this is, and since when its statistics count',
  scope: 'database',
  everyMs: 5 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select s.system_identifier::text                 as system_identifier,
         pg_catalog.current_database()             as database,
         pg_catalog.pg_is_in_recovery()            as is_standby,
         -- a crash empties all statistics, and only those shared by the cluster keep its date
         greatest(d.stats_reset, a.stats_reset)    as counted_since
    from pg_catalog.pg_control_system() s
   cross join pg_catalog.pg_stat_archiver a
    join pg_catalog.pg_stat_database d on d.datname = pg_catalog.current_database()`,
    },
  ],
  keyOf: () => 'identity',
  parse: (raw) => ({
    systemIdentifier: text(raw, 'system_identifier'),
    database: text(raw, 'database'),
    isStandby: isTrue(raw, 'is_standby'),
    countedSince: dateOrNull(raw, 'counted_since'),
  }),
})
