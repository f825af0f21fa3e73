// A metric of k6 that has thresholds: folded, and judged as k6 judges it.

import type { Unit } from '../../model/units.ts'
import { latencyHistogram, percentileMs, recordMs } from '../../stats/latency-histogram.ts'

export type ThresholdUnit = Exclude<Unit, 'text'>

export interface K6Threshold {
  /** `http_req_duration: p(95)<100` */
  readonly text: string
  readonly value: number | null
  readonly isMet: boolean
  readonly unit: ThresholdUnit
}

const EXPRESSION =
  /^\s*(p\(\s*([\d.]+)\s*\)|avg|min|max|med|count|rate|value)\s*(<=|>=|<|>|===?|!=)\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*$/i

export class K6Metric {
  readonly name: string
  readonly #type: string
  readonly #contains: string
  readonly #thresholds: readonly string[]
  readonly #histogram = latencyHistogram()
  #count = 0
  #sum = 0
  #nonZero = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #last = 0

  constructor(name: string, type: string, contains: string, thresholds: readonly string[]) {
    this.name = name
    this.#type = type
    this.#contains = contains
    this.#thresholds = thresholds
  }

  add(_atMs: number, value: number): void {
    this.#count += 1
    this.#sum += value
    this.#last = value
    if (value !== 0) this.#nonZero += 1
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    if (this.#type === 'trend') recordMs(this.#histogram, value)
  }

  /** An expression that is not understood is left out: it is neither met nor crossed. */
  judge(seconds: number): readonly K6Threshold[] {
    return this.#thresholds.flatMap((expression) => {
      const match = EXPRESSION.exec(expression)
      if (match === null) return []
      const value = this.#valueOf(match[1]!.toLowerCase(), Number(match[2]), seconds)
      return [
        {
          text: thresholdText(this.name, expression),
          value,
          // as k6: what was never measured crosses nothing
          isMet: value === null || compare(value, match[3]!, Number(match[4])),
          unit: thresholdUnit(this.#type, this.#contains, match[1]!),
        },
      ]
    })
  }

  #valueOf(aggregate: string, percent: number, seconds: number): number | null {
    if (aggregate === 'rate') {
      if (this.#type === 'counter') return seconds > 0 ? this.#sum / seconds : 0
      return this.#count === 0 ? null : this.#nonZero / this.#count
    }
    if (aggregate === 'count') return this.#type === 'counter' ? this.#sum : this.#count
    if (this.#count === 0) return null
    if (aggregate === 'avg') return this.#sum / this.#count
    if (aggregate === 'min') return this.#min
    if (aggregate === 'max') return this.#max
    if (aggregate === 'value') return this.#last
    return percentileMs(this.#histogram, aggregate === 'med' ? 0.5 : percent / 100)
  }
}

/** `contains` is k6's word for what a metric's values are. */
export function thresholdUnit(type: string, contains: string, aggregate: string): ThresholdUnit {
  if (type === 'rate') return 'ratio'
  if (type === 'counter') return aggregate === 'rate' ? 'perSecond' : contains === 'data' ? 'bytes' : 'count'
  if (aggregate === 'count') return 'count'
  return contains === 'time' ? 'ms' : contains === 'data' ? 'bytes' : 'count'
}

export function thresholdText(metric: string, expression: string): string {
  return `${metric}: ${expression.trim()}`
}

function compare(value: number, operator: string, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '!=':
      return value !== limit
    default:
      return value === limit
  }
}
