// Extended statistics (CREATE STATISTICS): which columns of a table the planner knows together.

import { defineStateFact } from '../model/fact.ts'
import { text, textArray } from './column.ts'

export type ExtendedKind = 'ndistinct' | 'dependencies' | 'mcv' | 'expressions'

export interface ExtendedStatisticsRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly tableSchema: string
  readonly table: string
  /** Plain columns; expressions are left out. */
  readonly columns: readonly string[]
  readonly kinds: readonly ExtendedKind[]
}

const KIND: Readonly<Record<string, ExtendedKind>> = {
  d: 'ndistinct',
  f: 'dependencies',
  m: 'mcv',
  e: 'expressions',
}

export const extendedStatistics = defineStateFact<ExtendedStatisticsRow>({
  id: 'extended-statistics',
  title: 'Extended statistics: columns that the planner knows together',
  scope: 'database',
  everyMs: 10 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select pg_catalog.current_database()                                as database,
         n.nspname                                                    as schema,
         x.stxname                                                    as name,
         tn.nspname                                                   as table_schema,
         t.relname                                                    as table_name,
         array(select a.attname::text
                 from pg_catalog.pg_attribute a
                where a.attrelid = x.stxrelid and a.attnum = any (x.stxkeys::int2[])
                order by a.attnum)                                    as columns,
         x.stxkind::text[]                                            as kinds
    from pg_catalog.pg_statistic_ext x
    join pg_catalog.pg_namespace n on n.oid = x.stxnamespace
    join pg_catalog.pg_class t on t.oid = x.stxrelid
    join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
   order by n.nspname, x.stxname
   limit 2000`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    tableSchema: text(raw, 'table_schema'),
    table: text(raw, 'table_name'),
    columns: textArray(raw, 'columns'),
    kinds: textArray(raw, 'kinds').flatMap((letter) => KIND[letter] ?? []),
  }),
})
