// How far back the oldest transaction reaches that may still see old rows: one number a minute. `xmin-holders` says who.

import { defineStateFact } from '../model/fact.ts'
import { numberOrNull } from './column.ts'

/** One row. Ages in transactions; null where nothing of the kind holds anything back. */
export interface XminHorizonRow {
  readonly backendAge: number | null
  readonly slotAge: number | null
  readonly preparedAge: number | null
}

const XMIN_HORIZON = `
  select (select pg_catalog.max(greatest(pg_catalog.age(a.backend_xmin), pg_catalog.age(a.backend_xid)))
            from pg_catalog.pg_stat_activity a
           where coalesce(a.application_name, '') not like 'pgsteward%') as backend_age,
         (select pg_catalog.max(greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin)))
            from pg_catalog.pg_replication_slots s)                      as slot_age,
         (select pg_catalog.max(pg_catalog.age(p.transaction))
            from pg_catalog.pg_prepared_xacts p)                         as prepared_age`

export const xminHorizon = defineStateFact<XminHorizonRow>({
  id: 'xmin-horizon',
  title: 'Age of the oldest transaction that keeps vacuum from removing dead rows',
  scope: 'cluster',
  everyMs: 60_000,
  needsAllStats: true,
  variants: [{ since: 140000, sql: XMIN_HORIZON }],
  keyOf: () => 'xmin',
  parse: (raw) => ({
    backendAge: numberOrNull(raw, 'backend_age'),
    slotAge: numberOrNull(raw, 'slot_age'),
    preparedAge: numberOrNull(raw, 'prepared_age'),
  }),
  series: [
    {
      name: 'xmin.oldestAge',
      unit: 'count',
      value: (row) => Math.max(row.backendAge ?? 0, row.slotAge ?? 0, row.preparedAge ?? 0),
    },
  ],
})
