-- verify-indices.sql: ten questions about the indexes of a database. PostgreSQL 14 to 18, a role with pg_monitor is enough, nothing
-- is written. Run it by `psql -f verify-indices.sql URL`, or one query at a time in any client.
--
-- Questions 1 and 2 are about declared indexes: put them into the list below, or have it filled in from a Prisma project:
--     pgsteward verify --print-sql --prisma . | psql URL
-- Each is {"table", "keys", and where known "schema", "name", "unique"}, keys being columns or expressions without direction:
--     {"table": "member", "name": "member_church_id_last_name_idx", "keys": ["church_id", "last_name"]}

select pg_catalog.jsonb_array_length(pg_catalog.set_config('pgsteward.declared', $declared$
[]
$declared$, false)::jsonb) as declared_indexes;

-- 1. Is each declared index there, under its name and with its keys, and valid?
with declared as (
       select d.schema, d.table, d.name, coalesce(d.unique, false) as is_unique,
              pg_catalog.replace(d.keys::text, '\"', '')::jsonb as keys
         from pg_catalog.jsonb_to_recordset(coalesce(nullif(pg_catalog.current_setting('pgsteward.declared', true), ''), '[]')::jsonb)
              as d("schema" text, "table" text, "name" text, "keys" jsonb, "unique" boolean)),
     actual as materialized (
       select n.nspname as schema, t.relname as table_name, c.relname as name, x.indisvalid, x.indisunique,
              -- without quotes: which words need them is PostgreSQL's own matter
              (select pg_catalog.jsonb_agg(pg_catalog.replace(pg_catalog.pg_get_indexdef(c.oid, k, true), '"', '') order by k)
                 from pg_catalog.generate_series(1, x.indnkeyatts) k) as keys
         from pg_catalog.pg_index x
         join pg_catalog.pg_class c on c.oid = x.indexrelid
         join pg_catalog.pg_class t on t.oid = x.indrelid
         join pg_catalog.pg_namespace n on n.oid = t.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast'))
select d.table, d.name, d.keys,
       case when a.name is null and o.name is null then 'missing'
            when a.name is null then 'ok, under the name ' || o.name
            when d.keys is not null and a.keys <> d.keys then 'different: ' || a.keys::text
            when d.is_unique and not a.indisunique then 'different: not unique'
            when not a.indisvalid then 'invalid'
            else 'ok' end as status
  from declared d
  left join actual a on a.name = d.name and a.table_name = d.table and a.schema = coalesce(d.schema, a.schema)
  left join lateral (
         select e.name from actual e
          where a.name is null and e.table_name = d.table and e.schema = coalesce(d.schema, e.schema) and e.keys = d.keys
            and e.indisvalid and (e.indisunique or not d.is_unique)
          order by e.name limit 1) o on true
 order by case when a.name is null and o.name is null then 0 when a.indisvalid then 2 else 1 end, d.table, d.name
 limit 1000;

-- 2. Is each declared index used, and how large is it? Scans count since stats_since; last_scan is known from PostgreSQL 16 on.
with declared as (
       select d.schema, d.table, d.name
         from pg_catalog.jsonb_to_recordset(coalesce(nullif(pg_catalog.current_setting('pgsteward.declared', true), ''), '[]')::jsonb)
              as d("schema" text, "table" text, "name" text))
select s.schemaname as schema, s.relname as "table", s.indexrelname as name, s.idx_scan as scans,
       pg_catalog.to_jsonb(s) ->> 'last_idx_scan' as last_scan,
       pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(s.indexrelid)) as size,
       coalesce(b.stats_reset, pg_catalog.pg_postmaster_start_time()) as stats_since
  from pg_catalog.pg_stat_user_indexes s
  join pg_catalog.pg_stat_database b on b.datname = pg_catalog.current_database()
  join declared d on d.name = s.indexrelname and d.table = s.relname and s.schemaname = coalesce(d.schema, s.schemaname)
 order by s.idx_scan, pg_catalog.pg_relation_size(s.indexrelid) desc, s.indexrelname
 limit 1000;

