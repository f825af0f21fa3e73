// How an application and its database did over a spell, from what the store has of it.

import { deliveriesByChannel } from '../../checks/application/deliveries.ts'
import { byUrgency } from '../../evaluate/track.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { DueReviewWire, LaunchMetricsWire } from '../../model/review-wire.ts'
import type { Window } from '../../model/units.ts'
import { mergeCounts, percentileOf } from '../../stats/duration-histogram.ts'
import type { Store } from '../../store/store.ts'

/** More routes than an application has. */
const MOST_OPERATIONS = 5_000
const MOST_FINDINGS = 1_000
/** A review begins with these; the rest is on the page of findings. */
const SHOWN_FINDINGS = 10

export type MetricsStore = Pick<Store, 'operations' | 'statementSums' | 'findings'>

/** Zeros and nulls where nothing was told of that spell: `isMeasured`. */
export async function launchMetrics(
  store: MetricsStore,
  targetId: string,
  window: Window,
): Promise<LaunchMetricsWire> {
  const [requests, metrics, sums] = await Promise.all([
    store.operations(targetId, window, { kind: 'request', limit: MOST_OPERATIONS }),
    store.operations(targetId, window, { kind: 'metric', limit: MOST_OPERATIONS }),
    store.statementSums(targetId, window),
  ])
  const count = requests.reduce((sum, each) => sum + each.count, 0)
  const errors = requests.reduce((sum, each) => sum + each.errors, 0)
  const durations = mergeCounts(...requests.map((each) => each.durations))
  const deliveries = deliveriesByChannel(metrics)
  const all = deliveries.reduce((sum, each) => sum + each.all, 0)
  const failed = deliveries.reduce((sum, each) => sum + each.failed, 0)
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    requests: count,
    errorRatio: count === 0 ? null : errors / count,
    p95Ms: durations === null ? null : percentileOf(durations, 0.95),
    deliveredRatio: all === 0 ? null : 1 - failed / all,
    databaseLoad: sums.seconds > 0 ? sums.totalExecMs / 1000 / sums.seconds : null,
    statementsPerSecond: sums.seconds > 0 ? sums.calls / sums.seconds : null,
  }
}

/** Whether anything at all was told. */
export function isMeasured({ requests, databaseLoad, deliveredRatio }: LaunchMetricsWire): boolean {
  return requests > 0 || databaseLoad !== null || deliveredRatio !== null
}

/** Opened within the window, whatever became of them; the worst of them by name. */
export async function findingsOpened(
  store: MetricsStore,
  targetId: string,
  { from, to }: Window,
): Promise<{ readonly findingsOpened: number; readonly findings: DueReviewWire['findings'] }> {
  const known = await store.findings({ targetId, limit: MOST_FINDINGS })
  const opened = known.filter(
    ({ openedAt, state }: OpenFinding) =>
      openedAt !== null && openedAt >= from && openedAt <= to && state !== 'pending',
  )
  return {
    findingsOpened: opened.length,
    findings: [...opened]
      .sort(byUrgency)
      .slice(0, SHOWN_FINDINGS)
      .map(({ key, summary, severity }) => ({ key, summary, severity })),
  }
}
