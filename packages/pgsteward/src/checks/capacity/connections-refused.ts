// Clients that got no connection, because a limit was reached: requests that failed, not ones that soon might.

import { z } from 'zod'
import { logRefusals } from '../../facts/log-refusals.ts'
import { NO_LOG, someOf } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import { duration } from '../../model/units.ts'

const LIMITS: Readonly<Record<string, string>> = {
  'too-many-connections': 'max_connections',
  'connection-slots-reserved': 'max_connections, less the reserved ones',
  'too-many-connections-for-role': 'the limit of a role',
  'too-many-connections-for-database': 'the limit of a database',
}

export const connectionsRefused = defineCheck({
  id: 'connections-refused',
  area: 'capacity',
  title: 'Connections were refused',
  needs: { logged: logRefusals },
  options: z.object({
    within: duration()
      .prefault('15m')
      .describe(
        'Up to an hour. A burst that is over for so long is in the history, and needs nobody tonight.',
      ),
    criticalFrom: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe(
        'Refusals within that time: a client that tries again makes one or two, as many are requests that failed.',
      ),
  }),
  run({ logged }, { within, criticalFrom }, { now }) {
    if (!logged.isRead) return NO_LOG
    const since = now.getTime() - within
    const counts = logged.counts.filter(({ lastAt }) => lastAt.getTime() >= since)
    const events = logged.events.filter(({ at }) => at.getTime() >= since)
    if (counts.length === 0) return []
    const refused = counts.reduce((sum, { count }) => sum + count, 0)
    const last = Math.max(...counts.map(({ lastAt }) => lastAt.getTime()))
    const first = Math.min(...counts.map(({ firstAt }) => firstAt.getTime()))
    const text = (label: string, value: string) =>
      value === '' ? [] : [{ label, value, unit: 'text' as const }]
    return [
      {
        subject: { kind: 'server' },
        severity: refused >= criticalFrom ? 'critical' : 'warning',
        summary: 'The server refused connections, because as many as it allows were open',
        evidence: [
          { label: 'refused', value: refused, unit: 'count' },
          { label: 'critical from', value: criticalFrom, unit: 'count' },
          { label: 'first', value: new Date(first).toISOString(), unit: 'text' },
          { label: 'last', value: new Date(last).toISOString(), unit: 'text' },
          ...text('limit', someOf(counts.map((each) => LIMITS[each.class] ?? each.class))),
          ...text('users', someOf(events.map(({ user }) => user))),
          ...text('databases', someOf(events.map(({ database }) => database))),
          ...text('clients', someOf(events.map(({ client }) => client))),
        ],
      },
    ]
  },
})
