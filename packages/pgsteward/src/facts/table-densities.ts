// How much of each table is free or dead, by pgstattuple_approx: it skips pages that vacuum knows to be all visible.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { number, text } from './column.ts'

export interface TableDensityRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly heapBytes: Bytes
  readonly freeBytes: Bytes
  readonly deadBytes: Bytes
  /** 0 to 1: pages that had to be read; the others' free space comes from the free space map. */
  readonly scannedRatio: number
  /** 0 to 1, what the table leaves free on purpose subtracted from 1. */
  readonly fillfactor: number
}

/** Bytes of pages that are not all visible and so have to be read, of all tables together. */
export const MEASURED_TABLE_BYTES = 512 * 1024 ** 2

export const tableDensities = defineStateFact<TableDensityRow>({
  id: 'table-densities',
  title: 'Free and dead space in tables, measured by pgstattuple within a budget of 512 MB',
  scope: 'database',
  everyMs: 6 * 3_600_000,
  extension: 'pgstattuple',
  variants: [
    {
      since: '1.5',
      sql: `
  with locked as materialized (
         select l.relation from pg_catalog.pg_locks l
          where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid()),
       candidate as materialized (
         select c.oid, c.relnamespace, c.relname, c.reloptions,
                sum(c.relpages - c.relallvisible) over (order by c.relpages desc, c.oid)
                  * current_setting('block_size')::bigint as bytes_so_far
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'heap'
          where c.relkind in ('r', 'm') and c.relpersistence <> 't'
            and c.relpages >= 1048576 / current_setting('block_size')::int
            and c.oid not in (select l.relation from locked l)
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast'))
  select pg_catalog.current_database()                  as database,
         n.nspname                                      as schema,
         c.relname                                      as name,
         d.table_len                                    as heap_bytes,
         d.approx_free_space                            as free_bytes,
         d.dead_tuple_len                               as dead_bytes,
         d.scanned_percent / 100                        as scanned_ratio,
         coalesce((select o.option_value::float8 from pg_catalog.pg_options_to_table(c.reloptions) o
                    where o.option_name = 'fillfactor'), 100) / 100 as fillfactor
    from candidate c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   cross join lateral pgstattuple_approx(c.oid::regclass) d
   where c.bytes_so_far <= ${MEASURED_TABLE_BYTES}
   order by n.nspname, c.relname
   limit 2000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    heapBytes: number(raw, 'heap_bytes'),
    freeBytes: number(raw, 'free_bytes'),
    deadBytes: number(raw, 'dead_bytes'),
    scannedRatio: number(raw, 'scanned_ratio'),
    fillfactor: number(raw, 'fillfactor'),
  }),
})
