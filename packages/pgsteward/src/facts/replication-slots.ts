// Replication slots and the WAL that each keeps from being removed.

import { defineStateFact } from '../model/fact.ts'
import { dateOrNull, isTrue, numberOrNull, text, textOrNull } from './column.ts'

export interface ReplicationSlotRow {
  readonly name: string
  readonly slotType: 'physical' | 'logical'
  /** Logical slots only. */
  readonly plugin: string | null
  readonly database: string | null
  readonly isTemporary: boolean
  readonly isActive: boolean
  /** Null: it never reserved WAL. */
  readonly retainedBytes: number | null
  /** Logical slots: WAL that its consumer has not confirmed. */
  readonly unconfirmedBytes: number | null
  /** 'reserved', 'extended', 'unreserved', 'lost'; null: none reserved. */
  readonly walStatus: string | null
  /** WAL that can still be written before the slot may be lost; null: max_slot_wal_keep_size sets no bound. */
  readonly safeWalBytes: number | null
  readonly xminAge: number | null
  readonly catalogXminAge: number | null
  /** PostgreSQL 17+: since when nobody streams from it; null before 17, or active. */
  readonly inactiveSince: Date | null
  /** PostgreSQL 17+: 'wal_removed', 'rows_removed', 'wal_level_insufficient', from 18 'idle_timeout'. */
  readonly invalidationReason: string | null
  /** PostgreSQL 17+: a standby's copy of a failover slot of its primary. */
  readonly isSynced: boolean
}

const REPLICATION_SLOTS = (columns: { inactive: string; invalidation: string; synced: string }) => `
  select s.slot_name                                                as name,
         s.slot_type                                                as slot_type,
         s.plugin                                                   as plugin,
         s.database                                                 as database,
         s.temporary                                                as is_temporary,
         s.active                                                   as is_active,
         pg_catalog.pg_wal_lsn_diff(w.lsn, s.restart_lsn)           as retained_bytes,
         pg_catalog.pg_wal_lsn_diff(w.lsn, s.confirmed_flush_lsn)   as unconfirmed_bytes,
         s.wal_status                                               as wal_status,
         s.safe_wal_size                                            as safe_wal_bytes,
         pg_catalog.age(s.xmin)                                     as xmin_age,
         pg_catalog.age(s.catalog_xmin)                             as catalog_xmin_age,
         ${columns.inactive}                                        as inactive_since,
         ${columns.invalidation}                                    as invalidation_reason,
         ${columns.synced}                                          as is_synced
    from pg_catalog.pg_replication_slots s
   cross join (select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
                           else pg_catalog.pg_current_wal_lsn() end as lsn) w
   order by s.slot_name
   limit 200`

export const replicationSlots = defineStateFact<ReplicationSlotRow>({
  id: 'replication-slots',
  title: 'Replication slots and the WAL they retain',
  scope: 'cluster',
  everyMs: 60_000,
  variants: [
    {
      since: 140000,
      sql: REPLICATION_SLOTS({ inactive: 'null::timestamptz', invalidation: 'null::text', synced: 'false' }),
    },
    {
      since: 170000,
      sql: REPLICATION_SLOTS({
        inactive: 's.inactive_since',
        invalidation: 's.invalidation_reason',
        synced: 's.synced',
      }),
    },
  ],
  keyOf: (row) => row.name,
  parse: (raw) => ({
    name: text(raw, 'name'),
    slotType: text(raw, 'slot_type') === 'logical' ? 'logical' : 'physical',
    plugin: textOrNull(raw, 'plugin'),
    database: textOrNull(raw, 'database'),
    isTemporary: isTrue(raw, 'is_temporary'),
    isActive: isTrue(raw, 'is_active'),
    retainedBytes: numberOrNull(raw, 'retained_bytes'),
    unconfirmedBytes: numberOrNull(raw, 'unconfirmed_bytes'),
    walStatus: textOrNull(raw, 'wal_status'),
    safeWalBytes: numberOrNull(raw, 'safe_wal_bytes'),
    xminAge: numberOrNull(raw, 'xmin_age'),
    catalogXminAge: numberOrNull(raw, 'catalog_xmin_age'),
    inactiveSince: dateOrNull(raw, 'inactive_since'),
    invalidationReason: textOrNull(raw, 'invalidation_reason'),
    isSynced: isTrue(raw, 'is_synced'),
  }),
  series: [{ name: 'slot.retained', unit: 'bytes', value: (row) => row.retainedBytes }],
})
