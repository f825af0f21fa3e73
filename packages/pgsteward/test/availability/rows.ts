// Probes and their sums for unit tests: ordinary values, of which a test names those that matter to it.

import { BUDGET_MS, BURN_WINDOWS, type ProbeSpending, type SeenProbe } from '../../src/facts/availability.ts'
import type { Outage, ProbeAttempt, ProbeState, ProbeSums } from '../../src/model/availability.ts'
import { ago, NOW } from '../judge.ts'

export function attemptRow(over: Partial<ProbeAttempt> = {}): ProbeAttempt {
  return {
    at: ago(10_000),
    isUp: true,
    error: null,
    tookMs: 20,
    phases: { connect: 4, answer: 16 },
    status: 200,
    certificateExpiresAt: null,
    ...over,
  }
}

export function probeState(over: Partial<ProbeState> = {}): ProbeState {
  return {
    kind: 'http',
    name: 'health',
    address: 'https://shop.example.com/health',
    everyMs: 30_000,
    slo: 0.999,
    latest: attemptRow(),
    failuresInARow: 0,
    failingSince: null,
    lastAt: ago(10_000),
    ...over,
  }
}

/** After so many failures in a row. */
export function failingProbe(failuresInARow: number, over: Partial<SeenProbe> = {}): SeenProbe {
  const isUp = failuresInARow === 0
  return {
    ...probeState({
      latest: attemptRow({ isUp, error: isUp ? null : 'it answered 503', status: isUp ? 200 : 503 }),
      failuresInARow,
      failingSince: isUp ? null : ago(40_000),
    }),
    isStale: false,
    ...over,
  }
}

export function sumsRow(over: Partial<ProbeSums> = {}): ProbeSums {
  return {
    kind: 'http',
    name: 'health',
    attempts: 0,
    failures: 0,
    coveredMs: 0,
    downMs: 0,
    plannedMs: 0,
    totalMs: 0,
    maxMs: 0,
    ...over,
  }
}

export function outageRow(over: Partial<Outage> = {}): Outage {
  return {
    kind: 'http',
    name: 'health',
    startedAt: ago(120_000),
    endedAt: NOW,
    failures: 4,
    error: 'it answered 503',
    isPlanned: false,
    ...over,
  }
}

export const LENGTHS_MS = [
  ...new Set([...BURN_WINDOWS.flatMap(({ longMs, shortMs }) => [longMs, shortMs]), BUDGET_MS]),
]

/** Burning at these rates; a window that is not named burns not at all. */
export function spendingRow(
  burnOf: (windowMs: number) => number,
  over: Partial<ProbeSpending> = {},
): ProbeSpending {
  const { kind = 'http', name = 'health', slo = 0.999 } = over
  return {
    kind,
    name,
    slo,
    isStale: false,
    outages: [],
    sums: new Map(
      LENGTHS_MS.map((ms) => {
        const bad = burnOf(ms) * (1 - slo)
        const requests = { attempts: 100_000, failures: Math.round(bad * 100_000) }
        const time = { coveredMs: ms, downMs: bad * ms }
        return [ms, sumsRow({ kind, name, ...(kind === 'requests' ? requests : time) })]
      }),
    ),
    ...over,
  }
}
