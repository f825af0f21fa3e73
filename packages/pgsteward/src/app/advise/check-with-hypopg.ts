// The second opinion: what HypoPG, on the target itself, says of a set that was found on a twin.

import type { AskedText } from '../../advise/advise.ts'
import type { AdviceReport, AdvisedIndex } from '../../model/advice.ts'
import type { IndexSketch, WhatIfPlanner } from '../../model/what-if.ts'
import { openSession } from '../../postgres/connect.ts'
import { openHypopg } from '../../twin/hypopg/open-hypopg.ts'
import { columnOf } from '../../twin/sketch-figures.ts'
import { PLANNING_TIMEOUT_MS } from './advise-on-hypopg.ts'

/** Beyond this share the two do not agree. */
const AGREES_WITHIN = 0.1
/** Units; below, a tenth is rounding. */
const LEAST_DIFFERENCE = 1
const MOST_NAMED = 3

/** One EXPLAIN on the target for each text that was planned. Never fails: what went wrong is a note. */
export async function checkWithHypopg(
  url: string,
  report: AdviceReport,
  asked: readonly AskedText[],
  assumedVacuumed: ReadonlySet<string>,
): Promise<AdviceReport> {
  try {
    const planner = await openHypopg(
      await openSession(url, { purpose: 'advise', statementTimeoutMs: PLANNING_TIMEOUT_MS }),
    )
    try {
      return await checked(report, asked, planner, assumedVacuumed)
    } finally {
      await planner.close()
    }
  } catch (error) {
    const { message } = error as Error
    return { ...report, notes: [...report.notes, `What is advised was not checked with HypoPG: ${message}.`] }
  }
}

export async function checked(
  report: AdviceReport,
  asked: readonly AskedText[],
  planner: WhatIfPlanner,
  assumedVacuumed: ReadonlySet<string>,
): Promise<AdviceReport> {
  const made = await planner.sketchAll(report.indexes.flatMap(({ sketch }) => sketch ?? []))
  const handles = new Map<AdvisedIndex, string>()
  let place = 0
  for (const index of report.indexes) {
    const answer = index.sketch === undefined ? undefined : made[place++]
    if (answer !== undefined && !('error' in answer) && isComparable(index.sketch!))
      handles.set(index, answer.handle)
  }
  // one that another index serves would be planned without it; and the target is not vacuumed yet
  const incomparable = new Set(
    report.indexes
      .flatMap((index) =>
        index.statements.filter(({ scanAfter }) => {
          const isAssumed = assumedVacuumed.has(`${index.schema}.${index.table}`)
          return !handles.has(index) || (isAssumed && scanAfter === 'Index Only Scan')
        }),
      )
      .map(({ id }) => id),
  )
  const costs = await costsOf(
    asked.filter(({ id }) => !incomparable.has(id)),
    planner,
    new Set(handles.values()),
  )
  const expected = new Map(report.statements.map(({ id, costAfter }) => [id, costAfter]))
  const agreeing = [...costs].filter(([id, cost]) => agree(expected.get(id) ?? cost, cost)).length
  return {
    ...report,
    notes: [
      ...report.notes,
      costs.size === 0
        ? 'HypoPG on the target could check none of this: it has no such indexes, or the tables are not vacuumed.'
        : `HypoPG on the target checked ${handles.size} of ${report.indexes.length} indexes: of ${costs.size} statements it expects the same cost, within a tenth, for ${agreeing}.`,
    ],
    statements: report.statements.map((each) => ({ ...each, costAfterChecked: costs.get(each.id) ?? null })),
    indexes: report.indexes.map((index) => {
      const served = index.statements.filter(({ id }) => costs.has(id))
      if (!handles.has(index) || served.length === 0) return { ...index, checkedWith: null }
      const others = served.flatMap(({ id }) => {
        const [twin, hypopg] = [expected.get(id), costs.get(id)!]
        return twin === undefined || agree(twin, hypopg)
          ? []
          : [`${id} at ${figure(hypopg)}, not ${figure(twin)}`]
      })
      return {
        ...index,
        checkedWith: 'hypopg',
        cautions: [...index.cautions, ...cautionOf(others, served.length)],
      }
    }),
  }
}

/** HypoPG estimates an expression by defaults, which says nothing of the real index. */
function isComparable({ keys }: IndexSketch): boolean {
  return keys.every((key) => columnOf(key) !== null)
}

async function costsOf(
  asked: readonly AskedText[],
  planner: WhatIfPlanner,
  seeing: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const answers = await planner.explainAll(asked.map(({ sql, parameters }) => ({ sql, parameters, seeing })))
  const costs = new Map<string, number>()
  const failed = new Set<string>()
  for (const [place, { id, weight }] of asked.entries()) {
    const answer = answers[place]!
    if ('error' in answer) failed.add(id)
    else costs.set(id, (costs.get(id) ?? 0) + weight * answer.plan['Total Cost'])
  }
  for (const id of failed) costs.delete(id)
  return costs
}

function agree(twin: number, hypopg: number): boolean {
  const difference = Math.abs(twin - hypopg)
  return difference <= LEAST_DIFFERENCE || difference <= AGREES_WITHIN * Math.max(twin, hypopg)
}

function cautionOf(others: readonly string[], served: number): readonly string[] {
  if (others.length === 0) return []
  const rest = others.length > MOST_NAMED ? `; and ${others.length - MOST_NAMED} more` : ''
  return [
    `HypoPG on the target expects other costs for ${others.length} of ${served} statements: ${others.slice(0, MOST_NAMED).join('; ')}${rest}. Measure them once it is built.`,
  ]
}

function figure(cost: number): string {
  return Number(cost.toFixed(cost < 10 ? 2 : 0)).toLocaleString('en-US')
}
