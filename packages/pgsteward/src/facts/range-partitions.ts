// Tables that are divided into ranges of one column, a time or an integer: each partition with its bounds, and who keeps them up.

import { defineStateFact } from '../model/fact.ts'
import { numberOrNull, text, textOrNull } from './column.ts'

export interface PartitionRow {
  readonly schema: string
  readonly name: string
  /** As pg_get_expr writes it in UTC: `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`, `DEFAULT`. */
  readonly bound: string
  /** It is divided itself. */
  readonly isPartitioned: boolean
  /** DETACH CONCURRENTLY was begun and not finished. */
  readonly isDetaching: boolean
  readonly options: readonly string[]
  /** Null: the database's own. */
  readonly tablespace: string | null
  /** By an index: it would need one of its own. */
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | 'index'
}

export interface RangePartitionsRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  /** Its type as `format_type` spells it. */
  readonly key: { readonly column: string; readonly type: string }
  /** In no order that means anything; the default one is among them. */
  readonly partitions: readonly PartitionRow[]
  /** unknown: pg_partman is there, and the role may not read what it is configured for. Null: nobody that is known. */
  readonly keptUpBy: 'pg_partman' | 'unknown' | null
  /** Of the sequence that fills the key; null: none does, it is a time, or the role may not read it. */
  readonly lastValue: number | null
}

/**
 * At most 200 tables. Keys of several columns and expressions are left out, and what is pgsteward's own: its store makes partitions when their
 * first row comes, and a copy that is not swapped in yet has its own ranges.
 */
export const rangePartitions = defineStateFact<RangePartitionsRow>({
  id: 'range-partitions',
  title:
    'Tables divided into ranges of a time or a number, with the bounds of their partitions and who keeps them up',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  with divided as materialized (
         select c.oid, n.nspname, c.relname, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, null) as type
           from pg_catalog.pg_partitioned_table d
           join pg_catalog.pg_class c on c.oid = d.partrelid
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = d.partattrs[0]
          where d.partstrat = 'r' and d.partnatts = 1 and d.partattrs[0] > 0
            and a.atttypid in (20, 21, 23, 1082, 1114, 1184)
            and n.nspname not in ('pg_catalog', 'information_schema', 'pgsteward')
            and not exists (select from pg_catalog.pg_class s
                             where s.relnamespace = c.relnamespace
                               and c.relname like '%\\_partitioned'
                               and s.relname = pg_catalog.regexp_replace(c.relname, 'partitioned$', 'pgsteward_state'))
            and not exists (select from pg_catalog.pg_depend e
                             where e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and e.objid = c.oid and e.deptype = 'e')
          order by n.nspname, c.relname
          limit 200),
       -- known by its columns: it is installed as an extension, or by its script alone
       partman as materialized (
         select n.nspname,
                pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select') as is_readable
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relname = 'part_config' and c.relkind = 'r'
            and 2 = (select count(*) from pg_catalog.pg_attribute a
                      where a.attrelid = c.oid and a.attname in ('parent_table', 'partition_interval'))),
       kept as materialized (
         select x.parent_table
           from partman p
          cross join lateral xmltable('//row'
                passing case when p.is_readable then
                  pg_catalog.query_to_xml(pg_catalog.format('select parent_table from %I.part_config', p.nspname), false, false, '') end
                columns parent_table text path 'parent_table') x)
  select pg_catalog.current_database()                    as database,
         l.nspname                                        as schema,
         l.relname                                        as name,
         l.attname                                        as key_column,
         l.type                                           as key_type,
         case when exists (select from kept k where k.parent_table = l.nspname || '.' || l.relname) then 'pg_partman'
              when exists (select from partman p where not p.is_readable) then 'unknown' end as kept_up_by,
         (select pg_catalog.max(case when pg_catalog.has_sequence_privilege(s.seqrelid, 'usage, select')
                                     then pg_catalog.pg_sequence_last_value(s.seqrelid) end)
            from pg_catalog.pg_depend d
            join pg_catalog.pg_sequence s on s.seqrelid = d.objid
           where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
             and d.refobjid = l.oid and d.refobjsubid = l.attnum and d.deptype in ('a', 'i')) as last_value,
         (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
                   'schema', n.nspname,
                   'name', p.relname,
                   'bound', pg_catalog.pg_get_expr(p.relpartbound, p.oid),
                   'isPartitioned', p.relkind = 'p',
                   'isDetaching', i.inhdetachpending,
                   'options', coalesce(p.reloptions, '{}'),
                   'tablespace', t.spcname,
                   'replicaIdentity', case p.relreplident when 'd' then 'default' when 'n' then 'nothing' when 'f' then 'full' else 'index' end
                 ) order by n.nspname, p.relname), '[]'::json)
            from pg_catalog.pg_inherits i
            join pg_catalog.pg_class p on p.oid = i.inhrelid
            join pg_catalog.pg_namespace n on n.oid = p.relnamespace
            left join pg_catalog.pg_tablespace t on t.oid = p.reltablespace
           where i.inhparent = l.oid)                     as partitions
    from divided l
   order by l.nspname, l.relname`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    key: { column: text(raw, 'key_column'), type: text(raw, 'key_type') },
    partitions: raw.partitions as readonly PartitionRow[],
    keptUpBy: textOrNull(raw, 'kept_up_by') as RangePartitionsRow['keptUpBy'],
    lastValue: numberOrNull(raw, 'last_value'),
  }),
  series: [{ name: 'partition.lastValue', unit: 'count', value: ({ lastValue }) => lastValue }],
})
