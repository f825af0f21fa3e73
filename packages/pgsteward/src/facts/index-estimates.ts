// What a B-tree of so many entries should measure when freshly built: an estimate from the catalogs alone, without reading it.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { number, numberOrNull, text } from './column.ts'

export interface IndexEstimateRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  /** As of the last vacuum, analyze or build, like the number of entries. */
  readonly sizeBytes: Bytes
  readonly entries: number
  /** Null: the average width of a column is not known (never analyzed, or hidden from the role: pg_stats shows readable tables only). */
  readonly freshBytes: Bytes | null
}

/**
 * Method: entries x (8 bytes header + aligned columns + 4 bytes line pointer) on pages of (block - 24 header - 16 special) x
 * fillfactor, and 1 inner page for 200 leaves. Left out on purpose: deduplication and nulls, which make a fresh index smaller, so
 * the estimate errs towards "not bloated". Columns of type name are stored otherwise and not estimated. Indexes from 1 MB.
 */
export const indexEstimates = defineStateFact<IndexEstimateRow>({
  id: 'index-estimates',
  title: 'Expected size of B-tree indexes if they were rebuilt, from the catalogs',
  scope: 'database',
  everyMs: 3_600_000,
  variants: [
    {
      since: 140000,
      sql: `
  with widths as materialized (
         select x.indexrelid, x.indrelid,
                case when bool_or(a.atttypid = 'name'::regtype) then null
                     -- sum() would skip what is unknown
                     when bool_or(a.attlen < 0 and s.avg_width is null) then null
                     else sum(case when a.attlen > 0
                                   then ceil(a.attlen::float8 / l.bytes) * l.bytes
                                   else s.avg_width end)
                end as data_width
           from pg_catalog.pg_index x
           join pg_catalog.pg_class c on c.oid = x.indexrelid
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
           join pg_catalog.pg_class t on t.oid = x.indrelid
           join pg_catalog.pg_namespace n on n.oid = t.relnamespace
           join pg_catalog.pg_attribute a on a.attrelid = x.indexrelid
           left join pg_catalog.pg_attribute ta on ta.attrelid = x.indrelid and ta.attnum = x.indkey[a.attnum - 1]
           -- an expression has statistics under the index's own name
           left join pg_catalog.pg_stats s
                  on s.schemaname = n.nspname and not s.inherited
                 and s.tablename = case when ta.attnum > 0 then t.relname else c.relname end
                 and s.attname = case when ta.attnum > 0 then ta.attname else a.attname end
          cross join lateral (select case a.attalign when 'c' then 1 when 's' then 2 when 'i' then 4 else 8 end as bytes) l
          where c.relkind = 'i' and c.relpersistence <> 't' and x.indisvalid
            and c.relpages >= 1048576 / current_setting('block_size')::int
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
          group by x.indexrelid, x.indrelid)
  select pg_catalog.current_database()                        as database,
         n.nspname                                            as schema,
         t.relname                                            as table_name,
         c.relname                                            as name,
         c.relpages * b.block                                 as size_bytes,
         c.reltuples                                          as entries,
         (1 + ceil(ceil(c.reltuples / floor((b.block - 40) * b.fill / (ceil((8 + w.data_width) / 8) * 8 + 4))) * 1.005)) * b.block
                                                              as fresh_bytes
    from widths w
    join pg_catalog.pg_class c on c.oid = w.indexrelid
    join pg_catalog.pg_class t on t.oid = w.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   cross join lateral (
         select current_setting('block_size')::bigint as block,
                coalesce((select o.option_value::float8 from pg_catalog.pg_options_to_table(c.reloptions) o
                           where o.option_name = 'fillfactor'), 90) / 100 as fill) b
   where c.reltuples >= 0
   order by c.relpages desc, n.nspname, c.relname
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
    entries: number(raw, 'entries'),
    freshBytes: numberOrNull(raw, 'fresh_bytes'),
  }),
})
