// Who in the database itself asks for the further columns of composite indexes: views, row security, functions. What they ask for
// stands in no statement's text.

import { defineStateFact } from '../model/fact.ts'
import { text } from './column.ts'

export interface ColumnMentionRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly column: string
  /** `view parcel_list`, `policy tenants`, `function close_day`; of several the first by name. */
  readonly by: string
}

/**
 * Views, policies and functions with a parsed body by their dependencies; other functions by their text, which may say more than it means,
 * never less, but for statements that are put together as texts.
 */
export const columnMentions = defineStateFact<ColumnMentionRow>({
  id: 'column-mentions',
  title: 'Views, policies and functions that name further columns of composite indexes',
  scope: 'database',
  everyMs: 6 * 3_600_000,
  variants: [
    {
      since: 140000,
      sql: `
  with further as materialized (
         select distinct t.oid, n.nspname, t.relname, a.attnum, a.attname
           from pg_catalog.pg_index x
           join pg_catalog.pg_class c on c.oid = x.indexrelid
           join pg_catalog.pg_class t on t.oid = x.indrelid
           join pg_catalog.pg_namespace n on n.oid = t.relnamespace
          cross join lateral pg_catalog.generate_series(2, x.indnatts) p (place)
           join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[p.place - 1]
          where c.relkind = 'i' and t.relpersistence <> 't' and x.indisvalid and not x.indisunique
            and c.relpages >= 1048576 / pg_catalog.current_setting('block_size')::int
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')),
       dependent as (
         select d.refobjid, d.refobjsubid, d.classid, d.objid
           from pg_catalog.pg_depend d
          where d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0
            and d.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_proc'::regclass)),
       bodies as materialized (
         select p.proname, pg_catalog.lower(p.prosrc) as body
           from pg_catalog.pg_proc p
           join pg_catalog.pg_namespace n on n.oid = p.pronamespace
           join pg_catalog.pg_language l on l.oid = p.prolang
          where n.nspname not in ('pg_catalog', 'information_schema') and l.lanname not in ('c', 'internal')
            and p.prosrc <> ''),
       mention as (
         select f.oid, f.attnum,
                case d.classid when 'pg_catalog.pg_rewrite'::regclass
                               then (select 'view ' || c.relname from pg_catalog.pg_rewrite r
                                       join pg_catalog.pg_class c on c.oid = r.ev_class where r.oid = d.objid)
                               when 'pg_catalog.pg_policy'::regclass
                               then (select 'policy ' || o.polname from pg_catalog.pg_policy o where o.oid = d.objid)
                               else (select 'function ' || p.proname from pg_catalog.pg_proc p where p.oid = d.objid) end as by
           from further f
           join dependent d on d.refobjid = f.oid and d.refobjsubid = f.attnum
          union all
         select f.oid, f.attnum, 'function ' || b.proname
           from further f
           join bodies b on pg_catalog.strpos(b.body, pg_catalog.lower(f.relname)) > 0
                        and pg_catalog.strpos(b.body, pg_catalog.lower(f.attname)) > 0)
  select pg_catalog.current_database() as database,
         f.nspname                     as schema,
         f.relname                     as table_name,
         f.attname                     as column_name,
         min(m.by)                     as by
    from mention m
    join further f using (oid, attnum)
   group by f.nspname, f.relname, f.attname
   order by f.nspname, f.relname, f.attname
   limit 20000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.table}.${row.column}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    table: text(raw, 'table_name'),
    column: text(raw, 'column_name'),
    by: text(raw, 'by'),
  }),
})
