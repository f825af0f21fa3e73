// How much of a period was observed: from the readings that the store has, and why there were none in between.

import type { Outage } from '../../model/availability.ts'
import type { Report } from '../../model/report.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { median } from '../../stats/order-statistics.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { targetId as targetIdOf } from '../target-id.ts'

export type Coverage = Report['coverage']

const MINUTE_MS: Milliseconds = 60_000
const HOUR_MS: Milliseconds = 60 * MINUTE_MS
const DAY_MS: Milliseconds = 24 * HOUR_MS
/** Read with every whole round. */
const READ_EACH_ROUND = 'connections.active'
/** A round that was late or lost is no gap yet: of a minute's cadence it takes five. */
const LEAST_GAP_MS = 5 * MINUTE_MS
const MOST_GAPS = 50

/** A target that may sleep is looked at once an hour while nobody uses it (collect/rest.ts). */
const RESTING_GAP_MS = 65 * MINUTE_MS

export interface Covered {
  readonly store: Store
  readonly targetId: string
  readonly config: Pick<Config, 'targets'>
}

export async function readCoverage({ store, targetId, config }: Covered, window: Window): Promise<Coverage> {
  const readings = async (asked: Window) =>
    (await store.series(targetId, READ_EACH_ROUND, asked))
      .flatMap(({ points }) => points.map(([at]) => at.getTime()))
      .toSorted((a, b) => a - b)
  // hours begin and end where they like, whatever the period does
  const points = await readings({
    from: new Date(window.from.getTime() - HOUR_MS),
    to: new Date(window.to.getTime() + HOUR_MS),
  })
  const mayRest = config.targets.some((target) => target.letSleep && targetIdOf(target) === targetId)
  const gaps = gapsOf(points, window, mayRest ? RESTING_GAP_MS : LEAST_GAP_MS)
  if (gaps.length === 0) return { ratio: 1, gaps: [] }
  const isFirst = gaps[0]!.from.getTime() === window.from.getTime()
  const [breaks, outages, before] = await Promise.all([
    store.breaks(targetId, window),
    store.outages(targetId, window),
    isFirst
      ? readings({ from: new Date(window.from.getTime() - 400 * DAY_MS), to: window.from })
      : Promise.resolve([]),
  ])
  const missingMs = gaps.reduce((sum, gap) => sum + lengthOf(gap), 0)
  return {
    ratio: Math.max(0, 1 - missingMs / lengthOf(window)),
    gaps: longest(gaps).map((gap) => ({
      from: gap.from.toISOString(),
      to: gap.to.toISOString(),
      because:
        isFirst && gap === gaps[0] && before.length === 0
          ? points.length === 0
            ? `nothing is kept of ${targetId}`
            : 'it was not watched yet'
          : reasonOf(gap, breaks, outages),
    })),
  }
}

/**
 * The share that is known of a window to compare with: of its statements' increases, which go over short gaps, or of its readings,
 * whichever says more.
 */
export async function observedShare(covered: Covered, window: Window): Promise<number> {
  const [{ ratio }, { seconds }] = await Promise.all([
    readCoverage(covered, window),
    covered.store.statementSums(covered.targetId, window),
  ])
  return Math.min(1, Math.max(ratio, (seconds * 1_000) / lengthOf(window)))
}

/**
 * Spans without a reading. Means of whole hours, which is what is kept of readings after two days, stand for the hour before them: there a
 * gap is told by the hour.
 */
export function gapsOf(
  readings: readonly Milliseconds[],
  window: Window,
  leastMs: Milliseconds = LEAST_GAP_MS,
): readonly Window[] {
  const [from, to] = [window.from.getTime(), window.to.getTime()]
  const steps = readings.slice(1).map((at, index) => at - readings[index]!)
  const usual = median(steps.filter((step) => step < HOUR_MS))
  const mostMs = Math.max(leastMs, Number.isNaN(usual) ? 0 : 3 * usual)
  const gaps: Window[] = []
  const add = (start: number, end: number) => {
    const [first, last] = [Math.max(start, from), Math.min(end, to)]
    if (last - first > 0) gaps.push({ from: new Date(first), to: new Date(last) })
  }
  let known = from
  for (const [index, at] of readings.entries()) {
    const begin = isMeanOfHour(readings, index) ? at - HOUR_MS : at
    if (begin - known > mostMs) add(known, begin)
    known = Math.max(known, at)
  }
  if (to - known > mostMs) add(known, to)
  return gaps
}

/** A reading may fall on the full hour as well: then its neighbours are nearer, or lie between hours. */
function isMeanOfHour(readings: readonly Milliseconds[], index: number): boolean {
  const [before, at, after] = [readings[index - 1], readings[index]!, readings[index + 1]]
  if (at % HOUR_MS !== 0 || (before !== undefined && at - before < HOUR_MS)) return false
  const follows = before !== undefined && before % HOUR_MS === 0
  return follows || after === undefined || after - at >= HOUR_MS
}

function reasonOf(
  gap: Window,
  breaks: readonly { readonly at: Date; readonly cause: string }[],
  outages: readonly Outage[],
): string {
  const near = {
    from: new Date(gap.from.getTime() - MINUTE_MS),
    to: new Date(gap.to.getTime() + LEAST_GAP_MS),
  }
  const outage = outages.find(
    ({ kind, startedAt, endedAt }) =>
      kind === 'database' && startedAt < gap.to && (endedAt === null || endedAt > gap.from),
  )
  if (outage !== undefined) return `the database did not answer: ${outage.error}`
  const broken = breaks.find(({ at, cause }) => at >= near.from && at <= near.to && cause !== 'eviction')
  if (broken !== undefined) return `around a ${broken.cause} of the server`
  return 'no reading: pgsteward did not run, the target did not answer, or it was left asleep'
}

/** In their order; the share counts the others as well. */
function longest(gaps: readonly Window[]): readonly Window[] {
  const kept = new Set(gaps.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, MOST_GAPS))
  return gaps.filter((gap) => kept.has(gap))
}

function lengthOf({ from, to }: Window): Milliseconds {
  return to.getTime() - from.getTime()
}
