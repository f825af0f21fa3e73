// Logins that fail again and again: a password that was changed on one side only, or somebody who guesses.

import { z } from 'zod'
import { logFailedLogins } from '../../facts/log-failed-logins.ts'
import { NO_LOG, someOf } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import type { LogRecord } from '../../model/log-event.ts'

const MOST_ROLES = 10

export const failedLogins = defineCheck({
  id: 'failed-logins',
  area: 'availability',
  title: 'Logins fail',
  needs: { logged: logFailedLogins },
  options: z.object({
    minFailures: z
      .number()
      .int()
      .positive()
      .prefault(5)
      .describe('Of one role within an hour: a person who mistypes a password stays below.'),
    warnFrom: z
      .number()
      .int()
      .positive()
      .prefault(20)
      .describe(
        'Of one role within an hour: only programs try so often, an application or somebody who guesses.',
      ),
  }),
  run({ logged }, { minFailures, warnFrom }) {
    if (!logged.isRead) return NO_LOG
    const kept = logged.events.length
    const all = logged.counts.reduce((sum, { count }) => sum + count, 0)
    const byRole = new Map<string, LogRecord[]>()
    for (const event of logged.events) {
      const role = roleOf(event)
      byRole.set(role, [...(byRole.get(role) ?? []), event])
    }
    return [...byRole]
      .map(([role, events]) => ({
        role,
        events,
        // of what repeats a part is kept one by one: each stands for as many
        failures: Math.round(events.length * Math.max(1, all / Math.max(1, kept))),
      }))
      .filter(({ failures }) => failures >= minFailures)
      .sort((a, b) => b.failures - a.failures)
      .slice(0, MOST_ROLES)
      .map(({ role, events, failures }) => {
        const [latest] = events
        const text = (label: string, value: string) =>
          value === '' ? [] : [{ label, value, unit: 'text' as const }]
        return {
          subject: { kind: 'role' as const, name: role },
          severity: failures >= warnFrom ? ('warning' as const) : ('info' as const),
          summary: 'Logins of this role fail again and again',
          evidence: [
            { label: 'failures', value: failures, unit: 'count' as const },
            { label: 'reported from', value: minFailures, unit: 'count' as const },
            { label: 'a warning from', value: warnFrom, unit: 'count' as const },
            { label: 'within', value: logged.overMs, unit: 'ms' as const },
            { label: 'last', value: latest!.at.toISOString(), unit: 'text' as const },
            { label: 'the log says', value: latest!.message, unit: 'text' as const },
            ...text('databases', someOf(events.map(({ database }) => database))),
            ...text('clients', someOf(events.map(({ client }) => client))),
          ],
        }
      })
  },
})

function roleOf({ user, figures }: LogRecord): string {
  return user ?? (typeof figures.role === 'string' ? figures.role : 'unknown')
}
