// A report while it is being put together: operations of one name are summed, everything is bounded and redacted, and what is beyond
// a bound is counted.

import { isSensitiveName, REDACTED, Scrubber, scrubText } from '@pgsteward/instrument/scrub'
import type {
  ApplicationEndpoint,
  ApplicationLevel,
  ApplicationReport,
  ApplicationSource,
  OperationIdentity,
  OperationIncrease,
  OperationSums,
  PoolReading,
  RepeatedStatement,
  SlowQuery,
} from '../../model/application.ts'
import { redactSql } from '../../sql/fingerprint.ts'
import { type BucketCounts, DurationSums } from '../../stats/duration-histogram.ts'
import type { Attributes } from './decoded.ts'
import { MAX_TEXT } from './read-value.ts'

const MAX_OPERATIONS = 5_000
const MAX_EVENTS = 1_000
const MAX_LEVELS = 500
const MAX_POOLS = 100
const MAX_NAME = 255
const MAX_PLACE = 300
const MAX_LABELS = 500
const MAX_DROPPED_KINDS = 20

export interface Counted extends OperationSums {
  readonly histogram: BucketCounts | null
}

export const NOTHING_COUNTED: Counted = {
  count: 0,
  errors: 0,
  totalMs: 0,
  maxMs: 0,
  rows: 0,
  queryMs: 0,
  skippedRows: 0,
  histogram: null,
}

type Summed = OperationIdentity & {
  -readonly [Name in Exclude<keyof Counted, 'histogram'>]: number
} & { histogram: DurationSums | null }

const NO_NAMES: OperationIdentity = {
  kind: 'metric',
  name: '',
  route: null,
  fingerprint: null,
  model: null,
  action: null,
  caller: null,
  labels: null,
}

export class ReportDraft {
  readonly #source: ApplicationSource
  readonly #operations = new Map<string, Summed>()
  readonly #levels: ApplicationLevel[] = []
  readonly #pools = new Map<string, { -readonly [Name in keyof PoolReading]: PoolReading[Name] }>()
  readonly #slowQueries: SlowQuery[] = []
  readonly #repeats: RepeatedStatement[] = []
  readonly #texts = new Map<string, string>()
  readonly #dropped = new Map<string, number>()
  readonly #endpoints = new Map<string, { readonly endpoint: ApplicationEndpoint; seen: number }>()
  readonly #scrubber = new Scrubber([])

  constructor(source: ApplicationSource) {
    this.#source = source
  }

  add(
    given: Partial<OperationIdentity> & Pick<OperationIdentity, 'kind' | 'name'>,
    counted: Partial<Counted>,
  ) {
    const identity = cutIdentity({ ...NO_NAMES, ...given })
    const key = JSON.stringify(Object.values(identity))
    let sums = this.#operations.get(key)
    if (sums === undefined) {
      if (this.#operations.size >= MAX_OPERATIONS) {
        this.drop('operations')
        return
      }
      sums = { ...identity, ...NOTHING_COUNTED, histogram: null }
      this.#operations.set(key, sums)
    }
    const more = { ...NOTHING_COUNTED, ...counted }
    sums.count += more.count
    sums.errors += more.errors
    sums.totalMs += more.totalMs
    sums.maxMs = Math.max(sums.maxMs, more.maxMs)
    sums.rows += more.rows
    sums.queryMs += more.queryMs
    sums.skippedRows += more.skippedRows
    if (more.histogram !== null) {
      sums.histogram ??= new DurationSums()
      sums.histogram.add(more.histogram)
    }
  }

