// What is asked of the target's catalogs to rebuild its schema. Run with an empty search_path, so that every name outside
// pg_catalog comes qualified. Objects of extensions come with their extension and are left out here.

/** Whether an object is outside PostgreSQL's own schemas and not part of an extension. */
const OURS = (namespace: string, oid: string, catalog: string) => `
  ${namespace} !~ '^pg_' and ${namespace} <> 'information_schema'
  and not exists (select 1 from pg_catalog.pg_depend e where e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
                   and e.objid = ${oid} and e.deptype = 'e')`

export const DATABASE_SQL = `
select d.datname as name, pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate, d.datctype as ctype,
       pg_catalog.to_jsonb(d) ->> 'datlocprovider' as provider,
       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') as locale,
       pg_catalog.current_setting('block_size')::integer as block_size
  from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()`

/** reset_val: what a new session has, before this one was bounded. */
export const SETTINGS_SQL = `
select s.name, s.reset_val as value from pg_catalog.pg_settings s
 where s.context in ('user', 'superuser')
   and (s.category like 'Query Tuning%'
     or s.name in ('work_mem', 'hash_mem_multiplier', 'max_parallel_workers_per_gather', 'parallel_leader_participation',
                   'debug_parallel_query', 'force_parallel_mode', 'search_path', 'timezone', 'datestyle', 'intervalstyle',
                   'standard_conforming_strings', 'backslash_quote', 'transform_null_equals', 'quote_all_identifiers',
                   'default_text_search_config', 'array_nulls', 'extra_float_digits', 'bytea_output', 'row_security'))
   and s.reset_val is not null
 order by s.name`

export const OVERRIDES_SQL = `
select r.rolname as role, d.datname as database, o.setconfig as settings
  from pg_catalog.pg_db_role_setting o
  left join pg_catalog.pg_roles r on r.oid = o.setrole
  left join pg_catalog.pg_database d on d.oid = o.setdatabase
 where o.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
 order by 1, 2 limit 1000`

export const EXTENSIONS_SQL = `
select e.extname as name, e.extversion as version, n.nspname as schema
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
 where e.extname not in ('plpgsql', 'hypopg') order by 1`

export const SCHEMAS_SQL = `
select n.nspname as name from pg_catalog.pg_namespace n
 where n.nspname <> 'public' and ${OURS('n.nspname', 'n.oid', 'pg_namespace')} order by 1`

export const TYPES_SQL = `
select t.oid, n.nspname as schema, t.typname as name, t.typtype as kind,
       (select pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels,
       pg_catalog.format_type(t.typbasetype, t.typtypmod) as base, t.typnotnull as is_not_null, t.typdefault as default_sql,
       (select pg_catalog.array_agg('constraint ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid) order by k.conname)
          from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c') as checks,
       (select pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) order by a.attnum)
          from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as attributes,
       pg_catalog.format_type(r.rngsubtype, null) as subtype,
       case when r.rngsubdiff::oid <> 0 then r.rngsubdiff::text end as subtype_diff,
       case when co.oid is not null and t.typcollation <> bt.typcollation
            then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end as collation
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_range r on r.rngtypid = t.oid
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  left join pg_catalog.pg_type bt on bt.oid = t.typbasetype
  left join pg_catalog.pg_collation co on co.oid = t.typcollation
  left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
 where ${OURS('n.nspname', 't.oid', 'pg_type')}
   and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c') or (t.typtype = 'b' and t.typelem = 0))
 order by case t.typtype when 'e' then 0 when 'c' then 1 else 2 end, t.oid`

export const COLLATIONS_SQL = `
select n.nspname as schema, c.collname as name, c.collprovider as provider, c.collisdeterministic as is_deterministic,
       coalesce(pg_catalog.to_jsonb(c) ->> 'colllocale', pg_catalog.to_jsonb(c) ->> 'colliculocale', c.collcollate) as locale
  from pg_catalog.pg_collation c join pg_catalog.pg_namespace n on n.oid = c.collnamespace
 where ${OURS('n.nspname', 'c.oid', 'pg_collation')} order by 1, 2`

