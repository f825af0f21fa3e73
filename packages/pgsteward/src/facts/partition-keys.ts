// Columns by which larger tables could be divided into ranges, and what would stand in the way: times and integers, with what ANALYZE
// knows of their values.

import { defineStateFact } from '../model/fact.ts'
import { keyNumber } from '../sql/key-value.ts'
import type { KeyColumn } from '../sql/partition/weigh-keys.ts'
import { number, text, textArray } from './column.ts'

export interface PartitionKeysRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly columns: readonly KeyColumn[]
  /** Foreign keys of other tables that point to this one: names. */
  readonly referencedBy: readonly string[]
  /** Unique and exclusion constraints and unique indexes beside the primary key, each with its columns. */
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** In the order of the key; empty: there is none. */
  readonly primaryKey: readonly string[]
  readonly views: number
}

interface RawColumn {
  readonly name: string
  readonly type: string
  readonly isNotNull: boolean
  readonly isGenerated: boolean
  readonly nullShare: number | null
  readonly correlation: number | null
  readonly distinct: number | null
  /** Every tenth of the histogram, or the most common values in order. */
  readonly values: readonly string[] | null
}

/** The role reads pg_stats for tables that it may read itself; of the others values stay unknown. */
export const partitionKeys = defineStateFact<PartitionKeysRow>({
  id: 'partition-keys',
  title: 'Columns by which larger tables could be partitioned, and what would stand in the way',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  with large as materialized (
         select c.oid, n.nspname, c.relname
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and not c.relispartition and c.relpersistence <> 't' and c.reltuples >= 10000
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            and not exists (select from pg_catalog.pg_depend d
                             where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
          order by c.reltuples desc, n.nspname, c.relname
          limit 200)
  select pg_catalog.current_database()                    as database,
         l.nspname                                        as schema,
         l.relname                                        as name,
         coalesce(k.columns, '[]'::json)                  as columns,
         array(select f.conname::text from pg_catalog.pg_constraint f
                where f.confrelid = l.oid and f.contype = 'f' and f.conparentid = 0
                order by f.conname)                       as referenced_by,
         (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('name', i.relname, 'columns',
                   array(select a.attname::text from pg_catalog.pg_attribute a
                          where a.attrelid = l.oid and a.attnum = any (x.indkey::int2[]) order by a.attnum)) order by i.relname), '[]'::json)
            from pg_catalog.pg_index x
            join pg_catalog.pg_class i on i.oid = x.indexrelid
           where x.indrelid = l.oid and not x.indisprimary and (x.indisunique or x.indisexclusion)) as unique_indexes,
         array(select a.attname::text
                 from pg_catalog.pg_index x
                cross join lateral pg_catalog.unnest(x.indkey::int2[]) with ordinality u(attnum, place)
                 join pg_catalog.pg_attribute a on a.attrelid = l.oid and a.attnum = u.attnum
                where x.indrelid = l.oid and x.indisprimary and u.place <= x.indnkeyatts
                order by u.place)                         as primary_key,
         (select count(distinct r.ev_class)
            from pg_catalog.pg_depend d
            join pg_catalog.pg_rewrite r on r.oid = d.objid
           where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
             and d.refobjid = l.oid and r.ev_class <> l.oid) as views
    from large l
    left join lateral (
         select pg_catalog.json_agg(pg_catalog.json_build_object(
                  'name', a.attname,
                  'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                  'isNotNull', a.attnotnull,
                  'isGenerated', a.attgenerated <> '',
                  'nullShare', s.null_frac,
                  'correlation', s.correlation,
                  'distinct', s.n_distinct,
                  'values', (select pg_catalog.array_agg(v.value order by v.place)
                               from pg_catalog.unnest(coalesce(s.histogram_bounds, s.most_common_vals)::text::text[])
                                    with ordinality v(value, place)
                              where s.histogram_bounds is null or (v.place - 1) % 10 = 0
                                 or v.place = pg_catalog.array_length(s.histogram_bounds::text::text[], 1))) order by a.attnum) as columns
           from pg_catalog.pg_attribute a
           left join pg_catalog.pg_stats s
                  on s.schemaname = l.nspname and s.tablename = l.relname and s.attname = a.attname and not s.inherited
          where a.attrelid = l.oid and a.attnum between 1 and 200 and not a.attisdropped
            and a.atttypid in (20, 21, 23, 1082, 1114, 1184)) k on true
   order by l.nspname, l.relname`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    columns: ((raw.columns ?? []) as readonly RawColumn[]).map(keyColumnOf),
    referencedBy: textArray(raw, 'referenced_by'),
    unique: (raw.unique_indexes ?? []) as PartitionKeysRow['unique'],
    primaryKey: textArray(raw, 'primary_key'),
    views: number(raw, 'views'),
  }),
})

function keyColumnOf({ values, nullShare, ...column }: RawColumn): KeyColumn {
  const numbers = (values ?? []).map((value) => keyNumber(column.type, value))
  const known = numbers.filter((value) => value !== null)
  return {
    ...column,
    nullShare: nullShare ?? 0,
    // infinity is no end that ranges could reach to
    buckets: known.length < numbers.length ? [] : known.toSorted((a, b) => a - b),
  }
}