  /** Literals are taken out whatever the sender did. */
  text(fingerprint: string, text: string): void {
    if (this.#texts.has(fingerprint) || this.#texts.size >= MAX_OPERATIONS) return
    this.#texts.set(fingerprint, redactSql(text, MAX_TEXT))
  }

  slowQuery(slow: Omit<SlowQuery, 'parameters'> & { readonly parameters: readonly string[] | null }): void {
    if (this.#slowQueries.length >= MAX_EVENTS) {
      this.drop('slow queries')
      return
    }
    const text = redactSql(slow.text, MAX_TEXT)
    const parameters = slow.parameters === null ? null : this.#scrubber.parameters(slow.parameters, slow.text)
    this.#slowQueries.push({ ...slow, ...cutPlaces(slow), text, parameters })
  }

  repeat(repeated: RepeatedStatement): void {
    if (this.#repeats.length >= MAX_EVENTS) {
      this.drop('repeated statements')
      return
    }
    this.#repeats.push({ ...repeated, ...cutPlaces(repeated), text: redactSql(repeated.text, MAX_TEXT) })
  }

  level(name: string, unit: ApplicationLevel['unit'], attributes: Attributes, value: number): void {
    if (!Number.isFinite(value)) return
    if (this.#levels.length >= MAX_LEVELS) {
      this.drop('levels')
      return
    }
    const labels = Object.fromEntries(
      Object.entries(attributes)
        .slice(0, 10)
        .map(([key, each]) => [key, this.#label(key, each).slice(0, 100)]),
    )
    this.#levels.push({ name: name.slice(0, MAX_NAME), unit, labels, value })
  }

  /** `key=value`, sorted: what tells one series of a metric from another. */
  labelsOf(attributes: Attributes): string | null {
    const labels = Object.entries(attributes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${this.#label(key, value)}`)
    return labels.length === 0 ? null : labels.join(' ').slice(0, MAX_LABELS)
  }

  #label(key: string, value: string | number | boolean): string {
    return isSensitiveName(key) ? REDACTED : scrubText(String(value))
  }

  pool(name: string, told: Partial<Omit<PoolReading, 'pool'>>): void {
    // some name a pool by its URL
    const pool = name.replace(/\/\/[^/@]*@/, '//').slice(0, MAX_NAME)
    let reading = this.#pools.get(pool)
    if (reading === undefined) {
      if (this.#pools.size >= MAX_POOLS) {
        this.drop('pools')
        return
      }
      reading = {
        pool,
        max: null,
        used: 0,
        idle: 0,
        waiting: 0,
        waitP95Ms: null,
        oldestCheckoutMs: null,
        oldestCheckoutBy: null,
      }
      this.#pools.set(pool, reading)
    }
    Object.assign(reading, told)
  }

  /** The one that most of the body speaks of decides which target the report belongs to. */
  endpoint(endpoint: ApplicationEndpoint | null): void {
    if (endpoint === null) return
    const key = `${endpoint.host}:${endpoint.port}/${endpoint.database}`
    const known = this.#endpoints.get(key)
    if (known !== undefined) known.seen++
    else if (this.#endpoints.size < 100) this.#endpoints.set(key, { endpoint, seen: 1 })
  }

  drop(kind: string, count = 1): void {
    if (count <= 0 || !Number.isFinite(count)) return
    const name = this.#dropped.has(kind) || this.#dropped.size < MAX_DROPPED_KINDS ? kind : 'other'
    this.#dropped.set(name.slice(0, 100), (this.#dropped.get(name) ?? 0) + count)
  }

  get isEmpty(): boolean {
    return (
      this.#operations.size +
        this.#levels.length +
        this.#pools.size +
        this.#slowQueries.length +
        this.#repeats.length +
        this.#dropped.size ===
      0
    )
  }

  finish(): ApplicationReport {
    const [busiest] = [...this.#endpoints.values()].sort((a, b) => b.seen - a.seen)
    return {
      source: this.#source,
      endpoint: busiest?.endpoint ?? null,
      operations: [...this.#operations.values()].map(
        (each): OperationIncrease => ({ ...each, histogram: each.histogram?.counts() ?? null }),
      ),
      levels: this.#levels,
      pools: [...this.#pools.values()],
      slowQueries: this.#slowQueries,
      repeats: this.#repeats,
      texts: this.#texts,
      dropped: Object.fromEntries(this.#dropped),
    }
  }
}

function cutIdentity(identity: OperationIdentity): OperationIdentity {
  return {
    kind: identity.kind,
    name: identity.name.slice(0, MAX_NAME),
    fingerprint: identity.fingerprint,
    labels: identity.labels,
    ...cutPlaces(identity),
  }
}

type Places = Pick<OperationIdentity, 'route' | 'model' | 'action' | 'caller'>

function cutPlaces({ route, model, action, caller }: Places): Places {
  return {
    route: route?.slice(0, MAX_NAME) ?? null,
    model: model?.slice(0, 100) ?? null,
    action: action?.slice(0, 100) ?? null,
    caller: caller?.slice(0, MAX_PLACE) ?? null,
  }
}
