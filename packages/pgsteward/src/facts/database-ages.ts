// How near each database is to wraparound, and what else is wrong with it as a whole. A state: idle databases age as well.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, isTrue, number, numberOrNull, text } from './column.ts'

export interface DatabaseAgeRow {
  readonly database: string
  readonly isTemplate: boolean
  readonly allowsConnections: boolean
  /** Transactions since the oldest unfrozen one; the server stops handing out new ids near 2.1 billion. */
  readonly frozenXidAge: number
  /** The same for multixacts. */
  readonly multixactAge: number
  /** Null where data checksums are off. */
  readonly checksumFailuresSinceReset: number | null
  readonly lastChecksumFailureAt: Date | null
  /** PostgreSQL 15+: the operating system sorts text otherwise than when the database was made; its indexes may be wrong. */
  readonly hasCollationMismatch: boolean
}

const DATABASE_AGES = (collationMismatch: string) => `
  select d.datname                            as database,
         d.datistemplate                      as is_template,
         d.datallowconn                       as allows_connections,
         pg_catalog.age(d.datfrozenxid)       as frozen_xid_age,
         pg_catalog.mxid_age(d.datminmxid)    as multixact_age,
         s.checksum_failures                  as checksum_failures_since_reset,
         s.checksum_last_failure              as last_checksum_failure_at,
         ${collationMismatch}                 as has_collation_mismatch
    from pg_catalog.pg_database d
    left join pg_catalog.pg_stat_database s on s.datid = d.oid
   order by d.datname
   limit 1000`

export const databaseAges = defineStateFact<DatabaseAgeRow>({
  id: 'database-ages',
  title: 'Freeze age, checksum failures and collation of each database',
  scope: 'cluster',
  everyMs: 5 * 60_000,
  variants: [
    { since: 140000, sql: DATABASE_AGES('false') },
    {
      since: 150000,
      sql: DATABASE_AGES(
        'coalesce(d.datcollversion <> pg_catalog.pg_database_collation_actual_version(d.oid), false)',
      ),
    },
  ],
  keyOf: (row) => row.database,
  parse: (raw) => ({
    database: text(raw, 'database'),
    isTemplate: isTrue(raw, 'is_template'),
    allowsConnections: isTrue(raw, 'allows_connections'),
    frozenXidAge: number(raw, 'frozen_xid_age'),
    multixactAge: number(raw, 'multixact_age'),
    checksumFailuresSinceReset: numberOrNull(raw, 'checksum_failures_since_reset'),
    lastChecksumFailureAt: dateOrNull(raw, 'last_checksum_failure_at'),
    hasCollationMismatch: isTrue(raw, 'has_collation_mismatch'),
  }),
  series: [{ name: 'database.frozenXidAge', unit: 'count', value: (row) => row.frozenXidAge }],
})
