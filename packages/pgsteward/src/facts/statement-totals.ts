// All statements together, and beside them what pgsteward's own cost the server. The collector makes it out of `statements`.

import { defineCounterFact } from '../model/fact.ts'
import { perSecond } from './rates.ts'

/** One row. */
export interface StatementTotalsRow {
  readonly calls: number
  readonly execMs: number
  readonly rows: number
  /** Of pgsteward on this target; in no other figure. */
  readonly ownCalls: number
  readonly ownExecMs: number
}

export const statementTotals = defineCounterFact<StatementTotalsRow>({
  id: 'statement-totals',
  title: "All statements together, and pgsteward's own cost beside them",
  scope: 'cluster',
  everyMs: 60_000,
  extension: 'pg_stat_statements',
  // never read: the sum of what the collector keeps of `statements`
  variants: [],
  keyOf: () => 'statements',
  since: () => null,
  counters: ['calls', 'execMs', 'rows', 'ownCalls', 'ownExecMs'],
  parse: () => {
    throw new Error('statement-totals is not read from the target')
  },
  series: [
    {
      name: 'statements.calls',
      unit: 'perSecond',
      // nested statements are left out: their callers are counted
      value: (row, seconds) => perSecond(row.calls, seconds),
    },
    // milliseconds of execution per millisecond: the mean number of statements that run at a time
    {
      name: 'statements.load',
      unit: 'count',
      value: (row, seconds) => perSecond(row.execMs / 1000, seconds),
    },
    {
      name: 'own.load',
      unit: 'ratio',
      value: (row, seconds) => perSecond(row.ownExecMs / 1000, seconds),
    },
  ],
})
