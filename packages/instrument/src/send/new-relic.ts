// Hands what is measured to New Relic's agent, where one runs in the same process: `bridgeNewRelic(newrelic)`. Metrics of
// PerformanceMetrics become custom metrics, slow queries and N+1 custom events. Nothing that the agent does reaches the application.

import { getRecorder } from '../current-recorder.ts'
import { METRIC, METRIC_SUFFIX } from '../names.ts'
import type { Drained, MetricIncrease, PoolState } from '../record/drained.ts'
import { PROCESS } from '../record/metric-catalogue.ts'
import { warn } from '../warn.ts'
import { onDrained } from './drain-listeners.ts'
import {
  type AgentAttributes,
  type AgentMetric,
  bareName,
  durationMetric,
  metricName,
  numberMetric,
  repeatAttributes,
  slowQueryAttributes,
} from './new-relic-values.ts'

/** `require('newrelic')`, as far as it is used. */
export interface NewRelicAgent {
  recordMetric(name: string, value: AgentMetric): unknown
  recordCustomEvent(eventType: string, attributes: AgentAttributes): unknown
}

/** Types of the custom events: `FROM PgstewardSlowQuery SELECT ...`. */
export const NEW_RELIC_EVENT = {
  slowQuery: 'PgstewardSlowQuery',
  repeatedStatement: 'PgstewardRepeatedStatement',
} as const

/** The agent measures the process by itself. */
const ITS_OWN: ReadonlySet<string> = new Set(Object.values(PROCESS))

/** Names with attributes; others go under the bare name. New Relic charges and slows by names. */
const MAX_NAMES = 500

/** From the next report on, every 15 s. Returns what ends it. May be called before startInstrument. */
export function bridgeNewRelic(agent: NewRelicAgent): () => void {
  if (typeof agent?.recordMetric !== 'function' || typeof agent.recordCustomEvent !== 'function') {
    warn("bridgeNewRelic was given no agent: pass it what require('newrelic') returns")
    return () => undefined
  }
  const names = new Set<string>()
  const nameOf = (metric: MetricIncrease): string => {
    const name = metricName(metric)
    if (names.has(name)) return name
    if (names.size >= MAX_NAMES) return bareName(metric)
    names.add(name)
    return name
  }
  return onDrained((drained) => {
    try {
      recordMetrics(agent, drained, nameOf)
      recordEvents(agent, drained)
    } catch (error) {
      getRecorder()?.countDropped('newRelic')
      warn(`New Relic's agent failed: ${error instanceof Error ? error.name : 'unknown'}`)
    }
  })
}

function recordMetrics(
  agent: NewRelicAgent,
  { metrics, pools }: Drained,
  nameOf: (metric: MetricIncrease) => string,
): void {
  for (const metric of metrics) {
    if (ITS_OWN.has(metric.name)) continue
    const name = nameOf(metric)
    if (metric.kind !== 'duration') {
      if (Number.isFinite(metric.value)) agent.recordMetric(name, numberMetric(metric.value))
      continue
    }
    if (metric.duration === null || metric.duration.count === 0) continue
    agent.recordMetric(name, durationMetric(metric.duration))
    if (metric.errors > 0) agent.recordMetric(metric.name + METRIC_SUFFIX.errors, numberMetric(metric.errors))
  }
  for (const pool of pools) recordPool(agent, pool)
}

function recordPool(agent: NewRelicAgent, { name, total, idle, max, waiting, wait }: PoolState): void {
  const record = (metric: string, value: AgentMetric) =>
    agent.recordMetric(`${metric}/${name.replaceAll('/', '_')}`, value)
  record(`${METRIC.poolCount}/used`, numberMetric(Math.max(0, total - idle)))
  record(METRIC.poolMax, numberMetric(max))
  record(METRIC.poolPending, numberMetric(waiting))
  if (wait.count > 0) record(METRIC.poolWait, durationMetric(wait))
}

function recordEvents(agent: NewRelicAgent, { slowQueries, repeats }: Drained): void {
  for (const event of slowQueries)
    if (agent.recordCustomEvent(NEW_RELIC_EVENT.slowQuery, slowQueryAttributes(event)) === false)
      getRecorder()?.countDropped('newRelic')
  for (const event of repeats)
    if (agent.recordCustomEvent(NEW_RELIC_EVENT.repeatedStatement, repeatAttributes(event)) === false)
      getRecorder()?.countDropped('newRelic')
}