-- 3. Which indexes are invalid? They are kept up by every write and used by no query: left over from a build that failed.
select n.nspname as schema, t.relname as "table", c.relname as name,
       pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(c.oid)) as size,
       exists (select from pg_catalog.pg_stat_progress_create_index p where p.relid = x.indrelid) as is_being_built,
       pg_catalog.format('drop index concurrently %I.%I', n.nspname, c.relname) as remedy
  from pg_catalog.pg_index x
  join pg_catalog.pg_class c on c.oid = x.indexrelid
  join pg_catalog.pg_class t on t.oid = x.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where not x.indisvalid and c.relkind = 'i'
 order by pg_catalog.pg_relation_size(c.oid) desc, n.nspname, c.relname
 limit 100;

-- 4. Which indexes are duplicates: the same method, keys, order, operator classes and predicate on one table?
select n.nspname as schema, t.relname as "table",
       pg_catalog.string_agg(c.relname::text, ', ' order by x.indisprimary desc, x.indisunique desc, c.relname) as names,
       pg_catalog.pg_size_pretty(sum(pg_catalog.pg_relation_size(c.oid))) as size_together
  from pg_catalog.pg_index x
  join pg_catalog.pg_class c on c.oid = x.indexrelid
  join pg_catalog.pg_class t on t.oid = x.indrelid
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
 where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind = 'i'
 group by n.nspname, t.relname, x.indrelid, c.relam, x.indkey::text, x.indnkeyatts, x.indclass::text, x.indcollation::text,
          x.indoption::text, coalesce(pg_catalog.pg_get_expr(x.indexprs, x.indrelid), ''),
          coalesce(pg_catalog.pg_get_expr(x.indpred, x.indrelid), '')
having count(*) > 1
 order by sum(pg_catalog.pg_relation_size(c.oid)) desc, n.nspname, t.relname
 limit 100;

-- 5. Which indexes has nobody scanned since stats_since, and no constraint needs? Look at every replica before dropping one.
select s.schemaname as schema, s.relname as "table", s.indexrelname as name,
       pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(s.indexrelid)) as size,
       coalesce(b.stats_reset, pg_catalog.pg_postmaster_start_time()) as stats_since
  from pg_catalog.pg_stat_user_indexes s
  join pg_catalog.pg_stat_database b on b.datname = pg_catalog.current_database()
  join pg_catalog.pg_index x on x.indexrelid = s.indexrelid
 where s.idx_scan = 0 and x.indisvalid and not x.indisunique and not x.indisreplident
   and not exists (select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid)
 order by pg_catalog.pg_relation_size(s.indexrelid) desc, s.schemaname, s.indexrelname
 limit 100;

-- 6. Which foreign keys have no index that starts with their columns? Deleting a parent's row then reads the whole child table.
select n.nspname as schema, t.relname as "table", k.conname as foreign_key, p.relname as parent,
       pg_catalog.string_agg(a.attname::text, ', ' order by u.place) as columns, t.reltuples::bigint as about_rows,
       pg_catalog.format('create index concurrently on %I.%I (%s)', n.nspname, t.relname,
                         pg_catalog.string_agg(pg_catalog.quote_ident(a.attname::text), ', ' order by u.place)) as remedy
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class t on t.oid = k.conrelid
  join pg_catalog.pg_class p on p.oid = k.confrelid
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
 cross join lateral pg_catalog.unnest(k.conkey) with ordinality u(attnum, place)
  join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum
 where k.contype = 'f' and k.conparentid = 0
   and not exists (
         select from pg_catalog.pg_index x
          where x.indrelid = k.conrelid and x.indisvalid and x.indpred is null
            and (x.indkey::int2[])[0:pg_catalog.cardinality(k.conkey) - 1] @> k.conkey)
 group by k.oid, n.nspname, t.relname, k.conname, p.relname, t.reltuples
 order by t.reltuples desc, n.nspname, t.relname, k.conname
 limit 100;

-- 7. Which large tables are read from end to end, and how often? rows_per_scan near the table's size is the sign of a missing index.
select s.schemaname as schema, s.relname as "table", s.seq_scan as sequential_scans, s.idx_scan as index_scans,
       s.seq_tup_read / nullif(s.seq_scan, 0) as rows_per_scan, s.n_live_tup as about_rows,
       pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(s.relid)) as size
  from pg_catalog.pg_stat_user_tables s
 where s.seq_scan > 0 and s.n_live_tup > 10000
 order by s.seq_tup_read desc, s.schemaname, s.relname
 limit 30;

