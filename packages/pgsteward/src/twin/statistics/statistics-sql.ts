// What is asked of the target's statistics views. They show what the role may select, so a role with pg_monitor alone sees little, unless
// the owner's functions stand in for them.

import type { StatisticsSource } from '../../sql/statistics-access.ts'

/** Text arrays are one-dimensional here whatever the column's type: even an array column's values are quoted elements. */
const TEXTS = (column: string) => `(${column}::text)::text[]`

/** Ranges' histograms are in the view since 17; before, only pg_statistic has them, which a superuser may read. */
export function columnStatisticsSql(versionNum: number, { columns }: StatisticsSource): string {
  const ranges =
    versionNum >= 170_000
      ? `${TEXTS('s.range_length_histogram')} as range_lengths, s.range_empty_frac as range_empty, ${TEXTS('s.range_bounds_histogram')} as range_bounds`
      : 'null::text[] as range_lengths, null::real as range_empty, null::text[] as range_bounds'
  return `
select c.oid as relation_oid, a.attnum as number, s.inherited, s.null_frac, s.avg_width, s.n_distinct,
       ${TEXTS('s.most_common_vals')} as most_common_vals, s.most_common_freqs, ${TEXTS('s.histogram_bounds')} as histogram_bounds,
       s.correlation, ${TEXTS('s.most_common_elems')} as most_common_elems, s.most_common_elem_freqs, s.elem_count_histogram, ${ranges}
  from ${columns} s
  join pg_catalog.pg_namespace n on n.nspname = s.schemaname
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = s.attname
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by c.oid, a.attnum, s.inherited`
}

/** Kinds 6 and 7 of pg_statistic: range lengths (with the share of empty ranges) and range bounds. */
export const RANGE_STATISTICS_SQL = `
select s.starelid as relation_oid, s.staattnum as number, s.stainherit as inherited,
       (select ${TEXTS('k.vals')} from (values (s.stakind1, s.stavalues1::text), (s.stakind2, s.stavalues2::text), (s.stakind3, s.stavalues3::text),
          (s.stakind4, s.stavalues4::text), (s.stakind5, s.stavalues5::text)) k(kind, vals) where k.kind = 6 limit 1) as range_lengths,
       (select k.nums[1] from (values (s.stakind1, s.stanumbers1), (s.stakind2, s.stanumbers2), (s.stakind3, s.stanumbers3),
          (s.stakind4, s.stanumbers4), (s.stakind5, s.stanumbers5)) k(kind, nums) where k.kind = 6 limit 1) as range_empty,
       (select ${TEXTS('k.vals')} from (values (s.stakind1, s.stavalues1::text), (s.stakind2, s.stavalues2::text), (s.stakind3, s.stavalues3::text),
          (s.stakind4, s.stavalues4::text), (s.stakind5, s.stavalues5::text)) k(kind, vals) where k.kind = 7 limit 1) as range_bounds
  from pg_catalog.pg_statistic s
  join pg_catalog.pg_class c on c.oid = s.starelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and 7 in (s.stakind1, s.stakind2, s.stakind3, s.stakind4, s.stakind5)`

export const EXTENDED_SQL = `
select e.oid, n.nspname as schema, e.stxname as name, tn.nspname as table_schema, t.relname as table_name,
       pg_catalog.pg_get_statisticsobjdef(e.oid) as definition,
       (select pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, null) order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = e.stxrelid and a.attnum = any (e.stxkeys::smallint[])) as column_types
  from pg_catalog.pg_statistic_ext e
  join pg_catalog.pg_namespace n on n.oid = e.stxnamespace
  join pg_catalog.pg_class t on t.oid = e.stxrelid
  join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
 where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by e.oid`

/** `inherited` came with 15. MCV values are two-dimensional: one row an item. */
export function extendedDataSql({ extended }: StatisticsSource): string {
  return `
select s.statistics_schemaname as schema, s.statistics_name as name,
       coalesce((pg_catalog.to_jsonb(s) ->> 'inherited')::boolean, false) as inherited,
       s.n_distinct::text as distinct_text, s.dependencies::text as dependencies_text,
       pg_catalog.to_jsonb(s.most_common_vals) as mcv_values, pg_catalog.to_jsonb(s.most_common_val_nulls) as mcv_nulls,
       s.most_common_freqs as mcv_freqs, s.most_common_base_freqs as mcv_base_freqs
  from ${extended} s
 order by 1, 2, 3`
}

/** In the order of the expressions; their types come from the statistics object's own expressions. */
export function extendedExpressionsSql(versionNum: number, { expressions }: StatisticsSource): string {
  const inherited = versionNum >= 150_000 ? 's.inherited' : 'false as inherited'
  return `
select s.statistics_schemaname as schema, s.statistics_name as name, ${inherited}, s.expr, s.null_frac, s.avg_width, s.n_distinct,
       ${TEXTS('s.most_common_vals')} as most_common_vals, s.most_common_freqs, ${TEXTS('s.histogram_bounds')} as histogram_bounds,
       s.correlation, ${TEXTS('s.most_common_elems')} as most_common_elems, s.most_common_elem_freqs, s.elem_count_histogram,
       null::text[] as range_lengths, null::real as range_empty, null::text[] as range_bounds
  from ${expressions} s order by 1, 2, 3`
}