export const SEQUENCES_SQL = `
select n.nspname as schema, c.relname as name, pg_catalog.format_type(s.seqtypid, null) as type
  from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where ${OURS('n.nspname', 'c.oid', 'pg_class')}
   and not exists (select 1 from pg_catalog.pg_depend i where i.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                    and i.objid = c.oid and i.deptype = 'i')
 order by 1, 2`

export const FUNCTIONS_SQL = `
select p.oid, n.nspname as schema, p.proname as name, p.prokind as kind, l.lanname as language,
       pg_catalog.pg_get_function_arguments(p.oid) as arguments, pg_catalog.pg_get_function_identity_arguments(p.oid) as identity_arguments,
       pg_catalog.pg_get_function_result(p.oid) as result, p.provolatile as volatility, p.proisstrict as is_strict,
       p.proleakproof as is_leakproof, p.proparallel as parallel, p.procost as cost, p.prorows as rows, p.prosecdef as is_definer,
       p.proretset as is_set, p.proconfig as settings, p.prosrc as source,
       case when p.prokind <> 'a' then pg_catalog.pg_get_function_sqlbody(p.oid) end as sql_body,
       g.aggkind as aggregate_kind, g.aggtransfn::text as transition, pg_catalog.format_type(g.aggtranstype, null) as state_type,
       case when g.aggfinalfn::oid <> 0 then g.aggfinalfn::text end as final,
       case when g.aggcombinefn::oid <> 0 then g.aggcombinefn::text end as combine, g.agginitval as initial
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  join pg_catalog.pg_language l on l.oid = p.prolang
  left join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid
 where ${OURS('n.nspname', 'p.oid', 'pg_proc')}
   and p.prorettype not in ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
   and not exists (select 1 from pg_catalog.pg_depend i where i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                    and i.objid = p.oid and i.deptype = 'i')
 order by case p.prokind when 'a' then 1 else 0 end, p.oid`

export const TABLES_SQL = `
select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind, c.relispartition as is_partition, c.reloptions as options,
       c.relpages as pages, c.reltuples as rows, c.relallvisible as all_visible_pages, c.relrowsecurity as has_row_security,
       pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound,
       case c.relkind when 'p' then pg_catalog.pg_get_partkeydef(c.oid) when 'm' then pg_catalog.pg_get_viewdef(c.oid) end as definition,
       coalesce(am.amname, 'heap') as access_method,
       s.n_tup_ins as inserted, s.n_tup_upd as updated, s.n_tup_hot_upd as hot_updated, s.n_tup_del as deleted,
       pg_catalog.has_table_privilege(c.oid, 'select') or pg_catalog.has_any_column_privilege(c.oid, 'select') as is_readable
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_am am on am.oid = c.relam
  left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
 where c.relkind in ('r', 'p', 'm', 'f') and c.relpersistence <> 't' and ${OURS('n.nspname', 'c.oid', 'pg_class')}
 order by case c.relkind when 'm' then 1 else 0 end, c.oid`

/** Dropped columns keep their place: statistics and keys speak of columns by number. */
export const COLUMNS_SQL = `
select a.attrelid as table_oid, a.attnum as number, a.attname as name, a.attisdropped as is_dropped, a.attnotnull as is_not_null,
       pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attgenerated as generated, a.attidentity as identity,
       case when not a.attisdropped then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default_sql,
       case when a.attcollation <> 0 and a.attcollation <> t.typcollation
            then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end as collation
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_catalog.pg_collation co on co.oid = a.attcollation
  left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
 where a.attnum > 0 and c.relkind in ('r', 'p', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by a.attrelid, a.attnum`

