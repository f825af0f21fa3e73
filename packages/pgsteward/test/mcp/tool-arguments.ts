// What each tool may be called with, so that tests can go through all of them. `target` undefined: it is left out.

import type { ALL_TOOLS } from '../../src/mcp/all-tools.ts'

/** Of a finding that is there; a tool without an entry fails the tests that go through them. */
export function toolArguments(
  target: string | undefined,
  key: string,
): Readonly<Record<(typeof ALL_TOOLS)[number]['name'], object>> {
  const of = target === undefined ? {} : { target }
  return {
    list_targets: {},
    list_findings: of,
    get_finding: { ...of, key },
    get_check_page: { check: 'deadlocks' },
    list_statements: of,
    get_statement: { ...of, query_id: '1' },
    list_slow_queries: of,
    list_tables: of,
    get_table: { ...of, table: 'parcel' },
    list_alerts: of,
    advise: of,
    explain_query: { ...of, sql: 'select 1' },
    what_if_index: { ...of, indexes: ['create index on parcel (id)'], sql: 'select 1' },
    review_migration: { ...of, sql: 'alter table parcel add column x int' },
    propose_remedy: { ...of, key, why: 'it is slow', sql: ['select 1'] },
  }
}
