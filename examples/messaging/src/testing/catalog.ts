// A database's tables, columns, indexes, constraints and enums as rows, to compare two of them.

export const CATALOG = `
  select 'column' as kind, c.relname as of, a.attnum::int as n,
         concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) as is
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_prisma_migrations'
  union all
  select 'index', tablename, 0, indexdef from pg_indexes where schemaname = 'public' and tablename <> '_prisma_migrations'
  union all
  select 'constraint', conrelid::regclass::text, 0, conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
   where connamespace = 'public'::regnamespace and conrelid::regclass::text <> '_prisma_migrations'
  union all
  select 'enum', t.typname, e.enumsortorder::int, e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid
   order by 1, 2, 3, 4`