export const CONSTRAINTS_SQL = `
select k.oid, k.conrelid as table_oid, k.conname as name, k.contype as kind, pg_catalog.pg_get_constraintdef(k.oid) as definition,
       rn.nspname as referenced_schema, r.relname as referenced_name, k.confdeltype as on_delete, k.confupdtype as on_update,
       (select pg_catalog.array_agg(a.attname::text order by u.place) from pg_catalog.unnest(k.conkey) with ordinality u(number, place)
          join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) as columns,
       (select pg_catalog.array_agg(a.attname::text order by u.place) from pg_catalog.unnest(k.confkey) with ordinality u(number, place)
          join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number) as referenced_columns
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_namespace n on n.oid = k.connamespace
  left join pg_catalog.pg_class r on r.oid = k.confrelid
  left join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
 where k.conrelid <> 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and (k.contype = 'c' or (k.contype = 'f' and k.conparentid = 0))
 order by k.conrelid, k.conname`

export const INHERITANCE_SQL = `
select i.inhrelid as child_oid, i.inhparent as parent_oid, n.nspname as schema, c.relname as name, c.relkind as kind
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhparent
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 order by i.inhrelid, i.inhseqno`

export const INDEXES_SQL = `
select c.oid, x.indrelid as table_oid, n.nspname as schema, c.relname as name, am.amname as method, x.indisunique as is_unique,
       x.indisprimary as is_primary, x.indisvalid as is_valid, x.indnkeyatts as keys, x.indkey::text as numbers, x.indoption::text as options,
       (select pg_catalog.array_agg(case when o.opcdefault then null else pg_catalog.quote_ident(m.nspname) || '.' || pg_catalog.quote_ident(o.opcname) end order by u.place)
          from pg_catalog.unnest(x.indclass::oid[]) with ordinality u(opclass, place)
          join pg_catalog.pg_opclass o on o.oid = u.opclass join pg_catalog.pg_namespace m on m.oid = o.opcnamespace) as operator_classes,
       pg_catalog.pg_get_indexdef(x.indexrelid) as definition, pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
       (select pg_catalog.array_agg(pg_catalog.pg_get_indexdef(x.indexrelid, place::integer, false) order by place)
          from pg_catalog.generate_series(1, x.indnatts) place) as key_sql,
       (select pg_catalog.array_agg(pg_catalog.format_type(case y.typtype when 'd' then y.typbasetype else y.oid end, null) order by a.attnum)
          from pg_catalog.pg_attribute a join pg_catalog.pg_type y on y.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0) as key_types,
       c.relpages as pages, c.reltuples as rows, c.relkind as kind,
       pg_catalog.pg_stat_get_numscans(x.indexrelid) as scans,
       k.conname as constraint_name, pg_catalog.pg_get_constraintdef(k.oid) as constraint_sql,
       (select pg_catalog.split_part(o, '=', 2)::integer from pg_catalog.unnest(c.reloptions) o where o like 'pages_per_range=%') as pages_per_range
  from pg_catalog.pg_index x
  join pg_catalog.pg_class c on c.oid = x.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_class t on t.oid = x.indrelid
  join pg_catalog.pg_am am on am.oid = c.relam
  left join pg_catalog.pg_constraint k on k.conindid = x.indexrelid and k.conrelid = x.indrelid and k.contype in ('p', 'u', 'x')
 where t.relkind in ('r', 'p', 'm') and t.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by x.indrelid, c.oid`

export const SIZES_SQL = `
select c.oid, pg_catalog.pg_relation_size(c.oid, 'main') as bytes
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm', 'i') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`

export const VIEWS_SQL = `
select c.oid, n.nspname as schema, c.relname as name, pg_catalog.pg_get_viewdef(c.oid) as definition, c.reloptions as options,
       (select pg_catalog.array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0) as columns
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'v' and c.relpersistence <> 't' and ${OURS('n.nspname', 'c.oid', 'pg_class')}
 order by c.oid`

export const RULES_SQL = `
select n.nspname as schema, r.rulename as name, pg_catalog.pg_get_ruledef(r.oid) as definition
  from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where r.rulename <> '_RETURN' and ${OURS('n.nspname', 'c.oid', 'pg_class')} order by r.oid`
