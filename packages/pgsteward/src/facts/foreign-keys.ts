// Foreign keys of user tables: what they join, how large the referencing side is, and whether the referenced side changes.

import { defineStateFact } from '../model/fact.ts'
import { isTrue, number, text, textArray, textOrNull } from './column.ts'

export interface ForeignKeyRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  /** Quoted where needed, as in an index's key columns. */
  readonly columns: readonly string[]
  readonly referencedSchema: string
  readonly referencedTable: string
  readonly referencedColumns: readonly string[]
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  readonly isPartitioned: boolean
  /** Of a partitioned table: its largest partition, whose own indexes count as well. */
  readonly largestPartition: string | null
  /** Rows of the referencing table, of all its partitions where it has some. */
  readonly rows: number
  readonly referencedRows: number
  /** Since the last statistics reset: each of these looks for referencing rows. */
  readonly referencedDeletes: number
  readonly referencedUpdates: number
  readonly extension: string | null
}

/** At most 20,000 foreign keys. Those that a partition inherits are left out: their parent speaks for them. */
export const foreignKeys = defineStateFact<ForeignKeyRow>({
  id: 'foreign-keys',
  title: 'Foreign keys with the sizes of both sides and changes of the referenced one',
  scope: 'database',
  everyMs: 5 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select pg_catalog.current_database()                 as database,
         n.nspname                                     as schema,
         t.relname                                     as table_name,
         k.conname                                     as name,
         (select pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) order by u.position)
            from unnest(k.conkey) with ordinality u(attnum, position)
            join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum)  as columns,
         rn.nspname                                    as referenced_schema,
         r.relname                                     as referenced_table,
         (select pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) order by u.position)
            from unnest(k.confkey) with ordinality u(attnum, position)
            join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum) as referenced_columns,
         case k.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
                            when 'n' then 'set null' else 'set default' end as on_delete,
         t.relkind = 'p'                               as is_partitioned,
         p.largest                                     as largest_partition,
         greatest(case when t.relkind = 'p' then p.rows else t.reltuples end,
                  pg_catalog.pg_stat_get_live_tuples(t.oid), 0) as rows,
         greatest(r.reltuples, pg_catalog.pg_stat_get_live_tuples(r.oid), 0) as referenced_rows,
         case when r.relkind = 'p' then rp.deletes else pg_catalog.pg_stat_get_tuples_deleted(r.oid) end as referenced_deletes,
         case when r.relkind = 'p' then rp.updates else pg_catalog.pg_stat_get_tuples_updated(r.oid) end as referenced_updates,
         (select e.extname
            from pg_catalog.pg_depend d
            join pg_catalog.pg_extension e on e.oid = d.refobjid
           where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = t.oid and d.deptype = 'e'
             and d.refclassid = 'pg_catalog.pg_extension'::regclass)        as extension
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class t on t.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
    join pg_catalog.pg_class r on r.oid = k.confrelid
    join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
    left join lateral (
         select sum(greatest(c.reltuples, 0)) as rows,
                (pg_catalog.array_agg(c.relname order by c.relpages desc, c.relname))[1] as largest
           from pg_catalog.pg_partition_tree(t.oid) b
           join pg_catalog.pg_class c on c.oid = b.relid
          where b.isleaf) p on t.relkind = 'p'
    left join lateral (
         select sum(pg_catalog.pg_stat_get_tuples_deleted(b.relid)) as deletes,
                sum(pg_catalog.pg_stat_get_tuples_updated(b.relid)) as updates
           from pg_catalog.pg_partition_tree(r.oid) b
          where b.isleaf) rp on r.relkind = 'p'
   where k.contype = 'f'
     and k.conparentid = 0
     and t.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by n.nspname, t.relname, k.conname
   limit 20000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.table}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    table: text(raw, 'table_name'),
    name: text(raw, 'name'),
    columns: textArray(raw, 'columns'),
    referencedSchema: text(raw, 'referenced_schema'),
    referencedTable: text(raw, 'referenced_table'),
    referencedColumns: textArray(raw, 'referenced_columns'),
    onDelete: text(raw, 'on_delete') as ForeignKeyRow['onDelete'],
    isPartitioned: isTrue(raw, 'is_partitioned'),
    largestPartition: textOrNull(raw, 'largest_partition'),
    rows: number(raw, 'rows'),
    referencedRows: number(raw, 'referenced_rows'),
    referencedDeletes: number(raw, 'referenced_deletes'),
    referencedUpdates: number(raw, 'referenced_updates'),
    extension: textOrNull(raw, 'extension'),
  }),
})
