// A scenario's thresholds in k6's syntax: `http_req_duration{name:GET /api/members}` and `p(95)<250`.

import type { Scenario, Step, Threshold } from '../../model/scenario.ts'
import { isRequest, stepName } from '../../model/scenario.ts'
import { key, quoted } from './script-text.ts'

const AGGREGATES: Readonly<Record<Threshold['metric'], readonly [metric: string, aggregate: string]>> = {
  p50: ['http_req_duration', 'p(50)'],
  p90: ['http_req_duration', 'p(90)'],
  p95: ['http_req_duration', 'p(95)'],
  p99: ['http_req_duration', 'p(99)'],
  max: ['http_req_duration', 'max'],
  mean: ['http_req_duration', 'avg'],
  errorRatio: ['http_req_failed', 'rate'],
  checkRatio: ['checks', 'rate'],
  requestsPerSecond: ['http_reqs', 'rate'],
}

/** k6 takes what is between braces apart at commas, and strips quotes: such a name is told by another tag. */
export function isTellable(name: string): boolean {
  return !/[,{}"']/.test(name) && name.trim() === name
}

export function requestNames(scenario: Scenario): readonly string[] {
  const names = (steps: readonly Step[]): string[] =>
    steps.flatMap((step) => (isRequest(step) ? [stepName(step)] : 'steps' in step ? names(step.steps) : []))
  return [...new Set(scenario.flows.flatMap(({ start, steps }) => [...names(start), ...names(steps)]))]
}

export function thresholdLines(scenario: Scenario, idOf: (name: string) => string | null): readonly string[] {
  const names = new Set(requestNames(scenario))
  const byMetric = new Map<string, string[]>()
  for (const threshold of scenario.thresholds) {
    const [metric, aggregate] = AGGREGATES[threshold.metric]
    const selector = `${metric}${tagOf(threshold, names, idOf)}`
    const there = byMetric.get(selector) ?? []
    const limits: readonly (readonly [sign: string, limit: number | undefined])[] = [
      ['<', threshold.below],
      ['>', threshold.above],
    ]
    for (const [sign, limit] of limits)
      if (limit !== undefined) there.push(expressionOf(`${aggregate}${sign}${limit}`, threshold.stop))
    byMetric.set(selector, there)
  }
  return [...byMetric].flatMap(([selector, expressions]) =>
    expressions.length === 0 ? [] : [`${key(selector)}: [${expressions.join(', ')}],`],
  )
}

function tagOf(
  { of, metric }: Threshold,
  names: ReadonlySet<string>,
  idOf: (name: string) => string | null,
): string {
  if (of === undefined) return ''
  if (names.has(of)) {
    const id = idOf(of)
    return id === null ? `{name:${of}}` : `{step:${id}}`
  }
  return metric === 'checkRatio' && of.includes(': ') ? `{check:${of}}` : `{feature:${of}}`
}

/** As our own engine: not before ten seconds, when a percentile says nothing yet. */
function expressionOf(expression: string, stops: boolean): string {
  return stops
    ? `{ threshold: ${quoted(expression)}, abortOnFail: true, delayAbortEval: '10s' }`
    : quoted(expression)
}
