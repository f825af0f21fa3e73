// A series of the store by name, for rules of the configuration: its last minutes, or its last hour beside the same hour of other weeks.

import { defineStoredFact, type Series, type StoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'
import { hoursOfWeeks } from './weekly-baseline.ts'

export function seriesOver(name: string, overMs: Milliseconds): StoredFact<readonly Series[]> {
  return defineStoredFact({
    id: `series ${name} over ${overMs} ms`,
    title: `The series ${name}, as far back as a rule of the configuration asks for`,
    read: (memory, targetId, now) =>
      memory.series(targetId, name, { from: new Date(now.getTime() - overMs), to: now }),
  })
}

export interface SeriesOfWeeks {
  readonly latest: readonly Series[]
  /** The latest week first. */
  readonly before: readonly (readonly Series[])[]
}

export function seriesOfWeeks(name: string): StoredFact<SeriesOfWeeks> {
  return defineStoredFact({
    id: `series ${name} of weeks`,
    title: `The series ${name} in the last full hour, and in the same hour of the weeks before`,
    keptFor: 5 * 60_000,
    async read(memory, targetId, now) {
      const { latest, before } = hoursOfWeeks(now)
      const [ofLatest = [], ...weeks] = await Promise.all(
        [latest, ...before].map((hour) => memory.series(targetId, name, hour)),
      )
      return { latest: ofLatest, before: weeks }
    },
  })
}
