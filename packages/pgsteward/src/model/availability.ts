// What is reached from outside, and for how much of the time: probes and their attempts, sums over time, outages. An application's own
// requests stand beside them: their share of errors spends a budget as a probe's downtime does.

import type { Milliseconds, Window } from './units.ts'

/** requests: not asked by us; counted from what the application reports. */
export const PROBE_KINDS = ['http', 'database', 'requests'] as const
export type ProbeKind = (typeof PROBE_KINDS)[number]

/** Names one probe of a target. */
export interface ProbeId {
  readonly kind: ProbeKind
  /** Of requests: the application's. */
  readonly name: string
}

export interface Probe extends ProbeId {
  /** What is asked, without secrets; empty for requests. */
  readonly address: string
  /** 0 for requests. */
  readonly everyMs: Milliseconds
  /** Share of the time, or of the requests, that has to be good: 0.999. */
  readonly slo: number
}

/** 99.9 %: 43 minutes in 30 days. */
export const DEFAULT_SLO = 0.999

export const PROBE_PHASES = ['resolve', 'connect', 'encrypt', 'answer'] as const
/** resolve: the host's name; encrypt: TLS; answer: from the question to the first byte, of a database to its rows. */
export type ProbePhases = { readonly [Phase in (typeof PROBE_PHASES)[number]]?: Milliseconds }

export interface ProbeAttempt {
  /** Its begin. */
  readonly at: Date
  readonly isUp: boolean
  /** In the reader's words, without secrets; null: all is well. */
  readonly error: string | null
  readonly tookMs: Milliseconds
  readonly phases: ProbePhases
  /** HTTP alone, where there was an answer. */
  readonly status: number | null
  /** Of the certificate that it showed. */
  readonly certificateExpiresAt: Date | null
}

export interface ProbeState extends Probe {
  /** Null: none yet; always for requests. */
  readonly latest: ProbeAttempt | null
  readonly failuresInARow: number
  /** First of those failures. */
  readonly failingSince: Date | null
  /** Of requests: when they were reported last. */
  readonly lastAt: Date | null
}

/**
 * Over a window. An attempt stands for the time since the one before, at most for one interval: what lies further apart is a gap, and
 * counts neither as up nor as down.
 */
export interface AvailabilitySums {
  /** Or requests. Those within planned windows are left out here and below. */
  readonly attempts: number
  readonly failures: number
  readonly coveredMs: Milliseconds
  readonly downMs: Milliseconds
  /** In planned windows, up or down. */
  readonly plannedMs: Milliseconds
  readonly totalMs: Milliseconds
  readonly maxMs: Milliseconds
}

export interface ProbeSums extends ProbeId, AvailabilitySums {}

/** From the first attempt that failed to the first that did not. */
export interface Outage extends ProbeId {
  readonly startedAt: Date
  /** Null: it lasts. Where nobody asked for a while, it ends where it was seen last. */
  readonly endedAt: Date | null
  readonly failures: number
  /** The last. */
  readonly error: string
  readonly isPlanned: boolean
}

export interface ProbeDay extends ProbeId, AvailabilitySums {
  /** Its begin, in UTC. */
  readonly at: Date
}

/** What checks and views may ask. */
export interface AvailabilityMemory {
  /** Those that are configured now, and applications that report requests; by kind and name. */
  probes(targetId: string): Promise<readonly ProbeState[]>
  /**
   * For each window the sums of each probe that has any: up to a day by the minute, up to eight days by the hour, beyond by the day, each
   * to the nearest.
   */
  availability(targetId: string, windows: readonly Window[]): Promise<readonly (readonly ProbeSums[])[]>
  /** The oldest first; a day without an attempt is left out. */
  availabilityDays(targetId: string, window: Window): Promise<readonly ProbeDay[]>
  /** Those that lasted at any moment of the window, the latest first; 200 at most. */
  outages(targetId: string, window: Window): Promise<readonly Outage[]>
}
