// A known statement whose plan becomes dearer, and the whole workload.

import { z } from 'zod'
import type { ReplannedStatement } from '../../model/review.ts'
import { defineCondition, isNewcomer, ofStatement, shownSql } from './condition.ts'

export const costIncrease = defineCondition({
  id: 'cost-increase',
  title: 'No known statement becomes much dearer',
  level: 'fail',
  options: z.strictObject({
    ratio: z.number().min(1).default(1.5).describe('cost after over cost before: estimates waver by less'),
    cost: z
      .number()
      .nonnegative()
      .default(100)
      .describe("and as many of the planner's units more: a hundred pages read in order, a millisecond"),
  }),
  judge: ({ plans }, { ratio, cost }) =>
    plans.filter(isKnown).flatMap((each) => {
      const [before, after] = [each.before!.cost, each.after!.cost]
      const times = after / Math.max(before, 0.01)
      if (times < ratio || after - before < cost) return []
      return ofStatement(
        each,
        `its plan costs ${times.toFixed(times < 10 ? 1 : 0)} times as much${each.difference === null ? '' : ` (${each.difference})`}`,
        [
          { label: 'cost before', value: Math.round(before) },
          { label: 'after', value: Math.round(after) },
          { label: 'calls a minute', value: each.callsPerMinute },
          { label: 'statement', value: shownSql(each.sql) },
        ],
      )
    }),
})

export const workloadCost = defineCondition({
  id: 'workload-cost',
  title: 'The known workload as a whole stays as cheap',
  level: 'warn',
  options: z.strictObject({
    ratio: z.number().min(1).default(1.1).describe('all costs times calls, after over before'),
  }),
  judge: ({ plans }, { ratio }) => {
    const known = plans.filter(isKnown)
    const sum = (side: 'before' | 'after') =>
      known.reduce((total, each) => total + each[side]!.cost * each.callsPerMinute, 0)
    const [before, after] = [sum('before'), sum('after')]
    if (before === 0 || after / before < ratio) return []
    return [
      {
        statement: null,
        migration: null,
        line: null,
        subject: 'workload',
        summary: `the workload's planned cost grows to ${((after / before) * 100).toFixed(0)} %`,
        evidence: [
          { label: 'cost a minute before', value: Math.round(before) },
          { label: 'after', value: Math.round(after) },
        ],
        safer: [],
      },
    ]
  },
})

export const newStatementCost = defineCondition({
  id: 'new-statement-cost',
  title: 'No new statement is dear in production',
  level: 'warn',
  options: z.strictObject({
    cost: z
      .number()
      .positive()
      .default(10_000)
      .describe("the planner's units: some hundred milliseconds to seconds of work"),
  }),
  judge: ({ plans }, { cost }) =>
    plans
      .filter((each) => isNewcomer(each) && each.after !== null && each.after.cost >= cost)
      .map((each) =>
        ofStatement(each, 'this new statement is dear at production’s sizes', [
          { label: 'cost', value: Math.round(each.after!.cost) },
          { label: 'rows', value: each.after!.rows, unit: 'count' },
          { label: 'statement', value: shownSql(each.sql) },
        ]),
      ),
})

function isKnown(each: ReplannedStatement): boolean {
  return !isNewcomer(each) && each.before !== null && each.after !== null
}
