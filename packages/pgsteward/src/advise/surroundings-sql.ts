// The statements of read-surroundings.ts. System schemas, temporary tables and objects of extensions are left out.

import type { StatisticsSource } from '../sql/statistics-access.ts'

const OWN_SCHEMAS = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`
const NOT_OF_EXTENSION = `not exists (select from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')`

/** A partitioned table stands with the sums of its partitions, which are tables of their own too. */
export const TABLES_SQL = `
select c.oid::text as table_id, n.nspname as schema, c.relname as name,
  case when c.relkind = 'p' then coalesce(p.rows, 0) else greatest(c.reltuples, 0) end as rows,
  case when c.relkind = 'p' then coalesce(p.pages, 0) else c.relpages end as pages,
  case when c.relkind = 'p' then coalesce(p.visible, 0) else c.relallvisible end as all_visible_pages,
  case when c.relkind = 'p' then coalesce(p.size_bytes, 0) when c.relkind in ('v', 'f') then 0
    else pg_catalog.pg_relation_size(c.oid) end::float8 as size_bytes,
  coalesce(s.n_tup_upd, 0)::float8 as updates, coalesce(s.n_tup_del, 0)::float8 as deletes, coalesce(s.n_tup_hot_upd, 0)::float8 as hot_updates,
  case when c.relkind = 'v' then pg_catalog.pg_get_viewdef(c.oid) end as view_sql,
  array(select a.attname::text from pg_catalog.pg_index as i
    cross join lateral unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
    where i.indrelid = c.oid and i.indisprimary and k.place <= i.indnkeyatts order by k.place) as primary_key,
  array(select pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.replace(pg_catalog.replace(
      coalesce((select boot_val from pg_catalog.pg_settings where name = 'search_path'), 'public'),
      '"$user", ', ''), ' ', ''), ','))) as search_path,
  pg_catalog.current_setting('random_page_cost')::float8 as random_page_cost
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_stat_all_tables as s on s.relid = c.oid
left join lateral (
  select sum(greatest(l.reltuples, 0)) as rows, sum(l.relpages) as pages, sum(l.relallvisible) as visible,
    sum(pg_catalog.pg_relation_size(l.oid)) as size_bytes
  from pg_catalog.pg_partition_tree(c.oid) as t join pg_catalog.pg_class as l on l.oid = t.relid
  where t.isleaf and c.relkind = 'p') as p on c.relkind = 'p'
where c.relkind in ('r', 'p', 'm', 'v') and c.relpersistence <> 't' and ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION}
order by n.nspname, c.relname
limit 20000`

export function columnsSql({ columns }: StatisticsSource): string {
  return `
select c.oid::text as table_id, a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
  coalesce(l.collname in ('C', 'POSIX')
    or l.collname = 'default' and b.datcollate in ('C', 'POSIX'), a.attcollation = 0) as is_byte_ordered,
  s.avg_width as average_width, nullif(a.attlen, -1) as declared_width, s.null_frac as null_share,
  s.n_distinct as distinct_values, s.most_common_vals::text::text[] as common_values,
  s.most_common_freqs::text::text[] as common_shares, s.histogram_bounds::text::text[] as histogram,
  s.correlation as correlation
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_collation as l on l.oid = a.attcollation
left join pg_catalog.pg_database as b on b.datname = pg_catalog.current_database()
left join ${columns} as s on s.schemaname = n.nspname and s.tablename = c.relname
  and s.attname = a.attname and s.inherited = (c.relkind = 'p')
where c.relkind in ('r', 'p', 'm', 'v') and c.relpersistence <> 't' and ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION}
order by n.nspname, c.relname, a.attnum
limit 200000`
}

export const INDEXES_SQL = `
select n.nspname as schema, c.relname as table_name, x.relname as name, m.amname as method,
  array(select pg_catalog.pg_get_indexdef(i.indexrelid, k, true)
    from pg_catalog.generate_series(1, i.indnkeyatts::int) as k order by k) as keys,
  array(select pg_catalog.pg_get_indexdef(i.indexrelid, k, true)
    from pg_catalog.generate_series(i.indnkeyatts + 1, i.indnatts::int) as k order by k) as include,
  array(select i.indoption[k - 1]::text from pg_catalog.generate_series(1, i.indnkeyatts::int) as k order by k) as options,
  array(select case when o.opcdefault then '' else o.opcname::text end
    from pg_catalog.generate_series(1, i.indnkeyatts::int) as k
    join pg_catalog.pg_opclass as o on o.oid = i.indclass[k - 1] order by k) as operator_classes,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid, true) as predicate, i.indisunique as is_unique,
  exists (select from pg_catalog.pg_constraint as r where r.conindid = i.indexrelid) or i.indisreplident as is_constraint,
  array(select distinct a.attname::text from pg_catalog.pg_attribute as a
    where a.attrelid = c.oid and (a.attnum = any (i.indkey::int2[]) or exists (select from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = i.indexrelid
        and d.refobjid = c.oid and d.refobjsubid = a.attnum)) and a.attnum > 0 order by 1) as columns,
  pg_catalog.pg_relation_size(i.indexrelid)::float8 as size_bytes
from pg_catalog.pg_index as i
join pg_catalog.pg_class as c on c.oid = i.indrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as x on x.oid = i.indexrelid
join pg_catalog.pg_am as m on m.oid = x.relam
where i.indisvalid and c.relpersistence <> 't' and ${OWN_SCHEMAS} and ${NOT_OF_EXTENSION}
order by n.nspname, c.relname, x.relname
limit 50000`

export const FOREIGN_KEYS_SQL = `
select k.conname as name, n.nspname as child_schema, c.relname as child_table, q.nspname as parent_schema,
  p.relname as parent_table, k.confdeltype as on_delete, k.confupdtype as on_update,
  array(select a.attname::text from unnest(k.conkey) with ordinality as u(attnum, place)
    join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum order by u.place) as child_columns,
  array(select a.attname::text from unnest(k.confkey) with ordinality as u(attnum, place)
    join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.attnum order by u.place) as parent_columns
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c on c.oid = k.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as p on p.oid = k.confrelid
join pg_catalog.pg_namespace as q on q.oid = p.relnamespace
where k.contype = 'f' and k.conparentid = 0
order by n.nspname, c.relname, k.conname
limit 50000`

export const EXTENSIONS_SQL = `
select e.extname as name, n.nspname as schema
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
order by e.extname
limit 1000`
