// An error budget that is spent too fast: of what a probe finds down, and of what an application's requests end in. Several windows, as
// The Site Reliability Workbook has it (chapter 5): the long one says that it matters, the short one that it still goes on.

import { z } from 'zod'
import {
  BUDGET_MS,
  BURN_WINDOWS,
  type ProbeSpending,
  probeSpending,
  spentOver,
} from '../../facts/availability.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding, Severity, Subject } from '../../model/finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import { burnRate, errorBudget, lastsForMs } from '../../stats/error-budget.ts'

const options = z.object({
  fastBurn: z
    .number()
    .positive()
    .prefault(14.4)
    .describe(
      'Critical, over an hour and five minutes: a fiftieth of the budget of 30 days in an hour (Site Reliability Workbook, table 5-8).',
    ),
  slowBurn: z
    .number()
    .positive()
    .prefault(6)
    .describe(
      'Critical, over six hours and 30 minutes: a twentieth of the budget in six hours (the same table).',
    ),
  creepingBurn: z
    .number()
    .positive()
    .prefault(1)
    .describe(
      'A warning, over three days and six hours: a tenth of the budget in three days (the same table).',
    ),
  letsGo: z
    .number()
    .gt(0)
    .max(1)
    .prefault(0.8)
    .describe('Open until a burn is below this share of its limit: about it a value swings by itself.'),
  minFailures: z
    .number()
    .int()
    .positive()
    .prefault(10)
    .describe('Requests that failed in the long window; a few errors happen in every deployment.'),
})
type Options = z.output<typeof options>

/** One pair of windows against its limit. */
interface Burn {
  readonly longMs: Milliseconds
  readonly shortMs: Milliseconds
  readonly long: number
  readonly short: number
  readonly limit: number
  readonly severity: Severity
}

export const errorBudgetBurn = defineCheck({
  id: 'error-budget-burn',
  area: 'availability',
  title: 'An error budget is spent too fast',
  needs: { spending: probeSpending },
  options,
  // short windows come and go with single failures
  clearMs: 5 * 60_000,
  run({ spending }, options, { now }) {
    if (spending.length === 0) return { skip: 'nothing is probed, and no application reports requests' }
    return spending.flatMap((each) => findingOf(each, options, now) ?? [])
  },
})

function findingOf(of: ProbeSpending, options: Options, now: Date): Finding | null {
  const burns = burnsOf(of, options, now)
  const isPast = ({ long, short, limit }: Burn, share: number) =>
    long >= limit * share && short >= limit * share
  const burning = of.isStale ? undefined : burns.find((each) => isPast(each, 1))
  // nobody asks or reports any more: what was open stays so, until its windows are empty
  const kept =
    burning ?? burns.find((each) => isPast(each, options.letsGo) || (of.isStale && each.long >= each.limit))
  if (kept === undefined) return null
  return {
    subject: subjectOf(of),
    severity: kept.severity,
    summary:
      of.kind === 'requests'
        ? `Requests of ${of.name} fail so often that their error budget is spent too fast`
        : `${of.kind === 'database' ? 'The database' : of.name} was down so much that its error budget is spent too fast`,
    evidence: evidenceOf(of, kept),
    ...(burning === undefined ? { sustains: true as const } : {}),
  }
}

function subjectOf({ kind, name }: ProbeSpending): Subject {
  return kind === 'requests' ? { kind: 'application', name } : { kind: 'probe', name }
}

/** The gravest first. */
function burnsOf(
  of: ProbeSpending,
  { fastBurn, slowBurn, creepingBurn, minFailures }: Options,
  now: Date,
): readonly Burn[] {
  const limits = [fastBurn, slowBurn, creepingBurn]
  return BURN_WINDOWS.flatMap(({ longMs, shortMs }, number): readonly Burn[] => {
    if (of.kind === 'requests' && (of.sums.get(longMs)?.failures ?? 0) < minFailures) return []
    // probe-failing tells of an outage and pages for it: the budget that went with it is no second page
    const isTold = of.outages.some(
      ({ endedAt }) => endedAt === null || now.getTime() - endedAt.getTime() < shortMs,
    )
    return [
      {
        longMs,
        shortMs,
        long: burnOver(of, longMs),
        short: burnOver(of, shortMs),
        limit: limits[number]!,
        severity: number === 2 || isTold ? 'warning' : 'critical',
      },
    ]
  })
}

function burnOver(of: ProbeSpending, windowMs: Milliseconds): number {
  return burnRate(spentOver(of, windowMs), of.slo)
}

function evidenceOf(of: ProbeSpending, { longMs, shortMs, long, short, limit }: Burn): readonly Evidence[] {
  const budget = errorBudget(spentOver(of, BUDGET_MS), of.slo)
  const unit = of.kind === 'requests' ? 'count' : 'ms'
  const lastsMs = lastsForMs(budget.leftRatio, long, BUDGET_MS)
  const covered = of.sums.get(BUDGET_MS)?.coveredMs ?? 0
  return [
    { label: `burn over ${spanOf(longMs)}`, value: long, unit: 'count' },
    { label: `burn over ${spanOf(shortMs)}`, value: short, unit: 'count' },
    { label: 'reported from', value: limit, unit: 'count' },
    { label: 'objective', value: `${Number((of.slo * 100).toFixed(4))} %`, unit: 'text' },
    { label: of.kind === 'requests' ? 'failed in 30 days' : 'down in 30 days', value: budget.spent, unit },
    { label: 'allowed', value: budget.allowed, unit },
    { label: 'budget left', value: budget.leftRatio, unit: 'ratio' },
    ...(lastsMs === null ? [] : [{ label: 'lasts at this rate', value: lastsMs, unit: 'ms' as const }]),
    ...(of.kind === 'requests'
      ? []
      : [{ label: 'seen of the 30 days', value: Math.min(1, covered / BUDGET_MS), unit: 'ratio' as const }]),
  ]
}

function spanOf(ms: Milliseconds): string {
  const minutes = ms / 60_000
  if (minutes < 60) return `${minutes} min`
  return minutes < 72 * 60 ? `${minutes / 60} h` : `${minutes / 1_440} d`
}
