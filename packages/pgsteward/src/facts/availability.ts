// Probes as they stand, and what their failures, and those of applications' requests, spent over the windows of burn-rate alerts.

import type { Outage, ProbeId, ProbeState, ProbeSums } from '../model/availability.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds, Window } from '../model/units.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A prober that is stopped or slow says nothing after this long: three intervals, and what one try may take. */
const STALE_AFTER_TIMES = 3
const STALE_AFTER_MS: Milliseconds = 30_000

export interface SeenProbe extends ProbeState {
  /** Nobody has asked for a while: what it was last stays, and nothing new is concluded. */
  readonly isStale: boolean
}

export const probes = defineStoredFact<readonly SeenProbe[]>({
  id: 'probes',
  title: 'Probes of addresses and of the database, as they stand',
  read: async (memory, targetId, now) =>
    (await memory.probes(targetId))
      .filter(({ kind }) => kind !== 'requests')
      .map((probe) => seen(probe, now)),
})

function seen(probe: ProbeState, now: Date): SeenProbe {
  const freshMs = probe.everyMs * STALE_AFTER_TIMES + STALE_AFTER_MS
  const { latest } = probe
  return { ...probe, isStale: latest === null || now.getTime() - latest.at.getTime() > freshMs }
}

/** Of the Site Reliability Workbook, table 5-8: for each pair both have to burn. */
export const BURN_WINDOWS = [
  { longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  { longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  { longMs: 72 * HOUR_MS, shortMs: 6 * HOUR_MS },
] as const

/** The window that a budget is for. */
export const BUDGET_MS: Milliseconds = 720 * HOUR_MS

const LENGTHS_MS: readonly Milliseconds[] = [
  ...new Set(BURN_WINDOWS.flatMap(({ longMs, shortMs }) => [longMs, shortMs])),
  BUDGET_MS,
]

export interface ProbeSpending extends ProbeId {
  readonly slo: number
  readonly isStale: boolean
  /** By the length of the window that ends now; absent: nothing was tried in it. */
  readonly sums: ReadonlyMap<Milliseconds, ProbeSums>
  /** Those of the longest short window that were more than a single failed try, the latest first. */
  readonly outages: readonly Outage[]
}

/** Requests that were not reported for so long say nothing of now. */
const REQUESTS_STALE_MS: Milliseconds = 4 * MINUTE_MS

export const probeSpending = defineStoredFact<readonly ProbeSpending[]>({
  id: 'probe-spending',
  title: 'What failures of probes and of requests spent of their error budgets, over five minutes to 30 days',
  // the shortest window is five minutes
  keptFor: 'round',
  read: async (memory, targetId, now) => {
    const last = (ms: Milliseconds): Window => ({ from: new Date(now.getTime() - ms), to: now })
    const [known, sums, outages] = await Promise.all([
      memory.probes(targetId),
      memory.availability(targetId, LENGTHS_MS.map(last)),
      memory.outages(targetId, last(6 * HOUR_MS)),
    ])
    return known.map((probe) => {
      const isThis = ({ kind, name }: ProbeId) => kind === probe.kind && name === probe.name
      return {
        kind: probe.kind,
        name: probe.name,
        slo: probe.slo,
        isStale:
          probe.kind === 'requests'
            ? probe.lastAt === null || now.getTime() - probe.lastAt.getTime() > REQUESTS_STALE_MS
            : seen(probe, now).isStale,
        sums: new Map(
          LENGTHS_MS.flatMap((ms, number) => {
            const own = sums[number]!.find(isThis)
            return own === undefined ? [] : [[ms, own] as const]
          }),
        ),
        outages: outages.filter((each) => isThis(each) && each.failures > 1 && !each.isPlanned),
      }
    })
  },
})

/** Downtime by the whole window: what nobody saw spends nothing, and an hour since the first try is no window of three days. */
export function spentOver(
  { kind, sums }: Pick<ProbeSpending, 'kind' | 'sums'>,
  windowMs: Milliseconds,
): { readonly all: number; readonly bad: number } {
  const own = sums.get(windowMs)
  if (kind === 'requests') return { all: own?.attempts ?? 0, bad: own?.failures ?? 0 }
  return { all: windowMs, bad: own?.downMs ?? 0 }
}