-- 8. Do the indexes fit into memory? hit_ratio is the share of index blocks found in shared buffers (0 to 1).
select s.schemaname as schema, s.relname as "table", s.indexrelname as name,
       pg_catalog.round(s.idx_blks_hit / nullif(s.idx_blks_hit + s.idx_blks_read, 0)::numeric, 4) as hit_ratio,
       s.idx_blks_read as blocks_read, pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(s.indexrelid)) as size
  from pg_catalog.pg_statio_user_indexes s
 where s.idx_blks_hit + s.idx_blks_read > 0
 order by s.idx_blks_read desc, s.schemaname, s.indexrelname
 limit 30;

-- 9. How much of each B-tree would a rebuild free? An estimate from the catalogs, without deduplication, from 1 MB on; it needs the
-- right to read the tables' statistics (SELECT on them), and shows nothing for others.
with widths as (
       select x.indexrelid, x.indrelid,
              case when bool_or(a.attlen < 0 and s.avg_width is null) then null
                   else sum(case when a.attlen > 0 then ceil(a.attlen / 4.0) * 4 else s.avg_width end) end as data_width
         from pg_catalog.pg_index x
         join pg_catalog.pg_class c on c.oid = x.indexrelid and c.relkind = 'i' and c.relpages >= 128
         join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
         join pg_catalog.pg_class t on t.oid = x.indrelid
         join pg_catalog.pg_namespace n on n.oid = t.relnamespace
         join pg_catalog.pg_attribute a on a.attrelid = x.indexrelid
         left join pg_catalog.pg_attribute ta on ta.attrelid = x.indrelid and ta.attnum = x.indkey[a.attnum - 1]
         left join pg_catalog.pg_stats s on s.schemaname = n.nspname and not s.inherited
               and s.tablename = case when ta.attnum > 0 then t.relname else c.relname end
               and s.attname = case when ta.attnum > 0 then ta.attname else a.attname end
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        group by x.indexrelid, x.indrelid),
     fresh as (
       select w.indexrelid, w.indrelid, c.relname, c.relpages * b.block as size_bytes,
              ceil(c.reltuples / floor((b.block - 40) * 0.9 / (ceil((8 + w.data_width) / 8) * 8 + 4))) * 1.005 * b.block as fresh_bytes
         from widths w
         join pg_catalog.pg_class c on c.oid = w.indexrelid and c.reltuples > 0
        cross join (select pg_catalog.current_setting('block_size')::bigint as block) b)
select n.nspname as schema, t.relname as "table", f.relname as name, pg_catalog.pg_size_pretty(f.size_bytes) as size,
       pg_catalog.round(greatest(0, 1 - f.fresh_bytes / f.size_bytes)::numeric, 2) as bloat_ratio,
       pg_catalog.format('reindex index concurrently %I.%I', n.nspname, f.relname) as remedy
  from fresh f
  join pg_catalog.pg_class t on t.oid = f.indrelid
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
 where f.fresh_bytes is not null
 order by greatest(0, f.size_bytes - f.fresh_bytes) desc, n.nspname, f.relname
 limit 30;

-- 10. Which statements take most of the time? Needs the extension pg_stat_statements in this database; without it, this fails alone.
select pg_catalog.round(s.total_exec_time::numeric) as total_ms, s.calls,
       pg_catalog.round((s.total_exec_time / s.calls)::numeric, 2) as mean_ms,
       pg_catalog.round(s.rows / s.calls::numeric, 1) as rows_per_call,
       pg_catalog.round((s.shared_blks_hit + s.shared_blks_read) / s.calls::numeric) as blocks_per_call,
       pg_catalog.left(pg_catalog.regexp_replace(s.query, '\s+', ' ', 'g'), 120) as statement
  from pg_stat_statements s
 where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()) and s.calls > 0
 order by s.total_exec_time desc, s.queryid
 limit 20;
