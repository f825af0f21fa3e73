// An agent object that checks what newrelic's api.js checks, and what New Relic's limits say, and keeps what it took.

import type { NewRelicAgent } from '../src/send/new-relic.ts'

export interface StrictAgent extends NewRelicAgent {
  readonly metrics: Map<
    string,
    { count: number; total: number; min: number; max: number; sumOfSquares: number }
  >
  readonly events: { readonly type: string; readonly attributes: Readonly<Record<string, unknown>> }[]
  /** What a real one would have refused. */
  readonly refused: string[]
}

const FIELDS = ['count', 'total', 'min', 'max', 'sumOfSquares'] as const

export function strictNewRelic(over: { readonly highSecurity?: boolean } = {}): StrictAgent {
  const agent: StrictAgent = {
    metrics: new Map(),
    events: [],
    refused: [],
    recordMetric(name: unknown, value: unknown) {
      const problem = metricProblem(name, value)
      if (problem !== null) {
        agent.refused.push(problem)
        return
      }
      const stats = value as Record<(typeof FIELDS)[number], number>
      const key = `Custom/${name}`
      const before = agent.metrics.get(key)
      agent.metrics.set(
        key,
        before === undefined
          ? { ...stats }
          : {
              count: before.count + stats.count,
              total: before.total + stats.total,
              min: Math.min(before.min, stats.min),
              max: Math.max(before.max, stats.max),
              sumOfSquares: before.sumOfSquares + stats.sumOfSquares,
            },
      )
    },
    recordCustomEvent(type: unknown, attributes: unknown) {
      if (over.highSecurity === true) return false
      const problem = eventProblem(type, attributes)
      if (problem !== null) {
        agent.refused.push(problem)
        return false
      }
      agent.events.push({ type: type as string, attributes: attributes as Record<string, unknown> })
    },
  }
  return agent
}

function metricProblem(name: unknown, value: unknown): string | null {
  if (typeof name !== 'string' || name === '' || name.length > 255) return `metric ${String(name)}`
  if (typeof value !== 'object' || value === null) return `${name}: no object`
  const stats = value as Record<string, unknown>
  for (const key of Object.keys(stats))
    if (!(FIELDS as readonly string[]).includes(key)) return `${name}: ${key}`
  for (const field of FIELDS)
    if (typeof stats[field] !== 'number' || !Number.isFinite(stats[field])) return `${name}: ${field}`
  const { count, total, min, max, sumOfSquares } = stats as Record<(typeof FIELDS)[number], number>
  const mean = total / count
  // five numbers that no measurements could have
  if (count < 1 || min > mean * 1.000001 || max < mean * 0.999999) return `${name}: ${JSON.stringify(stats)}`
  return sumOfSquares * 1.000001 < (total * total) / count ? `${name}: squares` : null
}

function eventProblem(type: unknown, attributes: unknown): string | null {
  if (typeof type !== 'string' || !/^[a-zA-Z0-9:_ ]+$/.test(type) || type.length > 255)
    return `type ${String(type)}`
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    return `${type}: no object`
  const entries = Object.entries(attributes)
  if (entries.length > 64) return `${type}: ${entries.length} attributes`
  for (const [key, value] of entries) {
    if (key.length > 255) return `${type}: ${key}`
    if (!['string', 'number', 'boolean'].includes(typeof value)) return `${type}: ${key} is ${typeof value}`
    if (typeof value === 'string' && (value.length > 255 || !value.isWellFormed()))
      return `${type}: ${key} is long`
    if (typeof value === 'number' && !Number.isFinite(value)) return `${type}: ${key} is ${value}`
  }
  return null
}
