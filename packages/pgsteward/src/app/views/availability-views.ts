// Answers about availability: probes as they stand, uptime, error budgets, outages.

import {
  BUDGET_MS,
  BURN_WINDOWS,
  type ProbeSpending,
  probeSpending,
  spentOver,
} from '../../facts/availability.ts'
import type { AvailabilitySums, ProbeDay, ProbeId, ProbeKind, ProbeState } from '../../model/availability.ts'
import type {
  AvailabilityWire,
  ErrorBudgetWire,
  ProbeDayWire,
  ProbeWire,
  UptimeWire,
} from '../../model/availability-wire.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { burnRate, errorBudget, lastsForMs } from '../../stats/error-budget.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const UPTIME_WINDOWS_MS: readonly Milliseconds[] = [DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS]
/** As long as outages are listed and days are drawn. */
const SHOWN_MS: Milliseconds = 90 * DAY_MS
/** What a budget lasts is told by the hours behind: five minutes would swing between nothing and for ever. */
const RATE_MS: Milliseconds = 6 * HOUR_MS

const NOTHING: AvailabilitySums = {
  attempts: 0,
  failures: 0,
  coveredMs: 0,
  downMs: 0,
  plannedMs: 0,
  totalMs: 0,
  maxMs: 0,
}

export class AvailabilityViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  /** `moreMs`: another window of uptime, beside those of a day to 90. */
  async all(targetId: string, moreMs?: Milliseconds): Promise<AvailabilityWire> {
    watcherOf(this.#steward, targetId)
    const { store } = this.#steward
    const now = this.#now()
    const last = (ms: Milliseconds): Window => ({ from: new Date(now.getTime() - ms), to: now })
    const windowsMs = [...new Set([...UPTIME_WINDOWS_MS, ...(moreMs === undefined ? [] : [moreMs])])].sort(
      (a, b) => a - b,
    )
    const [probes, sums, spending, days, outages] = await Promise.all([
      store.probes(targetId),
      store.availability(targetId, windowsMs.map(last)),
      probeSpending.read(store, targetId, now),
      store.availabilityDays(targetId, last(SHOWN_MS)),
      store.outages(targetId, last(SHOWN_MS)),
    ])
    return {
      targetId,
      probes: probes.map((probe) => {
        const isThis = ({ kind, name }: ProbeId) => kind === probe.kind && name === probe.name
        return {
          ...standing(probe, spending.find(isThis)?.isStale ?? true),
          uptime: windowsMs.map((ms, number) =>
            uptimeOf(probe.kind, ms, sums[number]!.find(isThis) ?? NOTHING),
          ),
          budget: budgetOf(probe, spending.find(isThis)),
          days: days.filter(isThis).map(dayOf),
        }
      }),
      outages: outages.map(({ startedAt, endedAt, ...rest }) => ({
        ...rest,
        startedAt: startedAt.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
      })),
    }
  }
}

function standing(
  { kind, name, address, everyMs, slo, latest, failingSince, lastAt }: ProbeState,
  isStale: boolean,
): Omit<ProbeWire, 'uptime' | 'budget' | 'days'> {
  const state =
    kind === 'requests' ? 'counted' : latest === null || isStale ? 'unknown' : latest.isUp ? 'up' : 'down'
  return {
    kind,
    name,
    address,
    everyMs,
    slo,
    state,
    error: latest?.error ?? null,
    failingSince: failingSince?.toISOString() ?? null,
    lastAt: lastAt?.toISOString() ?? null,
    tookMs: latest?.tookMs ?? null,
    phases: { ...latest?.phases },
    status: latest?.status ?? null,
    certificateExpiresAt: latest?.certificateExpiresAt?.toISOString() ?? null,
  }
}

function uptimeOf(kind: ProbeKind, windowMs: Milliseconds, sums: AvailabilitySums): UptimeWire {
  const { attempts, totalMs, coveredMs, downMs, plannedMs, failures, maxMs } = sums
  const isCounted = kind === 'requests'
  return {
    windowMs,
    ratio: ratioOf(sums),
    coveredRatio: isCounted ? null : Math.min(1, (coveredMs + plannedMs) / windowMs),
    coveredMs,
    downMs,
    plannedMs,
    attempts,
    failures,
    meanMs: isCounted || attempts === 0 ? null : totalMs / attempts,
    maxMs,
  }
}

/** Requests cover no time. */
function ratioOf({ attempts, failures, coveredMs, downMs }: AvailabilitySums): number | null {
  if (coveredMs > 0) return 1 - downMs / coveredMs
  return attempts > 0 ? 1 - failures / attempts : null
}

function budgetOf({ kind, slo }: ProbeState, spending: ProbeSpending | undefined): ErrorBudgetWire {
  const spent = (ms: Milliseconds) => spentOver(spending ?? { kind, sums: new Map() }, ms)
  const budget = errorBudget(spent(BUDGET_MS), slo)
  const windowsMs = BURN_WINDOWS.map(({ longMs }) => longMs)
  return {
    windowMs: BUDGET_MS,
    unit: kind === 'requests' ? 'count' : 'ms',
    ...budget,
    lastsMs: lastsForMs(budget.leftRatio, burnRate(spent(RATE_MS), slo), BUDGET_MS),
    burns: windowsMs.map((windowMs) => ({ windowMs, rate: burnRate(spent(windowMs), slo) })),
  }
}

function dayOf(day: ProbeDay): ProbeDayWire {
  const { at, coveredMs, downMs, plannedMs, attempts, failures } = day
  return { at: at.toISOString(), ratio: ratioOf(day), coveredMs, downMs, plannedMs, attempts, failures }
}
