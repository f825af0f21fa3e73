// Named metrics of the application's own: durations, counts and levels by their attributes.

import type { Scrubber } from '../redact/scrub.ts'
import type { Attributes, CallSite, MetricIncrease, Scalar } from './drained.ts'
import type { Entry } from './entry.ts'
import type { HistogramSlab } from './histogram.ts'
import { KeyedStatistics } from './keyed-statistics.ts'
import type { RequestContext } from './request-context.ts'

export interface MetricInput {
  readonly name: string
  readonly kind: MetricIncrease['kind']
  readonly unit: string
  /** Of counts the increase, of levels the level. */
  readonly value?: number
  readonly durationMs?: number
  readonly attributes?: Attributes
  readonly failed?: boolean
  readonly callSite?: CallSite | null
  readonly context?: RequestContext | null
}

interface Kind {
  readonly name: string
  readonly kind: MetricIncrease['kind']
  readonly unit: string
  readonly attributes: Attributes
  readonly route: string | null
  value: number
  errors: number
  caller: CallSite | null
}

const MAX_KINDS = 2000
const MAX_ATTRIBUTES = 32
const MAX_NAME_LENGTH = 255

export class MetricStatistics {
  readonly #slab: HistogramSlab
  readonly #scrubber: Scrubber
  readonly #kinds: KeyedStatistics<Kind>

  constructor(slab: HistogramSlab, scrubber: Scrubber, drop: (kind: string) => void) {
    this.#slab = slab
    this.#scrubber = scrubber
    this.#kinds = new KeyedStatistics(slab, MAX_KINDS, () => drop('metrics'))
  }

  entry(metric: MetricInput): Entry {
    return { statement: null, next: null, settle: (route) => this.#add(metric, route) }
  }

  drain(): readonly MetricIncrease[] {
    return this.#kinds.drain().map(({ value: { kind, ...rest }, histogram }) => ({
      ...rest,
      kind,
      duration: kind === 'duration' ? this.#slab.read(histogram) : null,
    }))
  }

  #add(metric: MetricInput, route: string | null): void {
    const { name, kind, unit } = metric
    const statistics = this.#kinds.of(`${kind} ${name} ${unit} ${route} ${keyOf(metric.attributes)}`, () => ({
      name: this.#scrubber.text(name).slice(0, MAX_NAME_LENGTH),
      kind,
      unit,
      attributes: this.#attributes(metric.attributes ?? {}),
      route,
      value: 0,
      errors: 0,
      caller: null,
    }))
    if (statistics === null) return
    const { value } = statistics
    if (kind === 'duration') this.#slab.record(statistics.histogram, metric.durationMs ?? metric.value ?? 0)
    else if (kind === 'level') value.value = finite(metric.value)
    else value.value += finite(metric.value)
    if (metric.failed === true) value.errors++
    if (metric.callSite !== undefined && metric.callSite !== null) value.caller = metric.callSite
  }

  #attributes(attributes: Attributes): Attributes {
    const clean: Record<string, Scalar> = {}
    for (const name of Object.keys(attributes).sort().slice(0, MAX_ATTRIBUTES)) {
      const value = attributes[name]!
      const kept = typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
      clean[this.#scrubber.text(name).slice(0, MAX_NAME_LENGTH)] = this.#scrubber.named(name, kept)
    }
    return clean
  }
}

const finite = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : 0

function keyOf(attributes: Attributes | undefined): string {
  if (attributes === undefined) return ''
  let key = ''
  for (const name of Object.keys(attributes).sort())
    key += `${name}=${String(attributes[name]).slice(0, 200)}\u0000`
  return key
}
