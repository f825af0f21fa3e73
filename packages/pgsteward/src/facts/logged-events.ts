// What the stored facts on PostgreSQL's log share: events of some classes over a window, and how many there were in all.

import { defineStoredFact, type StoredFact } from '../model/fact.ts'
import type { LogClassCount, LogRecord } from '../model/log-event.ts'
import type { Milliseconds } from '../model/units.ts'

export interface LoggedEvents {
  /** False: no log of this target is read, so a check can say nothing. */
  readonly isRead: boolean
  readonly overMs: Milliseconds
  /** All of them, by class and database. */
  readonly counts: readonly LogClassCount[]
  /** The latest first; of those that repeat the store keeps a part. */
  readonly events: readonly LogRecord[]
}

export function loggedEvents(options: {
  readonly id: string
  readonly title: string
  readonly classes: readonly string[]
  readonly overMs: Milliseconds
}): StoredFact<LoggedEvents> {
  const { id, title, classes, overMs } = options
  return defineStoredFact({
    id,
    title,
    async read(memory, targetId, now) {
      const window = { from: new Date(now.getTime() - overMs), to: now }
      const sources = await memory.logSources(targetId)
      if (!sources.some(({ lines }) => lines > 0)) return { isRead: false, overMs, counts: [], events: [] }
      const [counts, events] = await Promise.all([
        memory.logCounts(targetId, window),
        memory.logEvents(targetId, window, { classes, limit: MOST_EVENTS }),
      ])
      return { isRead: true, overMs, counts: counts.filter((each) => classes.includes(each.class)), events }
    },
  })
}

const MOST_EVENTS = 200

/** What a check says where no log is read. */
export const NO_LOG = {
  skip: "no log of this target is read; pgsteward's Logs page says how to have it read",
} as const

/** `one`, `two` and 3 more. */
export function someOf(texts: readonly (string | null)[], most = 3): string {
  const all = [...new Set(texts.filter((each): each is string => each !== null && each !== ''))]
  const shown = all.slice(0, most).join(', ')
  return all.length <= most ? shown : `${shown} and ${all.length - most} more`
}
