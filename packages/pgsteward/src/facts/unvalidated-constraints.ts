// Constraints that hold for new rows alone: added NOT VALID, never validated.

import { defineStateFact } from '../model/fact.ts'
import { number, text } from './column.ts'

export interface UnvalidatedConstraintRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly kind: 'check' | 'foreign key' | 'not null'
  readonly definition: string
  readonly rows: number
}

const UNVALIDATED = (enforced: string) => `
  select pg_catalog.current_database()                 as database,
         n.nspname                                     as schema,
         t.relname                                     as table_name,
         k.conname                                     as name,
         case k.contype when 'c' then 'check' when 'f' then 'foreign key' else 'not null' end as kind,
         pg_catalog.pg_get_constraintdef(k.oid)        as definition,
         greatest(t.reltuples, pg_catalog.pg_stat_get_live_tuples(t.oid), 0) as rows
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class t on t.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
   where not k.convalidated
     and ${enforced}
     -- what a partition or child inherits is validated with its parent
     and k.conparentid = 0 and k.coninhcount = 0
     and t.relpersistence <> 't'
     and t.relkind in ('r', 'p')
     and n.nspname not in ('pg_catalog', 'information_schema')
   order by n.nspname, t.relname, k.conname
   limit 1000`

export const unvalidatedConstraints = defineStateFact<UnvalidatedConstraintRow>({
  id: 'unvalidated-constraints',
  title: 'Constraints that were added NOT VALID and never validated',
  scope: 'database',
  everyMs: 15 * 60_000,
  variants: [
    { since: 140000, sql: UNVALIDATED('true') },
    // what is NOT ENFORCED can't be valid, on purpose
    { since: 180000, sql: UNVALIDATED('k.conenforced') },
  ],
  keyOf: (row) => `${row.schema}.${row.table}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    table: text(raw, 'table_name'),
    name: text(raw, 'name'),
    kind: text(raw, 'kind') as UnvalidatedConstraintRow['kind'],
    definition: text(raw, 'definition'),
    rows: number(raw, 'rows'),
  }),
})
