// How full the leaf pages of B-trees really are, by pgstatindex of the extension pgstattuple. It reads each index whole, so it is
// asked seldom and within a budget.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { number, text } from './column.ts'

export interface IndexDensityRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly sizeBytes: Bytes
  readonly blockBytes: Bytes
  readonly leafPages: number
  readonly internalPages: number
  /** Pages without entries, waiting to be used again. */
  readonly emptyPages: number
  /** 0 to 1 of a leaf page's space. */
  readonly leafDensity: number
  /** 0 to 1, to which the index fills its leaves when built. */
  readonly fillfactor: number
}

/** Read in one go: half a second from the cache, some seconds from a disk. Larger indexes are left to the estimate. */
export const MEASURED_INDEX_BYTES = { each: 128 * 1024 ** 2, all: 512 * 1024 ** 2 } as const

export const indexDensities = defineStateFact<IndexDensityRow>({
  id: 'index-densities',
  title: 'Density of B-tree leaf pages, measured by pgstattuple within a budget of 512 MB',
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
         select c.oid, c.relnamespace, c.relname, x.indrelid, c.reloptions,
                sum(pg_catalog.pg_relation_size(c.oid)) over (order by c.relpages desc, c.oid) as bytes_so_far
           from pg_catalog.pg_index x
           join pg_catalog.pg_class c on c.oid = x.indexrelid
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'i' and c.relpersistence <> 't' and x.indisvalid
            and c.relpages between 1048576 / current_setting('block_size')::bigint
                               and ${MEASURED_INDEX_BYTES.each} / current_setting('block_size')::bigint
            and c.oid not in (select l.relation from locked l)
            and x.indrelid not in (select l.relation from locked l)
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast'))
  select pg_catalog.current_database()                  as database,
         n.nspname                                      as schema,
         t.relname                                      as table_name,
         c.relname                                      as name,
         d.index_size                                   as size_bytes,
         current_setting('block_size')::int             as block_bytes,
         d.leaf_pages                                   as leaf_pages,
         d.internal_pages                               as internal_pages,
         d.empty_pages + d.deleted_pages                as empty_pages,
         -- an index without entries has no density: NaN
         coalesce(nullif(d.avg_leaf_density, 'NaN'), 0) / 100 as leaf_density,
         coalesce((select o.option_value::float8 from pg_catalog.pg_options_to_table(c.reloptions) o
                    where o.option_name = 'fillfactor'), 90) / 100 as fillfactor
    from candidate c
    join pg_catalog.pg_class t on t.oid = c.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   cross join lateral pgstatindex(c.oid::regclass) d
   where c.bytes_so_far <= ${MEASURED_INDEX_BYTES.all}
   order by n.nspname, c.relname
   limit 2000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    table: text(raw, 'table_name'),
    name: text(raw, 'name'),
    sizeBytes: number(raw, 'size_bytes'),
    blockBytes: number(raw, 'block_bytes'),
    leafPages: number(raw, 'leaf_pages'),
    internalPages: number(raw, 'internal_pages'),
    emptyPages: number(raw, 'empty_pages'),
    leafDensity: number(raw, 'leaf_density'),
    fillfactor: number(raw, 'fillfactor'),
  }),
})
