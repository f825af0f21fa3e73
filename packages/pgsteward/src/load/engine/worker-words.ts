// What the main thread and the generating threads say to each other.

import type { Scenario } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface WorkerOrder {
  /** Scaled already. */
  readonly scenario: Scenario
  readonly target: string
  readonly thread: number
  readonly threads: number
  readonly seed: number
  readonly env: Readonly<Record<string, string | undefined>>
}

export type MainWord =
  /** `atMs` on the clock that all threads share (process.hrtime). */
  | { readonly kind: 'go'; readonly atMs: Milliseconds }
  /** Nothing new is begun; what is under way has this long to end. */
  | { readonly kind: 'stop'; readonly graceMs: Milliseconds }

/** One endpoint in one second of one thread. */
export interface SeriesSecond {
  readonly series: number
  readonly count: number
  readonly errors: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Pairs of bucket and count: from the intended start, and from sending. */
  readonly latency: Uint32Array
  readonly service: Uint32Array
}

export interface ThreadSecond {
  readonly n: number
  readonly series: readonly SeriesSecond[]
  readonly errorKinds: Readonly<Record<string, number>>
  /** Failures that say that nobody listens any more. */
  readonly unreachable: number
  readonly bytesReceived: number
  /** Passed and failed of each check in turn. */
  readonly checks: Uint32Array
  readonly begun: number
  readonly dropped: number
  /** Answered well, but only after the end of the run. */
  readonly answeredLate: number
  readonly lag: Uint32Array
  readonly lagMaxMs: Milliseconds
  readonly cpuMs: Milliseconds
  readonly tookMs: Milliseconds
}

export type WorkerWord =
  /** Virtual users that could not start, with why. */
  | { readonly kind: 'ready'; readonly unstarted: Readonly<Record<string, number>> }
  | { readonly kind: 'second'; readonly second: ThreadSecond }
  | { readonly kind: 'done' }

/** Milliseconds on a clock that is the same in every thread and never steps. */
export function sharedClockMs(): Milliseconds {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
