// What the heap of a table with so many rows should measure when written anew: an estimate from the catalogs alone, without reading it.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { number, text } from './column.ts'
import { type ColumnEstimate, REMAINDERS, storedColumn } from './column-estimates.ts'
import { freshHeapBytes } from './fresh-heap.ts'

export interface TableEstimateRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  /** As of the last vacuum or analyze, like the number of rows; without TOAST. */
  readonly heapBytes: Bytes
  readonly rows: number
  /** Null: the average width of a column is not known (never analyzed, or hidden from the role: pg_stats shows readable tables only). */
  readonly freshBytes: Bytes | null
  /** What pgstattuple would read until it has read this one, largest first: pages that are not all visible. */
  readonly budgetBytes: Bytes
}

interface TableColumn extends ColumnEstimate {
  readonly dropped: boolean
}

/** Largest first, 2,000 of those from 1 MB. The arithmetic is `freshHeapBytes`. */
export const tableEstimates = defineStateFact<TableEstimateRow>({
  id: 'table-estimates',
  title: 'Expected size of tables if they were written anew, from the catalogs',
  scope: 'database',
  everyMs: 3_600_000,
  variants: [
    {
      since: 140000,
      sql: `
  with large as materialized (
         select c.oid, n.nspname, c.relname, c.relpages, c.relallvisible, c.reltuples, c.reloptions,
                current_setting('block_size')::bigint as block,
                row_number() over (order by c.relpages desc, c.oid) as place
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'heap'
          where c.relkind in ('r', 'm') and c.relpersistence <> 't' and c.reltuples >= 0
            and c.relpages >= 1048576 / current_setting('block_size')::int
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
          order by c.relpages desc, c.oid
          limit 2000)
  select pg_catalog.current_database()  as database,
         l.nspname                      as schema,
         l.relname                      as name,
         l.relpages * l.block           as heap_bytes,
         l.block                        as block_bytes,
         l.reltuples                    as row_count,
         coalesce((select o.option_value::float8 from pg_catalog.pg_options_to_table(l.reloptions) o
                    where o.option_name = 'fillfactor'), 100) / 100 as fillfactor,
         d.columns                      as columns,
         sum((l.relpages - l.relallvisible) * l.block) over (order by l.relpages desc, l.oid) as budget_bytes
    from large l
   cross join lateral (
         select pg_catalog.json_agg(pg_catalog.json_build_object(
                  'width', case when a.attlen > 0 then a.attlen else s.avg_width end,
                  'varying', a.attlen < 0,
                  'alignment', case a.attalign when 'c' then 1 when 's' then 2 when 'i' then 4 else 8 end,
                  'nulls', s.null_frac,
                  'remainders', ${REMAINDERS('a.atttypid', 'l.place')},
                  'dropped', a.attisdropped) order by a.attnum) as columns
           from pg_catalog.pg_attribute a
           left join (
                -- offset: a table at a time by the indexes on names, never the whole of pg_statistic
                select s.attname, s.avg_width, s.null_frac, s.most_common_vals, s.most_common_freqs, s.histogram_bounds
                  from pg_catalog.pg_stats s
                 where s.schemaname = l.nspname and s.tablename = l.relname and not s.inherited
                offset 0) s on s.attname = a.attname
          where a.attrelid = l.oid and a.attnum > 0) d
   order by l.relpages desc, l.nspname, l.relname`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => {
    const columns = (raw.columns ?? []) as readonly TableColumn[]
    const live = columns.filter(({ dropped }) => !dropped)
    const rows = number(raw, 'row_count')
    return {
      database: text(raw, 'database'),
      schema: text(raw, 'schema'),
      name: text(raw, 'name'),
      heapBytes: number(raw, 'heap_bytes'),
      rows,
      freshBytes: live.some(({ width }) => width === null)
        ? null
        : freshHeapBytes({
            blockBytes: number(raw, 'block_bytes'),
            fillfactor: number(raw, 'fillfactor'),
            rows,
            columns: live.map(storedColumn),
            droppedColumns: columns.length - live.length,
          }),
      budgetBytes: number(raw, 'budget_bytes'),
    }
  },
})
