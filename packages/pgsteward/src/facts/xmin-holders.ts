// What holds back vacuum's horizon: the oldest transactions, slots, standbys and prepared transactions that still see old rows.

import { defineStateFact } from '../model/fact.ts'
import { number, numberOrNull, text, textOrNull } from './column.ts'

export interface XminHolderRow {
  readonly kind: 'backend' | 'standby' | 'slot' | 'prepared transaction'
  /** pid, standby's application name, slot's name or prepared transaction's gid. */
  readonly name: string
  /** Null: it holds back every database. */
  readonly database: string | null
  readonly user: string | null
  /** Transactions begun since the oldest one that it may still see. */
  readonly xminAge: number
  readonly heldMs: number | null
  readonly detail: string
}

const XMIN_HOLDERS = `
  select h.kind, h.name, h.database, h.user_name, h.xmin_age, h.held_ms, h.detail
    from (select 'backend' as kind, a.pid::text as name, a.datname::text as database, a.usename::text as user_name,
                 greatest(pg_catalog.age(a.backend_xmin), pg_catalog.age(a.backend_xid)) as xmin_age,
                 extract(epoch from pg_catalog.clock_timestamp() - a.xact_start) * 1000 as held_ms,
                 coalesce(a.state, a.backend_type) as detail
            from pg_catalog.pg_stat_activity a
           where (a.backend_xmin is not null or a.backend_xid is not null)
             and a.backend_type <> 'walsender'
             and coalesce(a.application_name, '') not like 'pgsteward%'
           union all
          select 'standby', r.application_name, null, r.usename::text, pg_catalog.age(r.backend_xmin), null, r.state
            from pg_catalog.pg_stat_replication r
           where r.backend_xmin is not null
           union all
          select 'slot', s.slot_name::text, case when s.xmin is null then s.database::text end, null,
                 greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin)), null,
                 case when s.xmin is null then 'catalogs only' else 'all tables' end
            from pg_catalog.pg_replication_slots s
           where s.xmin is not null or s.catalog_xmin is not null
           union all
          select 'prepared transaction', p.gid, p.database::text, p.owner::text, pg_catalog.age(p.transaction),
                 extract(epoch from pg_catalog.clock_timestamp() - p.prepared) * 1000, 'prepared'
            from pg_catalog.pg_prepared_xacts p) h
   order by h.xmin_age desc, h.kind, h.name
   limit 50`

/** The 50 oldest, the oldest first. */
export const xminHolders = defineStateFact<XminHolderRow>({
  id: 'xmin-holders',
  title: 'What keeps vacuum from removing dead rows',
  scope: 'cluster',
  everyMs: 60_000,
  needsAllStats: true,
  variants: [{ since: 140000, sql: XMIN_HOLDERS }],
  keyOf: (row) => `${row.kind}/${row.name}`,
  parse: (raw) => ({
    kind: text(raw, 'kind') as XminHolderRow['kind'],
    name: text(raw, 'name'),
    database: textOrNull(raw, 'database'),
    user: textOrNull(raw, 'user_name'),
    xminAge: number(raw, 'xmin_age'),
    heldMs: numberOrNull(raw, 'held_ms'),
    detail: text(raw, 'detail'),
  }),
})
