// What the record of an index that no job of ours made still lacks: declared by the project, advised and applied by hand, or anybody's.

import type { IndexEffect } from '../../model/index-effect.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type { Store } from '../../store/store.ts'
import { analysisOfEffect, causeOf } from './optimization-evidence.ts'
import { measuredFrom, type NextEntry } from './optimization-next.ts'

/** A deployment as long before the index was seen brought it. */
const THROUGH_MS: Milliseconds = 15 * 60_000

type Known = Pick<Store, 'advice' | 'plansOf' | 'statementSums' | 'targetEvents' | 'findings'>

export async function nextOfIndex(
  store: Known,
  is: OptimizationWire,
  effect: IndexEffect,
  finding: OpenFinding | null,
  pageOf: (checkId: string) => Promise<string>,
): Promise<readonly NextEntry[]> {
  const { schema, index, definition, appearedAt } = effect
  const next: NextEntry[] = []
  if (is.analyse === null) next.push({ action: 'analysed', body: await analysisOfEffect(store, effect) })
  if (is.rootCause === null)
    next.push({
      action: 'cause-found',
      body: causeOf(finding, finding === null ? '' : await pageOf(finding.checkId)),
    })
  if (is.implement === null)
    next.push({
      action: 'implemented',
      body: {
        sql: [definition],
        undo: [`drop index concurrently if exists ${qualified(schema, index)}`],
        lock: null,
        caution: null,
        jobId: null,
      },
    })
  if (is.deploy === null)
    next.push({
      action: 'deployed',
      body: {
        at: appearedAt.toISOString(),
        jobId: null,
        decisionId: null,
        decidedBy: null,
        through: await through(store, effect),
      },
    })
  if (effect.isComplete && is.measure === null)
    next.push({ action: 'measured', body: await measuredFrom(store, effect, null) })
  return next
}

/** The finding whose remedy makes an index of this name; it is resolved by now, as a rule. */
export async function findingBehind(
  store: Known,
  { targetId, index, advisedBy }: IndexEffect,
): Promise<OpenFinding | null> {
  if (advisedBy === null) return null
  const found = await store.findings({
    targetId,
    states: ['open', 'muted', 'resolved'],
    limit: 1_000,
  })
  const names = ` ${ident(index)} on `
  return found.find(({ remedy }) => remedy?.sql.some((sql) => sql.includes(names)) === true) ?? null
}

async function through(store: Known, { targetId, before, appearedAt }: IndexEffect): Promise<string | null> {
  const events = await store.targetEvents(targetId, {
    from: new Date(before.to.getTime() - THROUGH_MS),
    to: appearedAt,
  })
  const deployment = events.find(({ kind }) => kind === 'deployment')
  return deployment === undefined ? null : `${deployment.subject}: ${deployment.detail}`
}
