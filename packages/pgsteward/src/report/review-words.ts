// The words of a review that its terminal and its markdown form share.

import type { ReplannedStatement, ReviewedLock, ReviewReport, Span } from '../model/review.ts'
import { formatDuration } from './format.ts'

export function headlineOf({ findings, migrations, statements, plans }: ReviewReport): string {
  const count = (severity: string) => findings.filter((each) => each.severity === severity).length
  const [critical, warning] = [count('critical'), count('warning')]
  const subject = `${many(statements.length, 'statement')} in ${many(migrations.length, 'migration')}`
  const planned =
    plans === null || plans.length === 0
      ? ''
      : `, ${many(plans.length, 'statement')} of the workload planned again`
  if (critical + warning === 0) return `${subject}${planned}: nothing dangerous.`
  return `${subject}${planned}: ${critical} critical, ${many(warning, 'warning')}.`
}

export function lockLine({ schema, name, mode, blocks }: ReviewedLock): string {
  const table = schema === null || schema === 'public' ? name : `${schema}.${name}`
  const waits =
    blocks === 'nothing'
      ? ''
      : blocks === 'schema changes'
        ? ', nobody waits but other changes'
        : `, ${blocks} wait`
  return `${mode} lock on ${table}${waits}`
}

/** `2.1 to 39 s`; a prediction is an interval. */
export function spanText({ lowMs, highMs }: Span): string {
  if (highMs < 1) return 'an instant'
  if (highMs < 100) return `under ${formatDuration(Math.ceil(highMs / 10) * 10)}`
  return `${formatDuration(Math.max(1, Math.round(lowMs)))} to ${formatDuration(Math.round(highMs))}`
}

const NOTICEABLE = 0.05

/** One line a statement whose plan changes, the dearest first. */
export function planChanges(plans: readonly ReplannedStatement[]): readonly string[] {
  const weight = ({ before, after, callsPerMinute }: ReplannedStatement) =>
    ((after?.cost ?? Number.POSITIVE_INFINITY) - (before?.cost ?? 0)) * callsPerMinute
  return plans
    .filter(({ before, after, difference, errorAfter }) => {
      if (before === null) return false
      if (after === null) return errorAfter !== null
      return difference !== null || Math.abs(after.cost - before.cost) > Math.max(1, before.cost * NOTICEABLE)
    })
    .toSorted((one, other) => weight(other) - weight(one))
    .map(
      ({ id, before, after, errorAfter }) =>
        `${id}: ${cost(before!.cost)} to ${after === null ? `failing (${errorAfter})` : `${cost(after.cost)} (${mainStep(after.steps)})`}`,
    )
}

export function cost(value: number): string {
  return Number(value.toFixed(value < 10 ? 1 : 0)).toLocaleString('en-US')
}

/** The step that says most: the first that reads a table. */
export function mainStep(steps: readonly string[]): string {
  return steps.find((step) => / on | using /.test(step)) ?? steps[0] ?? 'no steps'
}

export function many(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
