// What an alert was told with, as entries of its incident: those that are not among them yet.

import type { IncidentBody } from '../../govern/incident/incident-entries.ts'
import type { Alert } from '../../model/alert.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { AlertEventRecord } from '../../store/alerts/alert-store.ts'
import type { Store } from '../../store/store.ts'

interface AlertEntry {
  readonly action: 'alert'
  readonly body: IncidentBody<'alert'>
  readonly actor: string
}

export async function alertEntries(
  store: Pick<Store, 'alertEvents' | 'finding'>,
  { entries }: GovernanceRecord,
  alert: Alert,
): Promise<readonly AlertEntry[]> {
  const { targetId, findingKey, openedAt } = alert
  const known = new Set(
    entries
      .filter(
        ({ action, body }) =>
          action === 'alert' && body.findingKey === findingKey && body.openedAt === openedAt.toISOString(),
      )
      .map(({ body }) => `${body.event} ${body.happenedAt}`),
  )
  // each event has its number, and the end of an alert may be none
  if (
    known.size >= alert.seq &&
    (alert.state !== 'resolved' || [...known].some((key) => key.startsWith('resolved ')))
  )
    return []
  const keyOf = ({ event, at }: AlertEventRecord) => `${event} ${at.toISOString()}`
  const missing = withEnd(await store.alertEvents(alert), alert).filter((each) => !known.has(keyOf(each)))
  if (missing.length === 0) return []
  const finding = await store.finding(targetId, findingKey)
  return missing.map(({ event, at, severity, actor, because }) => ({
    action: 'alert',
    actor: actor ?? 'pgsteward',
    body: {
      event,
      findingKey,
      checkId: finding?.checkId ?? findingKey.split(':')[0]!,
      openedAt: openedAt.toISOString(),
      happenedAt: at.toISOString(),
      severity,
      summary: finding?.summary ?? findingKey,
      by: actor,
      because,
    },
  }))
}

/** An end that nobody was told of, since the finding is no longer kept, is an end all the same. */
function withEnd(
  events: readonly AlertEventRecord[],
  { state, resolvedAt, severity }: Alert,
): readonly AlertEventRecord[] {
  if (state !== 'resolved' || resolvedAt === null || events.some(({ event }) => event === 'resolved'))
    return events
  return [...events, { at: resolvedAt, event: 'resolved', severity, actor: null, because: null }]
}
