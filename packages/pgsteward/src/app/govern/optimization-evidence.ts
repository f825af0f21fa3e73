// What an optimization record is told of before anything is changed: the statements it is for with their plans, and why they are slow.

import type { OptimizationBody } from '../../govern/optimization/optimization-entries.ts'
import type { AdvisedIndex } from '../../model/advice.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import type { IndexEffect } from '../../model/index-effect.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Store } from '../../store/store.ts'
import { jobNamed } from './built-index.ts'
import { planOutline } from './plan-outline.ts'

type Known = Pick<Store, 'advice' | 'plansOf'>
type Analysed = OptimizationBody<'analysed'>

/** Of an advised index those that it serves, of a finding about a statement that one; else none. */
export async function analysisOfJob(
  store: Known,
  job: MaintenanceJob,
  finding: OpenFinding | null,
): Promise<Analysed> {
  const { done } = await store.advice(job.targetId)
  const advised = done?.report?.indexes.find((each) => jobNamed(job, each.schema, each.name)) ?? null
  if (advised !== null && done !== null) return ofAdvice(store, job.targetId, advised, done)
  return analysisOfStatement(store, finding, job.createdAt)
}

/** Of a finding about a statement that one, with the plan that it had before that moment; else none. */
export async function analysisOfStatement(
  store: Known,
  finding: OpenFinding | null,
  before: Date,
): Promise<Analysed> {
  if (finding?.subject.kind === 'query') {
    const { queryId } = finding.subject
    const plan = await planOf(store, finding.targetId, queryId, before)
    return {
      statements: [{ queryId, text: plan?.text ?? '', ...NO_FIGURES, plan: plan?.outline ?? null }],
      source: "the finding's statement, with the plan that it was last seen with",
    }
  }
  return { statements: [], source: 'the finding is about no statement: its evidence is all there is' }
}

/** Of an index that was not made by maintenance: its statements as they ran before it was there. */
export async function analysisOfEffect(store: Known, effect: IndexEffect): Promise<Analysed> {
  return {
    statements: await Promise.all(
      effect.statements.map(async ({ queryId, text, before, predictedCostRatio }) => ({
        queryId,
        text,
        callsPerMinute: before.callsPerMinute,
        meanMs: before.meanMs,
        costBefore: predictedCostRatio === null ? null : 1,
        costAfter: predictedCostRatio,
        plan: (await planOf(store, effect.targetId, queryId, effect.before.to))?.outline ?? null,
      })),
    ),
    source: `the statement history of ${effect.before.from.toISOString()} to ${effect.before.to.toISOString()}`,
  }
}

const NO_FIGURES = { callsPerMinute: null, meanMs: null, costBefore: null, costAfter: null } as const

async function ofAdvice(
  store: Known,
  targetId: string,
  { statements }: AdvisedIndex,
  { id, workload, finishedAt }: AdviceRun,
): Promise<Analysed> {
  const before = finishedAt ?? new Date(0)
  return {
    statements: await Promise.all(
      statements
        .filter(({ foreignKey }) => foreignKey === null)
        .map(async (each) => {
          const busy = workload?.execMsPerMinute[each.id]
          return {
            queryId: each.id,
            text: each.sql,
            callsPerMinute: each.callsPerMinute,
            meanMs: busy === undefined || each.callsPerMinute === 0 ? null : busy / each.callsPerMinute,
            costBefore: each.costBefore,
            costAfter: each.costAfter,
            plan: (await planOf(store, targetId, each.id, before))?.outline ?? null,
          }
        }),
    ),
    source: `advice ${id}, costs by the planner with and without the index`,
  }
}

/** As it was seen last before that moment. */
async function planOf(store: Known, targetId: string, queryId: string, before: Date) {
  const plans = await store.plansOf(targetId, { queryId })
  const plan = plans.find(({ firstSeenAt }) => firstSeenAt <= before)
  return plan === undefined ? null : { text: plan.text, outline: [...planOutline(plan.plan)] }
}

/** The first paragraph of "What it means" of the check's page, after what the finding says. */
export function causeOf(
  finding: Pick<OpenFinding, 'summary' | 'checkId'> | null,
  page: string,
): OptimizationBody<'cause-found'> {
  if (finding === null)
    return {
      text: 'Nobody named a cause: the index appeared with a deployment or by hand.',
      page: null,
    }
  const [, section = ''] = page.split(/^## What it means$/m)
  const paragraph = (section.trim().split(/\n\s*\n/)[0] ?? '').replace(/\s+/g, ' ').trim()
  const { summary, checkId } = finding
  return {
    text: paragraph === '' ? `${summary}.` : `${summary}. ${paragraph}`,
    page: paragraph === '' ? null : `docs/checks/${checkId}.md`,
  }
}
