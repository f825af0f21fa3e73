// How long it took to detect, to acknowledge, to mitigate and to recover from an incident.

import type { IncidentWire } from '../../model/incident-wire.ts'

type Times = IncidentWire['times']
type Moments = Pick<Times, 'startedAt'> &
  Partial<Pick<Times, 'detectedAt' | 'acknowledgedAt' | 'mitigatedAt' | 'recoveredAt'>>

/** Those from the start count what users felt; the one from the detection what the team took. Never negative. */
export function incidentTimes({
  startedAt,
  detectedAt = null,
  acknowledgedAt = null,
  mitigatedAt = null,
  recoveredAt = null,
}: Moments): Times {
  return {
    startedAt,
    detectedAt,
    acknowledgedAt,
    mitigatedAt,
    recoveredAt,
    toDetectMs: spanMs(startedAt, detectedAt),
    toAcknowledgeMs: spanMs(detectedAt, acknowledgedAt),
    toMitigateMs: spanMs(startedAt, mitigatedAt),
    toRecoverMs: spanMs(startedAt, recoveredAt),
  }
}

function spanMs(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from))
}
