// The server crashed: all sessions were ended, and nobody could connect until it had recovered.

import { z } from 'zod'
import { logCrashes } from '../../facts/log-crashes.ts'
import { NO_LOG } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import type { LogRecord } from '../../model/log-event.ts'
import { duration } from '../../model/units.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

/** What died, as against what followed from it. */
const CAUSES = ['server-panic', 'server-process-killed', 'server-crashed']

export const logServerCrash = defineCheck({
  id: 'log-server-crash',
  area: 'availability',
  title: 'The server crashed',
  needs: { logged: logCrashes },
  options: z.object({
    within: duration()
      .prefault('24h')
      .describe('At most a day: whoever comes in the morning should know what happened at night.'),
  }),
  run({ logged }, { within }, { now }) {
    if (!logged.isRead) return NO_LOG
    const events = logged.events.filter(({ at }) => now.getTime() - at.getTime() <= within)
    const [latest] = events
    if (latest === undefined) return []
    const causes = events.filter((each) => CAUSES.includes(each.class))
    const cause = causes[0]
    const told = cause ?? latest
    const running = runningOf(told)
    return [
      {
        subject: { kind: 'server' },
        severity: 'critical',
        summary: summaryOf(cause),
        evidence: [
          { label: 'last', value: told.at.toISOString(), unit: 'text' },
          { label: 'the log says', value: told.message, unit: 'text' },
          ...(running === null ? [] : [{ label: 'it was running', value: running, unit: 'text' as const }]),
          { label: 'crashes', value: Math.max(1, causes.length), unit: 'count' },
          { label: 'within', value: within, unit: 'ms' },
        ],
      },
    ]
  },
})

function summaryOf(cause: LogRecord | undefined): string {
  if (cause === undefined) return 'The server was not shut down properly and had to recover'
  if (cause.class === 'server-panic') return 'The server stopped itself by PANIC; all sessions were ended'
  return cause.class === 'server-process-killed'
    ? 'A process of the server was killed, for memory perhaps; all sessions were ended'
    : 'A process of the server crashed; all sessions were ended'
}

/** PostgreSQL's own words before the statement. */
function runningOf({ detail, query }: LogRecord): string | null {
  const statement = /^Failed process was running: ([\s\S]+)$/.exec(detail ?? '')?.[1] ?? query
  return statement === null || statement === undefined ? null : queryExcerpt(statement)
}
