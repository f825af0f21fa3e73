// What an application measures by itself: operations, deliveries, charges, counts, levels. Each call costs about a microsecond, is
// bounded and redacted by the recorder, and does nothing before startInstrument and after its stop. None throws.

import { getRecorder } from './current-recorder.ts'
import { captureCallSite } from './listen/call-site.ts'
import { type ExpressMiddleware, expressMiddleware } from './listen/express.ts'
import { ATTRIBUTE } from './names.ts'
import type { Attributes, CallSite } from './record/drained.ts'
import { NAMED_METRICS, type NamedMetric, RECORDED } from './record/metric-catalogue.ts'
import type { MetricInput } from './record/metric-statistics.ts'
import { currentRequest, RequestContext } from './record/request-context.ts'

export interface Endpoint {
  readonly method: string
  /** As declared, `/orders/:id`; null: none matched. */
  readonly route: string | null
  readonly statusCode: number
  readonly durationMs: number
}

export interface Delivery {
  /** `sms`, `email`, `push` ... */
  readonly channel: string
  readonly durationMs: number
  readonly delivered: boolean
  /** In the currency's smallest unit. */
  readonly cost?: { readonly amount: number; readonly currency: string }
  readonly attributes?: Attributes
}

export interface Charge {
  readonly durationMs: number
  /** A declined card is an outcome; only `failed` counts as error. */
  readonly outcome: 'succeeded' | 'declined' | 'failed'
  /** In the currency's smallest unit. */
  readonly amount?: number
  readonly currency?: string
  readonly attributes?: Attributes
}

/** Places in the source are looked up for the first three calls of a name, then for one in 64. */
const FIRST = 3
const EVERY = 64
const MAX_NAMES = 1000

export class PerformanceMetrics {
  readonly #calls = new Map<string, number>()

  /** The metrics that have a name of their own, with unit and description. */
  static readonly named: readonly NamedMetric[] = NAMED_METRICS

  /** Measures `run`, and whether it failed; its result and its error pass through. */
  async timeAsync<T>(name: string, run: () => T | Promise<T>, attributes?: Attributes): Promise<T> {
    const callSite = this.#callSite(name, this.timeAsync)
    return this.#time(name, run, attributes, callSite)
  }

  /** For what no driver tells by itself: statistics by model and action. */
  async trackDatabaseOperation<T>(model: string, action: string, run: () => T | Promise<T>): Promise<T> {
    const callSite = this.#callSite(`${model}.${action}`, this.trackDatabaseOperation)
    const attributes = { [ATTRIBUTE.model]: model, [ATTRIBUTE.action]: action }
    return this.#time(RECORDED.databaseOperation, run, attributes, callSite)
  }

  /** A request that no middleware of this package saw. */
  recordEndpoint({ method, route, statusCode, durationMs }: Endpoint): void {
    quietly(() => {
      const context = new RequestContext(method, performance.now() - durationMs, undefined)
      getRecorder()?.endRequest(context, route, statusCode)
    })
  }

  recordDelivery({ channel, durationMs, delivered, cost, attributes }: Delivery): void {
    const all = { ...attributes, channel }
    const callSite = this.#callSite(RECORDED.delivery, this.recordDelivery)
    this.#record({
      name: RECORDED.delivery,
      kind: 'duration',
      unit: 's',
      durationMs,
      attributes: all,
      failed: !delivered,
      callSite,
    })
    this.count(delivered ? RECORDED.delivered : RECORDED.undelivered, 1, all, '{message}')
    if (cost !== undefined)
      this.count(RECORDED.deliveryCost, cost.amount, { ...all, currency: cost.currency }, '{minor_unit}')
  }

  recordBilling({ durationMs, outcome, amount, currency, attributes }: Charge): void {
    const callSite = this.#callSite(RECORDED.charge, this.recordBilling)
    const all = { ...attributes, outcome, ...(currency === undefined ? {} : { currency }) }
    this.#record({
      name: RECORDED.charge,
      kind: 'duration',
      unit: 's',
      durationMs,
      attributes: attributes ?? {},
      failed: outcome === 'failed',
      callSite,
    })
    this.count(RECORDED.charges, 1, all, '{charge}')
    if (amount !== undefined) this.count(RECORDED.amount, amount, all, '{minor_unit}')
  }

  /** Adds to a count that only grows. */
  count(name: string, by = 1, attributes?: Attributes, unit = '{item}'): void {
    this.#record({
      name,
      kind: 'count',
      unit,
      value: by,
      ...(attributes === undefined ? {} : { attributes }),
    })
  }

  /** The latest is what counts: queue length, sessions, temperature. Unit as UCUM: `1`, `By`, `s`, `{session}`. */
  level(name: string, value: number, attributes?: Attributes, unit = '1'): void {
    // levels are of the process, not of the request that happened to tell them
    this.#record({
      name,
      kind: 'level',
      unit,
      value,
      context: null,
      ...(attributes === undefined ? {} : { attributes }),
    })
  }

  /** A duration that was measured elsewhere. */
  record(name: string, durationMs: number, attributes?: Attributes, failed = false): void {
    const callSite = this.#callSite(name, this.record)
    this.#record({
      name,
      kind: 'duration',
      unit: 's',
      durationMs,
      failed,
      callSite,
      ...(attributes === undefined ? {} : { attributes }),
    })
  }

  /** The same as expressMiddleware(). */
  middleware(): ExpressMiddleware {
    return expressMiddleware()
  }

  async #time<T>(
    name: string,
    run: () => T | Promise<T>,
    attributes: Attributes | undefined,
    callSite: CallSite | null,
  ): Promise<T> {
    const startedAt = performance.now()
    const end = (failed: boolean) =>
      this.#record({
        name,
        kind: 'duration',
        unit: 's',
        durationMs: performance.now() - startedAt,
        failed,
        callSite,
        ...(attributes === undefined ? {} : { attributes }),
      })
    try {
      const result = await run()
      end(false)
      return result
    } catch (error) {
      end(true)
      throw error
    }
  }

  #record(metric: MetricInput): void {
    quietly(() => getRecorder()?.recordMetric({ context: currentRequest(), ...metric }))
  }

  #callSite(name: string, below: (...args: never[]) => unknown): CallSite | null {
    const recorder = getRecorder()
    if (recorder === null || recorder.options.caller === 'off') return null
    const calls = this.#calls.get(name) ?? 0
    if (calls === 0 && this.#calls.size >= MAX_NAMES) return null
    this.#calls.set(name, calls + 1)
    if (calls >= FIRST && calls % EVERY !== 0 && recorder.options.caller === 'sampled') return null
    return quietly(() => captureCallSite(below)) ?? null
  }
}

/** Measuring must not break what is measured. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    getRecorder()?.countDropped('faults')
    return undefined
  }
}
