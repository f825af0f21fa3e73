// What the next on call has to know of a shift, from the store.

import { timeToAcknowledge } from '../../govern/on-call/time-to-acknowledge.ts'
import type { HandOffSummary } from '../../model/on-call-wire.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { Store } from '../../store/store.ts'

type Known = Pick<Store, 'alerts' | 'answeredAlerts' | 'finding' | 'findings' | 'silences'>

/** More are a number, not a list that somebody reads. */
const MOST_FIRING = 20
const MOST_ALERTS = 10_000
const MOST_FINDINGS = 5_000

/** `until`: now. */
export async function shiftSummary(
  store: Known,
  { from, until }: Spell,
  aimMs: number,
): Promise<HandOffSummary> {
  const [standing, alerts, answered, findings, silences] = await Promise.all([
    store.alerts({ states: ['firing', 'acknowledged'], limit: MOST_FIRING }),
    store.alerts({ limit: MOST_ALERTS }),
    store.answeredAlerts(from),
    store.findings({ states: ['open'], limit: MOST_FINDINGS }),
    store.silences(until),
  ])
  const { medianMs, counted, withinAim } = timeToAcknowledge(answered, aimMs, until)
  const count = (severity: 'critical' | 'warning') =>
    findings.filter((finding) => finding.severity === severity).length
  return {
    firing: await Promise.all(
      standing.map(async ({ targetId, findingKey, severity, openedAt, acknowledgedBy }) => ({
        targetId,
        findingKey,
        summary: (await store.finding(targetId, findingKey))?.summary ?? findingKey,
        severity,
        openedAt: openedAt.toISOString(),
        acknowledgedBy,
      })),
    ),
    openFindings: { critical: count('critical'), warning: count('warning') },
    happened: {
      opened: alerts.filter(({ openedAt }) => openedAt >= from).length,
      resolved: alerts.filter(({ resolvedAt }) => resolvedAt !== null && resolvedAt >= from).length,
      medianToAcknowledgeMs: medianMs,
      notAcknowledgedInTime: counted - withinAim,
    },
    silences: silences
      .filter((silence) => silence.from <= until && silence.until > until && silence.endedAt === null)
      .map(({ because, by, until: end }) => ({ because, by, until: end.toISOString() })),
  }
}
