// Deadlocks with both sides: which statements of which callers take the same rows in opposite order.

import { z } from 'zod'
import { type LoggedDeadlock, logDeadlocks } from '../../facts/log-deadlocks.ts'
import { NO_LOG } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

export const deadlockLogged = defineCheck({
  id: 'deadlock-logged',
  area: 'availability',
  title: 'Deadlocks, with the statements on both sides',
  needs: { logged: logDeadlocks },
  options: z.object({
    warnFrom: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe(
        'Within an hour: one is bad luck that a retry mends, as many are an order that the code keeps.',
      ),
  }),
  run({ logged }, { warnFrom }) {
    if (!logged.isRead) return NO_LOG
    const databases = [...new Set(logged.counts.map(({ database }) => database ?? ''))]
    return databases.flatMap((database) => {
      const own = logged.deadlocks.filter(({ event }) => (event.database ?? '') === database)
      const [latest] = own
      const counted = logged.counts.filter((each) => (each.database ?? '') === database)
      if (latest === undefined) return []
      const count = counted.reduce((sum, each) => sum + each.count, 0)
      const pair = mostFrequent(own)
      return [
        {
          subject: { kind: 'database' as const, name: database === '' ? 'unknown' : database },
          severity: count >= warnFrom ? ('warning' as const) : ('info' as const),
          summary:
            'Statements that lock the same rows in opposite order deadlocked; one side of each was ended',
          evidence: [
            { label: 'deadlocks', value: count, unit: 'count' as const },
            { label: 'a warning from', value: warnFrom, unit: 'count' as const },
            { label: 'within', value: logged.overMs, unit: 'ms' as const },
            { label: 'last', value: latest.event.at.toISOString(), unit: 'text' as const },
            ...sidesOf(pair.deadlock),
            ...(own.length === 1
              ? []
              : [{ label: 'of these statements', value: pair.count, unit: 'count' as const }]),
          ],
        },
      ]
    })
  },
})

function mostFrequent(deadlocks: readonly LoggedDeadlock[]): {
  readonly deadlock: LoggedDeadlock
  readonly count: number
} {
  const pairs = new Map<string, LoggedDeadlock[]>()
  for (const each of deadlocks) {
    // either side may be the one that is ended
    const key = each.statements
      .map(({ text }) => queryExcerpt(text))
      .sort()
      .join('\n')
    pairs.set(key, [...(pairs.get(key) ?? []), each])
  }
  const [most] = [...pairs.values()].sort((a, b) => b.length - a.length)
  return { deadlock: most![0]!, count: most!.length }
}

function sidesOf({ statements, table, event }: LoggedDeadlock): readonly Evidence[] {
  const text = (label: string, value: string | null): readonly Evidence[] =>
    value === null || value === '' ? [] : [{ label, value, unit: 'text' }]
  const [ended, ...others] = statements
  return [
    ...text('table', table),
    ...(ended === undefined
      ? []
      : [
          ...text('ended', queryExcerpt(ended.text)),
          ...text('ended, sent by', ended.caller ?? event.application),
        ]),
    ...others
      .slice(0, 3)
      .flatMap((other) => [
        ...text('against', queryExcerpt(other.text)),
        ...text('against, sent by', other.caller),
      ]),
  ]
}
