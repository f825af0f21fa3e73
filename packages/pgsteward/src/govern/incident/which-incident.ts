// Which incident an alert belongs to: one that it joins, one of its own, or none.

import type { IncidentWire } from '../../model/incident-wire.ts'
import type { Milliseconds } from '../../model/units.ts'

/**
 * An alert joins an incident of its target that is open, and where another alert of it opened within the window or the finding is already
 * among them; or one that was resolved, where it opened while that lasted or within the window after: some are told late, once what they
 * follow from is over. The latest incident that takes it.
 */
export function incidentFor(
  alert: { readonly findingKey: string; readonly openedAt: Date },
  incidents: readonly IncidentWire[],
  withinMs: Milliseconds,
): IncidentWire | null {
  const isWithin = (from: string, to: string) =>
    Date.parse(from) <= alert.openedAt.getTime() && alert.openedAt.getTime() <= Date.parse(to)
  const near = (at: string) => Math.abs(Date.parse(at) - alert.openedAt.getTime()) <= withinMs
  const takes = ({ state, alerts, openedAt, times }: IncidentWire) => {
    if (state === 'reviewed') return false
    if (state === 'resolved')
      return times.recoveredAt !== null && (near(times.recoveredAt) || isWithin(openedAt, times.recoveredAt))
    const isNear = near(openedAt) || near(times.startedAt) || alerts.some((each) => near(each.openedAt))
    return isNear || alerts.some(({ findingKey }) => findingKey === alert.findingKey)
  }
  return incidents.find(takes) ?? null
}

/** An alert that belongs to one already. */
export function incidentWith(
  { findingKey, openedAt }: { readonly findingKey: string; readonly openedAt: Date },
  incidents: readonly IncidentWire[],
): IncidentWire | null {
  const opened = openedAt.toISOString()
  return (
    incidents.find(({ alerts }) =>
      alerts.some((each) => each.findingKey === findingKey && each.openedAt === opened),
    ) ?? null
  )
}
