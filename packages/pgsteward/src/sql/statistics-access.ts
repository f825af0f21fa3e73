// Where column statistics are read. pg_stats shows a role only the columns that it may select; a function of the tables' owner shows
// them all, without giving a row away. `pgsteward doctor` prints how to make it.

import { ident } from './quote.ts'

/** From clauses for the three views of planner statistics. */
export interface StatisticsSource {
  readonly columns: string
  readonly extended: string
  readonly expressions: string
}

export const CATALOG_VIEWS: StatisticsSource = {
  columns: 'pg_catalog.pg_stats',
  extended: 'pg_catalog.pg_stats_ext',
  expressions: 'pg_catalog.pg_stats_ext_exprs',
}

const SCHEMA = 'pgsteward_statistics'

export const OWNERS_FUNCTIONS: StatisticsSource = {
  columns: `${SCHEMA}.column_statistics()`,
  extended: `${SCHEMA}.extended_statistics()`,
  expressions: `${SCHEMA}.expression_statistics()`,
}

/** One row, one boolean `may`: whether the functions are there and the role may call them. */
export const MAY_CALL_FUNCTIONS = `
  select coalesce(pg_catalog.has_schema_privilege(n.oid, 'usage')
         and pg_catalog.bool_and(pg_catalog.has_function_privilege(p.oid, 'execute')) and count(p.oid) = 3, false) as may
    from (values ('${SCHEMA}')) as wanted(name)
    left join pg_catalog.pg_namespace as n on n.nspname = wanted.name
    left join pg_catalog.pg_proc as p
      on p.pronamespace = n.oid and p.proname in ('column_statistics', 'extended_statistics', 'expression_statistics')
   group by n.oid`

/** To be run as the owner of the tables, or a superuser, once in each database. */
export function createStatisticsFunctions(role: string): readonly string[] {
  const names = Object.entries(OWNERS_FUNCTIONS) as [keyof StatisticsSource, string][]
  return [
    `create schema if not exists ${SCHEMA}`,
    ...names.map(
      ([name, call]) =>
        `create or replace function ${call} returns setof ${CATALOG_VIEWS[name]} ` +
        `language sql stable security definer set search_path = '' as 'select * from ${CATALOG_VIEWS[name]}'`,
    ),
    `revoke execute on all functions in schema ${SCHEMA} from public`,
    `grant usage on schema ${SCHEMA} to ${ident(role)}`,
    `grant execute on all functions in schema ${SCHEMA} to ${ident(role)}`,
  ]
}
