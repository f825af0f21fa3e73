// Triggers that fire for nobody: disabled by hand or left over after a bulk load, those behind foreign keys included.

import { defineStateFact } from '../model/fact.ts'
import { isTrue, text, textOrNull } from './column.ts'

export interface DisabledTriggerRow {
  readonly database: string
  /** Where the trigger is disabled; of a foreign key this can be either side. */
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly isPartitioned: boolean
  /** False of row triggers of a partitioned table: it has no rows, the copies in its partitions fire. */
  readonly wouldFire: boolean
  /** Where it was declared: the partitioned table for what a partition inherits, else the table itself. */
  readonly declaredSchema: string
  readonly declaredTable: string
  /** What it enforces: a constraint whose internal trigger it is, or nothing but itself. */
  readonly kind: 'trigger' | 'foreign key' | 'primary key' | 'unique constraint' | 'exclusion constraint'
  /** The constraint's name, as declared; of a plain trigger its own. */
  readonly rule: string
  /** The table whose constraint it is: the referencing one of a foreign key. */
  readonly ruleTable: string
  readonly definition: string
  /** The extension that made the table or the trigger; null: none. */
  readonly extension: string | null
}

/**
 * 'R' and 'A' fire for somebody and are left out. tgisinternal alone tells nothing: before PostgreSQL 15 the copies of a trigger in
 * partitions have it too.
 */
export const disabledTriggers = defineStateFact<DisabledTriggerRow>({
  id: 'disabled-triggers',
  title: 'Triggers that are disabled, those of foreign keys included',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select pg_catalog.current_database()                 as database,
         n.nspname                                     as schema,
         t.relname                                     as table_name,
         g.tgname                                      as name,
         t.relkind = 'p'                               as is_partitioned,
         -- bit 0: for each row
         t.relkind <> 'p' or g.tgtype & 1 = 0          as would_fire,
         dn.nspname                                    as declared_schema,
         d.relname                                     as declared_table,
         case k.contype when 'f' then 'foreign key' when 'p' then 'primary key' when 'u' then 'unique constraint'
                        when 'x' then 'exclusion constraint' else 'trigger' end as kind,
         coalesce(rk.conname, rg.tgname)               as rule,
         coalesce(kt.relname, d.relname)               as rule_table,
         case when k.oid is null then pg_catalog.pg_get_triggerdef(rg.oid)
              else pg_catalog.pg_get_constraintdef(rk.oid) end as definition,
         (select e.extname
            from pg_catalog.pg_depend x
            join pg_catalog.pg_extension e on e.oid = x.refobjid
           where x.refclassid = 'pg_catalog.pg_extension'::regclass
             -- a trigger is no member itself, but can be declared to depend on one
             and (x.classid = 'pg_catalog.pg_class'::regclass and x.objid = t.oid and x.deptype = 'e'
                  or x.classid = 'pg_catalog.pg_trigger'::regclass and x.objid = g.oid and x.deptype in ('e', 'x'))
           limit 1)                                    as extension
    from pg_catalog.pg_trigger g
    join pg_catalog.pg_class t on t.oid = g.tgrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
    left join pg_catalog.pg_constraint k on k.oid = g.tgconstraint and k.contype in ('f', 'p', 'u', 'x')
    -- what a partition inherits leads up to where it was declared; constraints by themselves, since before 15 their triggers don't
    join lateral (
         with recursive up as (
              select s.oid, s.tgname, s.tgrelid, s.tgparentid from pg_catalog.pg_trigger s where s.oid = g.oid
              union all
              select s.oid, s.tgname, s.tgrelid, s.tgparentid
                from up join pg_catalog.pg_trigger s on s.oid = up.tgparentid)
         select up.oid, up.tgname, up.tgrelid from up where up.tgparentid = 0) rg on true
    left join lateral (
         with recursive up as (
              select c.oid, c.conname, c.conrelid, c.confrelid, c.conparentid from pg_catalog.pg_constraint c where c.oid = k.oid
              union all
              select c.oid, c.conname, c.conrelid, c.confrelid, c.conparentid
                from up join pg_catalog.pg_constraint c on c.oid = up.conparentid)
         select up.oid, up.conname, up.conrelid, up.confrelid from up where up.conparentid = 0) rk on k.oid is not null
    left join pg_catalog.pg_class kt on kt.oid = rk.conrelid
    join pg_catalog.pg_class d on d.oid = case when k.oid is null then rg.tgrelid
                                               when g.tgrelid = k.conrelid then rk.conrelid
                                               else rk.confrelid end
    join pg_catalog.pg_namespace dn on dn.oid = d.relnamespace
   where g.tgenabled = 'D'
     and (not g.tgisinternal or g.tgparentid <> 0 or k.oid is not null)
     and t.relpersistence <> 't'
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by n.nspname, t.relname, g.tgname
   limit 1000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.table}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    table: text(raw, 'table_name'),
    name: text(raw, 'name'),
    isPartitioned: isTrue(raw, 'is_partitioned'),
    wouldFire: isTrue(raw, 'would_fire'),
    declaredSchema: text(raw, 'declared_schema'),
    declaredTable: text(raw, 'declared_table'),
    kind: text(raw, 'kind') as DisabledTriggerRow['kind'],
    rule: text(raw, 'rule'),
    ruleTable: text(raw, 'rule_table'),
    definition: text(raw, 'definition'),
    extension: textOrNull(raw, 'extension'),
  }),
})
