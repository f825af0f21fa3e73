// What pgsteward itself adds to the figures of a target: taken out of them, and summed apart.

import type { DatabaseRow } from '../facts/databases.ts'
import type { StatementTotalsRow } from '../facts/statement-totals.ts'
import type { StatementRow } from '../facts/statements.ts'
import type { Interval } from '../model/fact.ts'

/** All statements of others together, and beside them those of pgsteward. */
export function totalsOf(others: readonly StatementRow[], own: readonly StatementRow[]): StatementTotalsRow {
  // a nested statement's time is part of its caller's
  const sum = (rows: readonly StatementRow[], value: (row: StatementRow) => number) =>
    rows.reduce((total, row) => (row.isTopLevel ? total + value(row) : total), 0)
  return {
    calls: sum(others, (row) => row.calls),
    execMs: sum(others, (row) => row.totalExecMs),
    rows: sum(others, (row) => row.rows),
    ownCalls: sum(own, (row) => row.calls),
    ownExecMs: sum(own, (row) => row.totalExecMs + row.totalPlanMs),
  }
}

/** Every statement of ours was a transaction of the database we are connected to. */
export function withoutOwnCommits(
  increase: Interval<DatabaseRow>,
  database: string,
  own: number,
): Interval<DatabaseRow> {
  const rows = increase.rows.map((row) =>
    row.database === database ? { ...row, commits: Math.max(0, row.commits - own) } : row,
  )
  return { ...increase, rows }
}
