// Columns of tables that are large enough for a scan to be felt: names, types, widths. What a statement's text calls a column is
// looked up here.

import { defineStateFact } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { number, text } from './column.ts'

export interface TableColumn {
  readonly name: string
  /** As format_type writes it: `bigint`, `character varying(200)`. */
  readonly type: string
  /** Of a value, as ANALYZE saw it; null: not known, or hidden from the role (pg_stats shows readable tables only). */
  readonly averageWidth: Bytes | null
  /** Long values may be moved out of the row, to TOAST. */
  readonly mayBeToasted: boolean
}

export interface TableColumnsRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  /** In the table's own order; 200 at most. */
  readonly columns: readonly TableColumn[]
  /** Of the heap, or of all partitions' heaps, as of the last vacuum or analyze. */
  readonly heapBytes: Bytes
}

/** The role reads pg_stats for tables that it may read itself; of the others the widths stay unknown. */
export const tableColumns = defineStateFact<TableColumnsRow>({
  id: 'table-columns',
  title: 'Columns of the larger tables: names, types and widths',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  with large as materialized (
         select c.oid, n.nspname, c.relname, c.relpages, c.relkind = 'p' as is_partitioned
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
          where ((c.relkind in ('r', 'm') and c.relpages + coalesce(t.relpages, 0) >= 32) or c.relkind = 'p')
            and c.relpersistence <> 't' and not c.relispartition
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
          order by c.relpages + coalesce(t.relpages, 0) desc, n.nspname, c.relname
          limit 1000)
  select pg_catalog.current_database()                                          as database,
         l.nspname                                                              as schema,
         l.relname                                                              as name,
         case when l.is_partitioned
              then (select coalesce(sum(greatest(p.relpages, 0)), 0)
                      from pg_catalog.pg_partition_tree(l.oid) t
                      join pg_catalog.pg_class p on p.oid = t.relid
                     where t.isleaf)
              else l.relpages end * pg_catalog.current_setting('block_size')::float8 as heap_bytes,
         pg_catalog.json_agg(pg_catalog.json_build_object(
           'name', a.attname,
           'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
           'averageWidth', s.avg_width,
           'mayBeToasted', a.attlen < 0 and a.attstorage in ('x', 'e', 'm')) order by a.attnum) as columns
    from large l
    join pg_catalog.pg_attribute a on a.attrelid = l.oid and a.attnum between 1 and 200 and not a.attisdropped
    left join pg_catalog.pg_stats s
           on s.schemaname = l.nspname and s.tablename = l.relname and s.attname = a.attname
          and s.inherited = l.is_partitioned
   group by l.oid, l.nspname, l.relname, l.relpages, l.is_partitioned
   order by l.nspname, l.relname`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    columns: (raw.columns ?? []) as readonly TableColumn[],
    heapBytes: number(raw, 'heap_bytes'),
  }),
})
