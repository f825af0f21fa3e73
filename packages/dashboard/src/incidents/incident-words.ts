// Incidents in words: their states, their times.

import type { IncidentHeadWire } from 'pgsteward/wire'
import type { FigureWords } from '../figure-strip.tsx'
import { formatDateTime, formatMs, NOTHING } from '../format.ts'

export const STATE_WORDS: Readonly<Record<IncidentHeadWire['state'], string>> = {
  open: 'Open',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
  reviewed: 'Reviewed',
}

export const STATE_BADGES: Readonly<Record<IncidentHeadWire['state'], string>> = {
  open: 'is-critical',
  mitigated: 'is-warning',
  resolved: 'is-resolved',
  reviewed: 'is-muted',
}

export function timesFigures(times: IncidentHeadWire['times']): readonly FigureWords[] {
  const span = (ms: number | null) => (ms === null ? NOTHING : formatMs(ms))
  const at = (moment: string | null, otherwise: string) =>
    moment === null ? otherwise : formatDateTime(new Date(moment))
  return [
    {
      label: 'To detect',
      value: span(times.toDetectMs),
      beside: at(times.detectedAt, 'no alert told of it'),
    },
    {
      label: 'To acknowledge',
      value: span(times.toAcknowledgeMs),
      beside: at(times.acknowledgedAt, 'nobody has'),
    },
    { label: 'To mitigate', value: span(times.toMitigateMs), beside: at(times.mitigatedAt, 'not told') },
    { label: 'To recover', value: span(times.toRecoverMs), beside: at(times.recoveredAt, 'not over') },
  ]
}

/** What is still to be done about it; empty: nothing. */
export function leftWords({ state, openItems }: IncidentHeadWire): string {
  if (state === 'resolved') return 'to be reviewed'
  if (openItems === null || openItems === 0) return ''
  return `${openItems} action ${openItems === 1 ? 'item' : 'items'} open`
}
