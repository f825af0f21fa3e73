// A condition of a plan check as data: what it looks for, how grave it is by default, which thresholds a policy may set.

import type { z } from 'zod'
import type { Level, Violation } from '../../model/plan-check.ts'
import type { ReplannedStatement, ReviewReport } from '../../model/review.ts'
import type { StatisticsFile } from '../../twin/statistics/statistics-file.ts'

export interface Given {
  readonly review: ReviewReport
  readonly plans: readonly ReplannedStatement[]
  /** Production as it is. */
  readonly file: StatisticsFile
}

export interface Condition<O extends z.ZodObject = z.ZodObject> {
  readonly id: string
  readonly title: string
  readonly level: Level
  /** Thresholds, each with its default and reason. */
  readonly options: O
  readonly judge: (given: Given, options: z.output<O>) => readonly Violation[]
}

// biome-ignore lint/suspicious/noExplicitAny: a list of conditions of different options has no narrower type
export type AnyCondition = Condition<any>

export function defineCondition<const O extends z.ZodObject>(condition: Condition<O>): Condition<O> {
  return condition
}

export function ofStatement(
  { id }: Pick<ReplannedStatement, 'id'>,
  summary: string,
  evidence: Violation['evidence'] = [],
): Violation {
  return { statement: id, migration: null, line: null, subject: id, summary, evidence, safer: [] }
}

/** A text for evidence: a statement says more than its id. */
export function shownSql(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`
}

const LONGEST = 160

/** Statements that production does not run yet, by what was said or because it could not. */
export function isNewcomer({ isNew, before }: ReplannedStatement): boolean {
  return isNew || before === null
}
