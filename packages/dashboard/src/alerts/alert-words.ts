// What became of an alert, in words.

import type { AlertWire, DeliveryWire, SilenceWire } from 'pgsteward/wire'
import { formatDateTime, plural } from '../format.ts'

export function toldWords(alert: AlertWire): string {
  const { silencedBy, channels, acknowledgedBy, acknowledgedUntil, nextEscalationAt } = alert
  if (silencedBy !== null) return `Nobody was told: ${silencedBy}`
  return [
    `Told to ${channels.join(', ')}`,
    ...(acknowledgedBy === null ? [] : [`in hand of ${acknowledgedBy}${untilWords(acknowledgedUntil)}`]),
    ...(nextEscalationAt === null ? [] : [`escalates ${formatDateTime(new Date(nextEscalationAt))}`]),
  ].join(', ')
}

function untilWords(until: string | null): string {
  return until === null ? '' : ` until ${formatDateTime(new Date(until))}`
}

/** What a silence is about: `slow-route, deadlocks of shop`. */
export function matchWords({ match }: SilenceWire): string {
  const what = [match.checks, match.areas, match.findings].flatMap((each) => each ?? [])
  const where = match.targets === undefined ? 'all targets' : match.targets.join(', ')
  return `${what.length === 0 ? 'everything' : what.join(', ')} of ${where}`
}

const EVENTS: Readonly<Record<DeliveryWire['event'], string>> = {
  opened: 'Opened',
  worsened: 'Grew worse',
  acknowledged: 'In hand',
  escalated: 'Escalated',
  repeated: 'Still there',
  resolved: 'Over',
}

export function eventWord({ event }: DeliveryWire): string {
  return EVENTS[event]
}

export function deliveryWords({ state, attempts }: DeliveryWire): string {
  const tries = attempts > 1 ? `, ${plural(attempts, 'try', 'tries')}` : ''
  switch (state) {
    case 'sent':
      return `Sent${tries}`
    case 'given-up':
      return `Given up${tries}`
    default:
      return attempts === 0 ? 'Waits' : `Tried again${tries}`
  }
}
