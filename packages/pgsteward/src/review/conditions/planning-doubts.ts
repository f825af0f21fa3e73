// What makes predictions doubtful, or work memory too small: statistics that are missing, statements that never plan, spills.

import { z } from 'zod'
import type { PlanNode } from '../../model/what-if.ts'
import { defineCondition, isNewcomer, ofStatement, shownSql } from './condition.ts'

export const missingStatistics = defineCondition({
  id: 'missing-statistics',
  title: 'The planner knows the columns of the tables that are read',
  level: 'warn',
  options: z.strictObject({
    rows: z.number().nonnegative().default(1000).describe('rows from which guessing matters'),
  }),
  judge: ({ plans, file }, { rows }) =>
    file.tables
      .filter((table) => table.rows >= rows && table.statistics.length === 0)
      .flatMap((table) => {
        const readers = plans.filter(({ after }) => after !== null && reads(after.plan, table.name))
        if (readers.length === 0) return []
        return {
          statement: null,
          migration: null,
          line: null,
          subject: `${table.schema}.${table.name}`,
          summary: `${readers.length} statements read it, and the statistics file has none of its columns' statistics: plans are guesses`,
          evidence: [{ label: 'rows', value: table.rows, unit: 'count' as const }],
          safer: [`analyze ${table.schema}.${table.name} -- or let the exporting role select from it`],
        }
      }),
})

export const notPlanned = defineCondition({
  id: 'not-planned',
  title: 'Every statement could be judged',
  level: 'warn',
  options: z.strictObject({}),
  judge: ({ plans }) =>
    plans
      .filter(({ isNew, errorBefore, errorAfter }) => !isNew && errorBefore !== null && errorAfter !== null)
      .map((each) =>
        ofStatement(each, `it plans neither before nor after: ${each.errorAfter}`, [
          { label: 'statement', value: shownSql(each.sql) },
        ]),
      ),
})

export const spill = defineCondition({
  id: 'spill',
  title: 'No statement begins to sort or hash on disk',
  level: 'warn',
  options: z.strictObject({}),
  judge: ({ plans }) =>
    plans
      .filter(
        (each) =>
          each.after !== null &&
          each.after.spillBytes > 0 &&
          (isNewcomer(each) || each.before!.spillBytes === 0),
      )
      .map((each) =>
        ofStatement(each, 'a sort or hash table is expected to be larger than work_mem', [
          { label: 'expected', value: Math.round(each.after!.spillBytes), unit: 'bytes' },
          { label: 'statement', value: shownSql(each.sql) },
        ]),
      ),
})

function reads(plan: PlanNode, table: string): boolean {
  return plan['Relation Name'] === table || (plan.Plans ?? []).some((child) => reads(child, table))
}
