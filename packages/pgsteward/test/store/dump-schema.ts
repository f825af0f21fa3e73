// The store's schema as text, read from the catalogs: what the committed dump is compared with. Partitions are left out.

import type { Sql } from '../../src/store/database.ts'

export async function dumpSchema(sql: Sql): Promise<string> {
  const rows = await sql.query<{ line: string }>(`
    with relation as (
      select c.oid, c.relname, c.relkind
        from pg_catalog.pg_class c
       where c.relnamespace = 'pgsteward'::regnamespace and not c.relispartition and c.relkind in ('r', 'p', 'v')),
    line as (
      select r.relname, 1 as part, 0 as position,
             case r.relkind when 'v' then 'view ' else 'table ' end || r.relname
               || case r.relkind when 'p' then ' partition by ' || pg_catalog.pg_get_partkeydef(r.oid) else '' end as line
        from relation r
       union all
      select r.relname, 2, a.attnum,
             '  ' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
               || case when a.attnotnull then ' not null' else '' end
               || case a.attidentity when 'a' then ' generated always as identity' else '' end
               || coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
        from relation r
        join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
        left join pg_catalog.pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
       union all
      select r.relname, 3, row_number() over (partition by r.oid order by k.conname),
             '  ' || k.conname || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
        from relation r
        join pg_catalog.pg_constraint k on k.conrelid = r.oid and k.contype <> 'n'
       union all
      select r.relname, 4, row_number() over (partition by r.oid order by i.indexrelid::regclass::text),
             '  ' || pg_catalog.pg_get_indexdef(i.indexrelid)
        from relation r
        join pg_catalog.pg_index i on i.indrelid = r.oid
       where not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid)
       union all
      select r.relname, 5, row_number() over (partition by r.oid order by t.tgname),
             '  ' || pg_catalog.pg_get_triggerdef(t.oid)
        from relation r
        join pg_catalog.pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
       union all
      select r.relname, 6, 0, pg_catalog.pg_get_viewdef(r.oid)
        from relation r where r.relkind = 'v'
       union all
      select 'zz ' || p.proname, 7, 0, pg_catalog.pg_get_functiondef(p.oid)
        from pg_catalog.pg_proc p where p.pronamespace = 'pgsteward'::regnamespace)
    select l.line from line l order by l.relname collate "C", l.part, l.position`)
  return `${rows.map((row) => row.line).join('\n')}\n`
}
