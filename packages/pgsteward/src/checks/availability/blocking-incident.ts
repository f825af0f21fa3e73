// Transactions that made others wait within the hour, also for moments between two readings, and also when it is over: what the same
// statement cost in all, with both sides. `blocking-chain` tells of those that last.

import { z } from 'zod'
import { INCIDENTS_MS, recentIncidents } from '../../facts/recent-incidents.ts'
import type { BlockedSession, BlockingIncident } from '../../model/activity.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Finding, Subject } from '../../model/finding.ts'
import { duration } from '../../model/units.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

export const blockingIncident = defineCheck({
  id: 'blocking-incident',
  area: 'availability',
  title: 'Transactions of one kind keep making others wait',
  needs: { incidents: recentIncidents },
  options: z.object({
    minIncidents: z
      .number()
      .int()
      .positive()
      .prefault(3)
      .describe('Of the same statement within an hour; two may be chance, three have a reason.'),
    minLost: duration()
      .prefault('30s')
      .describe('Time of all who waited, together: below it nobody will have noticed.'),
    warnLost: duration()
      .prefault('5m')
      .describe(
        'A warning, and told for a single incident too: as much as one user waiting for five minutes, or sixty for five seconds each.',
      ),
  }),
  run({ incidents }, { minIncidents, minLost, warnLost }, { server, now }) {
    const here = incidents.filter((each) => (each.root.database ?? server.database) === server.database)
    return [...Map.groupBy(here, rootKind).values()]
      .map((same) => ({ same, lostMs: same.reduce((sum, each) => sum + each.lostMs, 0) }))
      .filter(({ same, lostMs }) => lostMs >= warnLost || (same.length >= minIncidents && lostMs >= minLost))
      .map(({ same, lostMs }): Finding => {
        const worst = same.reduce((a, b) => (b.lostMs > a.lostMs ? b : a))
        const last = same.reduce((a, b) => (b.startedAt > a.startedAt ? b : a))
        return {
          subject: subjectOf(worst.root, server.database),
          severity: lostMs >= warnLost ? 'warning' : 'info',
          summary: worst.root.state?.startsWith('idle')
            ? 'Others wait again and again for a transaction that does nothing at the time'
            : 'Others wait again and again for the locks of one kind of transaction',
          evidence: evidenceOf(same, worst, last, lostMs, lostMs >= warnLost ? warnLost : minLost, now),
        }
      })
  },
})

/** The same statement from the same place; of a prepared transaction only that it is one. */
function rootKind({ root }: BlockingIncident): string {
  return JSON.stringify([root.queryId ?? root.query, root.preparedAs === undefined])
}

function subjectOf(root: BlockedSession, database: string): Subject {
  if (root.queryId !== null)
    return { kind: 'query', database: root.database ?? database, queryId: root.queryId }
  return { kind: 'application', name: root.application === '' ? (root.user ?? 'unknown') : root.application }
}

function evidenceOf(
  same: readonly BlockingIncident[],
  worst: BlockingIncident,
  last: BlockingIncident,
  lostMs: number,
  limitMs: number,
  now: Date,
): readonly Evidence[] {
  const { root, waiting } = worst
  const first = waiting[0]
  const waits = first?.waitsFor ?? null
  const text = (label: string, value: string | null | undefined): readonly Evidence[] =>
    value === null || value === undefined || value === '' ? [] : [{ label, value, unit: 'text' }]
  return [
    { label: 'incidents within an hour', value: same.length, unit: 'count' },
    { label: 'time lost to waiting', value: lostMs, unit: 'ms' },
    { label: 'reported from', value: limitMs, unit: 'ms' },
    {
      label: 'most waiting at once',
      value: Math.max(...same.map((each) => each.peakWaiting)),
      unit: 'count',
    },
    { label: 'longest wait', value: Math.max(...same.map((each) => each.longestWaitMs)), unit: 'ms' },
    {
      label: 'last began before',
      value: Math.min(INCIDENTS_MS, now.getTime() - last.startedAt.getTime()),
      unit: 'ms',
    },
    ...text('worst at', worst.startedAt.toISOString()),
    ...text(
      'waiting for',
      waits === null
        ? null
        : `${waits.lockType} ${waits.lockMode}${waits.relation === null ? '' : ` on ${waits.relation}`}`,
    ),
    ...text('blocker is', root.state),
    ...text("blocker's statement", queryExcerpt(root.query)),
    ...text('blocker sent by', root.caller),
    ...text("blocker's application", root.application),
    ...text('waiting statement', first === undefined ? null : queryExcerpt(first.query)),
    ...text('waiting sent by', first?.caller),
  ]
}
