// Errors of the log by class: of the last ten minutes, and as usual over the day before.

import { defineStoredFact } from '../model/fact.ts'
import type { LogClassCount, LogRecord } from '../model/log-event.ts'
import type { Milliseconds } from '../model/units.ts'

export interface LoggedErrors {
  readonly isRead: boolean
  readonly recentMs: Milliseconds
  readonly recent: readonly LogClassCount[]
  /** The time before, as far as the log was read; 0: it was not. */
  readonly usualMs: Milliseconds
  readonly usual: readonly LogClassCount[]
  /** Of the last ten minutes, the latest first. */
  readonly events: readonly LogRecord[]
}

const RECENT_MS = 10 * 60_000
const USUAL_MS = 24 * 3_600_000
const ERRORS = ['ERROR', 'FATAL', 'PANIC'] as const
const MOST_EVENTS = 200

export const logErrors = defineStoredFact<LoggedErrors>({
  id: 'log-errors',
  title: 'Errors of the log by class, of ten minutes and of the day before',
  async read(memory, targetId, now) {
    const begin = new Date(now.getTime() - RECENT_MS)
    const before = { from: new Date(begin.getTime() - USUAL_MS), to: begin }
    const [sources, recent, all, events] = await Promise.all([
      memory.logSources(targetId),
      memory.logCounts(targetId, { from: begin, to: now }),
      memory.logCounts(targetId, before),
      memory.logEvents(targetId, { from: begin, to: now }, { severities: ERRORS, limit: MOST_EVENTS }),
    ])
    const isError = ({ severity }: LogClassCount) => (ERRORS as readonly string[]).includes(severity)
    const firstAt = Math.min(begin.getTime(), ...all.map((each) => each.firstAt.getTime()))
    return {
      isRead: sources.some(({ lines }) => lines > 0),
      recentMs: RECENT_MS,
      recent: recent.filter(isError),
      usualMs: begin.getTime() - firstAt,
      usual: all.filter(isError),
      events,
    }
  },
})
