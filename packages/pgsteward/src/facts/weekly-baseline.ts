// What is counted or told by name in the last hour of the clock that is over, and in the same hour of the weeks before.

import type { Memory } from '../model/fact.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds, Window } from '../model/units.ts'
import { type ApplicationReading, readApplications } from './application-reading.ts'

const HOUR_MS: Milliseconds = 3_600_000
const WEEK_MS: Milliseconds = 7 * 24 * HOUR_MS

/** A median of four is not moved by one holiday, and hours are kept for 35 days. */
const WEEKS_BEFORE = 4
/** Of fewer a median is one week's whim. */
export const LEAST_WEEKS = 3
/** Of an hour: what is known of less says too little of the whole. */
const LEAST_SECONDS = 45 * 60

/** Levels that are compared; counts are whatever applications count. */
export const BASELINE_LEVELS = ['subscriptions.active'] as const

export interface WeeklyHours {
  readonly application: string
  readonly name: string
  /** count: how many in the hour. level: the mean over the hour. */
  readonly kind: 'count' | 'level'
  /** Null: too little is known of the hour. */
  readonly latest: number | null
  /** Of the weeks before, latest first; null as above. */
  readonly before: readonly (number | null)[]
}

export interface WeeklyReading extends ApplicationReading<WeeklyHours> {
  /** The last hour of the clock that is over. */
  readonly hour: Window
}

/** The last hour of the clock that is over, and the same hour of the weeks before it, latest first. */
export function hoursOfWeeks(now: Date): { readonly latest: Window; readonly before: readonly Window[] } {
  const to = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const hourTo = (end: number) => ({ from: new Date(end - HOUR_MS), to: new Date(end) })
  return {
    latest: hourTo(to),
    before: Array.from({ length: WEEKS_BEFORE }, (_, week) => hourTo(to - (week + 1) * WEEK_MS)),
  }
}

export const weeklyBaseline = defineStoredFact<WeeklyReading>({
  id: 'weekly-baseline',
  title: 'Named counts of applications in the last full hour, and in the same hour of the weeks before',
  // it changes by the hour; reports of the last one may still be on their way when it ends
  keptFor: 5 * 60_000,
  async read(memory, targetId, now) {
    const { isReporting, applications } = await readApplications(memory, targetId, now)
    const { latest, before } = hoursOfWeeks(now)
    // one that fell silent is told of by itself, and of a young one there is nothing to compare with
    const compared = applications.filter(
      ({ firstSeenAt, isSilent }) => !isSilent && firstSeenAt < before[LEAST_WEEKS - 1]!.to,
    )
    const rows: WeeklyHours[] = []
    for (const { application } of compared) {
      const [ofLatest, ...weeks] = await Promise.all(
        [latest, ...before].map((hour) => countsIn(memory, targetId, application, hour)),
      )
      const names = new Set([ofLatest, ...weeks].flatMap((each) => [...(each?.keys() ?? [])]))
      // nobody of whom something is known counted it: none
      const count = (name: string, hour: Counts | undefined) => (hour == null ? null : (hour.get(name) ?? 0))
      for (const name of names)
        rows.push({
          application,
          name,
          kind: 'count',
          latest: count(name, ofLatest),
          before: weeks.map((week) => count(name, week)),
        })
    }
    if (compared.length > 0) {
      const names = new Set(compared.map(({ application }) => application))
      const levels = await levelsIn(memory, targetId, latest, before)
      rows.push(...levels.filter(({ application }) => names.has(application)))
    }
    return { isReporting, applications, rows, hour: latest }
  },
})

type Counts = ReadonlyMap<string, number> | null

/** By name, as for a whole hour. Null: too little is known of it. */
async function countsIn(
  memory: Memory,
  targetId: string,
  application: string,
  hour: Window,
): Promise<Counts> {
  const [covered] = await memory.operationHistory(targetId, application, { kind: 'metric' }, hour, 1)
  const seconds = Math.min(covered?.seconds ?? 0, HOUR_MS / 1000)
  if (seconds < LEAST_SECONDS) return null
  const counts = new Map<string, number>()
  for (const { name, count } of await memory.operations(targetId, hour, {
    kind: 'metric',
    application,
    limit: 5_000,
  }))
    counts.set(name, (counts.get(name) ?? 0) + count * (HOUR_MS / 1000 / seconds))
  return counts
}

/** A level of the whole, such as rows of a table, is the same from each process that tells it: the mean of all. */
async function levelsIn(
  memory: Memory,
  targetId: string,
  latest: Window,
  before: readonly Window[],
): Promise<readonly WeeklyHours[]> {
  const rows: WeeklyHours[] = []
  for (const name of BASELINE_LEVELS) {
    const ofLatest = await meansIn(memory, targetId, name, latest)
    // what nobody tells now is not known, which is not the same as none
    if (ofLatest.size === 0) continue
    const weeks = await Promise.all(before.map((hour) => meansIn(memory, targetId, name, hour)))
    for (const [application, mean] of ofLatest)
      rows.push({
        application,
        name,
        kind: 'level',
        latest: mean,
        before: weeks.map((week) => week.get(application) ?? null),
      })
  }
  return rows
}

async function meansIn(
  memory: Memory,
  targetId: string,
  name: string,
  hour: Window,
): Promise<ReadonlyMap<string, number>> {
  const series = await memory.series(targetId, name, hour)
  const points = Map.groupBy(
    series.flatMap(({ labels, points }) =>
      points.map(([, value]) => ({ application: labels.application, value })),
    ),
    ({ application }) => application,
  )
  const means = new Map<string, number>()
  for (const [application, its] of points)
    if (application !== undefined)
      means.set(application, its.reduce((sum, { value }) => sum + value, 0) / its.length)
  return means
}
