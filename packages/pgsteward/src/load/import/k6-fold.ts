// k6's points (from NDJSON, from CSV, or live from a running k6) folded into a run: requests by their name, checks, dropped iterations,
// a script's own trends, and the thresholds that the stream declares.

import { endpointOfUrl } from './endpoint-of-url.ts'
import { k6ErrorKind } from './k6-error-kind.ts'
import { K6Metric, type K6Threshold } from './k6-metric.ts'
import { type FoldedRun, type FoldOptions, RunFold } from './run-fold.ts'

export type K6Tags = Readonly<Record<string, string>>

export interface FoldedK6 extends FoldedRun {
  readonly iterations: number
  readonly dropped: number
  readonly bytesReceived: number
  readonly thresholds: readonly K6Threshold[]
  /** Names of k6's scenarios. */
  readonly scenarios: readonly string[]
  /** Scheme and host of the first URL that the stream has kept. */
  readonly target: string | null
}

/** What the fold reads; lines of other metrics need not be parsed. */
export const K6_METRICS_IGNORED: ReadonlySet<string> = new Set([
  'http_reqs',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  'data_sent',
  'group_duration',
  'iteration_duration',
  'vus_max',
])

/** The feature of a script's own trends. */
export const OWN_MEASURES = 'own measures'
const UNREACHABLE: ReadonlySet<string> = new Set(['refused', 'unknown-host', 'connection'])
const KNOWN_NAMES = 10_000

interface Endpoint {
  readonly name: string
  readonly feature: string | null
}

export class K6Fold {
  readonly #fold: RunFold
  readonly #metrics = new Map<string, K6Metric>()
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #ownTrends = new Set<string>()
  readonly #scenarios = new Set<string>()
  #iterations = 0
  #dropped = 0
  #unreachable = 0
  #bytesReceived = 0
  #target: string | null = null

  constructor(options: FoldOptions = {}) {
    this.#fold = new RunFold(options)
  }

  get count(): number {
    return this.#fold.count
  }

  /** Requests to which nobody answered the call. */
  get unreachable(): number {
    return this.#unreachable
  }

  get dropped(): number {
    return this.#dropped
  }

  passed(atMs: number): void {
    this.#fold.passed(atMs)
  }

  /** Whether points of it matter: those of other metrics only where a threshold is on them. */
  reads(metric: string): boolean {
    return !K6_METRICS_IGNORED.has(metric) || this.#metrics.has(metric)
  }

  declare(name: string, type: string, contains: string, thresholds: readonly string[]): void {
    if (thresholds.length > 0 && !this.#metrics.has(name))
      this.#metrics.set(name, new K6Metric(name, type, contains, thresholds))
    if (
      type === 'trend' &&
      contains === 'time' &&
      !/^(http_req_|group_duration$|iteration_duration$)/.test(name)
    )
      this.#ownTrends.add(name)
  }

  /** False: its time can't be. */
  point(metric: string, atMs: number, value: number, tags: K6Tags): boolean {
    if (!this.#fold.accepts(atMs)) return false
    if (this.#metrics.size > 0) this.#metrics.get(metric)?.add(atMs, value)
    switch (metric) {
      case 'http_req_duration': {
        const { name, feature } = this.#endpointOf(tags)
        const error = errorOf(tags)
        if (error !== null && UNREACHABLE.has(error)) this.#unreachable += 1
        this.#fold.request({ name, feature, atMs, ms: value, error })
        if (tags.scenario !== undefined) this.#scenarios.add(tags.scenario)
        break
      }
      case 'checks':
        this.#fold.check(tags.check ?? 'check', value !== 0, atMs)
        break
      case 'iterations':
        this.#iterations += value
        break
      case 'dropped_iterations':
        this.#dropped += value
        this.#fold.touch(atMs)
        break
      case 'data_received':
        this.#bytesReceived += value
        break
      case 'vus':
        this.#fold.users(atMs, value)
        break
      default:
        if (this.#ownTrends.has(metric)) this.#fold.measure(metric, OWN_MEASURES, atMs, value)
    }
    return true
  }

  finish(): FoldedK6 {
    const run = this.#fold.finish()
    return {
      ...run,
      iterations: this.#iterations,
      dropped: this.#dropped,
      bytesReceived: this.#bytesReceived,
      thresholds: [...this.#metrics.values()].flatMap((metric) => metric.judge(run.durationMs / 1000)),
      scenarios: [...this.#scenarios].sort(),
      target: this.#target,
    }
  }

  #endpointOf(tags: K6Tags): Endpoint {
    const key = `${tags.name ?? tags.url}\n${tags.method}\n${tags.feature ?? tags.group}`
    let endpoint = this.#endpoints.get(key)
    if (endpoint === undefined) {
      endpoint = this.#read(tags)
      if (this.#endpoints.size >= KNOWN_NAMES) this.#endpoints.clear()
      this.#endpoints.set(key, endpoint)
    }
    return endpoint
  }

  #read(tags: K6Tags): Endpoint {
    const { url, method } = tags
    if (this.#target === null && url !== undefined) this.#target = originOf(url)
    const given = tags.name ?? url ?? 'requests without name'
    return {
      // without a name of its own, k6 names a request by its URL
      name: originOf(given) === null ? given : endpointOfUrl(method, given),
      feature: tags.feature ?? featureOfGroup(tags.group),
    }
  }
}

/** `::conversation::messages` is `conversation / messages`. */
export function featureOfGroup(group: string | undefined): string | null {
  const path = (group ?? '').split('::').filter((part) => part !== '')
  return path.length === 0 ? null : path.join(' / ')
}

function originOf(url: string): string | null {
  return /^(https?:\/\/[^/?#]+)/i.exec(url)?.[1]?.replace(/\/\/[^@]*@/, '//') ?? null
}

function errorOf(tags: K6Tags): string | null {
  const status = Number(tags.status ?? Number.NaN)
  const hasFailed =
    tags.expected_response === undefined
      ? tags.error_code !== undefined || status === 0 || status >= 400
      : tags.expected_response === 'false'
  if (!hasFailed) return null
  return status > 0 ? String(status) : k6ErrorKind(tags.error_code, tags.error)
}
