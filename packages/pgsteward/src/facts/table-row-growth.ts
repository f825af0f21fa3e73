// How fast larger tables grow, over a month: the median of what they gained in a week, so that weekends count as they come and one import
// or one purge does not decide.

import { defineStoredFact, type Memory, type Series } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

const DAY_MS: Milliseconds = 86_400_000
const OVER_DAYS = 30
const WEEK_DAYS = 7

/** Rows a day by `schema.name`; null: no store. Tables known for less than a week are left out. */
export const tableRowGrowth = defineStoredFact<ReadonlyMap<string, number> | null>({
  id: 'table-row-growth',
  title: 'Rows that larger tables gain a day, over 30 days; at least 8 have to be known',
  // it moves by a thirtieth a day
  keptFor: DAY_MS / 4,
  read: (memory, targetId, now) => gainsADay(memory, 'table.rows', targetId, now),
  withoutStore: null,
})

/** Of each key of such a series. */
export async function gainsADay(
  memory: Pick<Memory, 'series'>,
  name: string,
  targetId: string,
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const window = { from: new Date(now.getTime() - OVER_DAYS * DAY_MS), to: now }
  const series = await memory.series(targetId, name, window)
  return new Map(
    series.flatMap(({ labels, points }) => {
      const slope = slopeOf(points)
      return slope === null || labels.key === undefined ? [] : [[labels.key, slope] as const]
    }),
  )
}

/** Of each day its last value; null: no two of them are a week apart. */
function slopeOf(points: Series['points']): number | null {
  const byDay = new Map(points.map(([at, value]) => [Math.floor(at.getTime() / DAY_MS), value]))
  const gains = [...byDay].flatMap(([day, value]) => {
    const before = byDay.get(day - WEEK_DAYS)
    return before === undefined ? [] : [(value - before) / WEEK_DAYS]
  })
  return gains.length === 0 ? null : gains.toSorted((a, b) => a - b)[Math.floor(gains.length / 2)]!
}
