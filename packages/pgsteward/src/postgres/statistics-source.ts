// Which way a session reads column statistics: by the owner's functions where there are any, else by PostgreSQL's views.

import {
  CATALOG_VIEWS,
  MAY_CALL_FUNCTIONS,
  OWNERS_FUNCTIONS,
  type StatisticsSource,
} from '../sql/statistics-access.ts'

/** `ask` runs one statement, labelled with what it is for. */
export async function findStatisticsSource(
  ask: (label: string, sql: string) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>,
): Promise<StatisticsSource> {
  const { rows } = await ask('statistics source', MAY_CALL_FUNCTIONS)
  // the text form: sessions do not parse values
  return String(rows[0]?.may).startsWith('t') ? OWNERS_FUNCTIONS : CATALOG_VIEWS
}
