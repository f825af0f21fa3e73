// When arrivals begin and how many users there are: the stages as arithmetic. Rates and users go from one stage's end to the next's in a
// straight line.

import type { ScenarioLoad } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'

type OpenLoad = Extract<ScenarioLoad, { model: 'open' }>
type ClosedLoad = Extract<ScenarioLoad, { model: 'closed' }>

interface Leg {
  readonly fromMs: Milliseconds
  readonly lengthMs: Milliseconds
  readonly start: number
  readonly end: number
  /** Arrivals before it. */
  readonly before: number
}

export interface ArrivalSchedule {
  /** How many arrivals there are in all. */
  readonly count: number
  /** Of the k-th arrival, from 0: the moment at which the integrated rate reaches k. */
  readonly atMs: (k: number) => Milliseconds
  readonly perSecondAt: (ms: Milliseconds) => number
}

export function loadMs({ stages }: ScenarioLoad): Milliseconds {
  return stages.reduce((sum, stage) => sum + stage.for, 0)
}

export function arrivalSchedule({ startPerSecond, stages }: OpenLoad): ArrivalSchedule {
  const legs = legsOf(
    startPerSecond,
    stages.map(({ for: lengthMs, perSecond }) => ({ lengthMs, end: perSecond })),
  )
  const last = legs.at(-1)!
  // what floating point adds to a whole number is no arrival
  const count = Math.max(0, Math.ceil(last.before + arrivalsIn(last, last.lengthMs) - 1e-6))
  let leg = 0
  return {
    count,
    atMs: (k) => {
      while (leg > 0 && legs[leg]!.before > k) leg--
      while (leg < legs.length - 1 && legs[leg + 1]!.before <= k) leg++
      return legs[leg]!.fromMs + timeOf(legs[leg]!, k - legs[leg]!.before)
    },
    perSecondAt: (ms) => valueAt(legs, ms),
  }
}

/** How many users there are at a moment: at least one as soon as there is any. */
export function usersSchedule({ startUsers, stages }: ClosedLoad): (ms: Milliseconds) => number {
  const legs = legsOf(
    startUsers,
    stages.map(({ for: lengthMs, users }) => ({ lengthMs, end: users })),
  )
  return (ms) => {
    const users = valueAt(legs, ms)
    return users > 0 ? Math.max(1, Math.round(users)) : 0
  }
}

export function mostUsers({ startUsers, stages }: ClosedLoad): number {
  return Math.max(startUsers, ...stages.map(({ users }) => users))
}

function legsOf(start: number, ends: readonly { lengthMs: number; end: number }[]): readonly Leg[] {
  const legs: Leg[] = []
  for (const { lengthMs, end } of ends) {
    const last = legs.at(-1)
    legs.push({
      fromMs: last === undefined ? 0 : last.fromMs + last.lengthMs,
      lengthMs,
      start: last?.end ?? start,
      end,
      before: last === undefined ? 0 : last.before + arrivalsIn(last, last.lengthMs),
    })
  }
  return legs
}

function arrivalsIn({ start, end, lengthMs }: Leg, ms: Milliseconds): number {
  if (lengthMs === 0) return 0
  return (start * ms + ((end - start) * ms * ms) / (2 * lengthMs)) / 1000
}

/** The positive root of start·t + (end - start)·t²/2·length = 1000·n, in the form that does not cancel. */
function timeOf({ start, end, lengthMs }: Leg, arrivals: number): Milliseconds {
  if (arrivals <= 0) return 0
  const slope = (end - start) / lengthMs
  const root = Math.sqrt(Math.max(0, start * start + 2 * slope * 1000 * arrivals))
  return Math.min(lengthMs, (2 * 1000 * arrivals) / (start + root))
}

function valueAt(legs: readonly Leg[], ms: Milliseconds): number {
  const leg = legs.findLast(({ fromMs }) => fromMs <= ms) ?? legs[0]!
  if (leg.lengthMs === 0) return leg.end
  const share = Math.min(1, Math.max(0, (ms - leg.fromMs) / leg.lengthMs))
  return leg.start + (leg.end - leg.start) * share
}
