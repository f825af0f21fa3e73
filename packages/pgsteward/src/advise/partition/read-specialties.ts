// What the catalogs know of a table beyond columns and indexes that a partitioned table can't have, or that would not follow it.

import type { RawRow } from '../../model/fact.ts'
import { literal, qualified } from '../../sql/quote.ts'

export interface Specialty {
  readonly kind:
    | 'transition trigger'
    | 'parent'
    | 'child'
    | 'rule'
    | 'row type'
    | 'unlogged'
    | 'publication'
    | 'row security'
    | 'replica identity'
    | 'materialized view'
    | 'view'
  readonly name: string
}

type Ask = (label: string, sql: string) => Promise<{ readonly rows: readonly RawRow[] }>

/** One statement on catalogs alone. */
export async function readSpecialties(
  ask: Ask,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<readonly Specialty[]> {
  const { rows } = await ask('partition advise', SPECIALTIES(literal(qualified(schema, name))))
  return rows.map((row) => ({ kind: String(row.kind) as Specialty['kind'], name: String(row.name) }))
}

const SPECIALTIES = (table: string) => `
with own as (
  select c.oid, c.reltype, c.relpersistence, c.relrowsecurity, c.relreplident
    from pg_catalog.pg_class c where c.oid = ${table}::pg_catalog.regclass)
select distinct k.kind, k.name
  from own
 cross join lateral (
   select 'transition trigger' as kind, t.tgname::text as name
     from pg_catalog.pg_trigger t
    where t.tgrelid = own.oid and not t.tgisinternal and t.tgtype & 1 = 1
      and (t.tgoldtable is not null or t.tgnewtable is not null)
   union all
   select 'parent', i.inhparent::pg_catalog.regclass::text from pg_catalog.pg_inherits i where i.inhrelid = own.oid
   union all
   select 'child', i.inhrelid::pg_catalog.regclass::text from pg_catalog.pg_inherits i where i.inhparent = own.oid
   union all
   select 'rule', r.rulename::text from pg_catalog.pg_rewrite r where r.ev_class = own.oid
   union all
   select case v.relkind when 'm' then 'materialized view' else 'view' end, v.oid::pg_catalog.regclass::text
     from pg_catalog.pg_depend d
     join pg_catalog.pg_rewrite r on r.oid = d.objid
     join pg_catalog.pg_class v on v.oid = r.ev_class
    where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      and d.refobjid = own.oid and v.oid <> own.oid and v.relkind in ('v', 'm')
   union all
   select 'row type', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
     from pg_catalog.pg_depend d
    where d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.deptype = 'n'
      and d.refobjid in (own.reltype, (select t.typarray from pg_catalog.pg_type t where t.oid = own.reltype))
   union all
   select 'unlogged', '' where own.relpersistence = 'u'
   union all
   select 'row security', '' where own.relrowsecurity
   union all
   select 'replica identity', '' where own.relreplident <> 'd'
   union all
   select 'publication', p.pubname::text
     from pg_catalog.pg_publication_rel m join pg_catalog.pg_publication p on p.oid = m.prpubid
    where m.prrelid = own.oid) k
 order by k.kind, k.name`
