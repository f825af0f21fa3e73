// On-call in words.

import type { HandOffSummary, OnCallNowWire, OnCallShiftWire, TimeToAcknowledgeWire } from 'pgsteward/wire'
import { formatClock, formatMs, formatRatio, NOTHING, plural } from '../format.ts'

const DAY = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short' })

/** `Mon, Nov 23, 09:00`, in the reader's time zone. */
export function turnWords(iso: string): string {
  const at = new Date(iso)
  return `${DAY.format(at)}, ${formatClock(at)}`
}

export function dayWords(at: Date): string {
  return DAY.format(at)
}

/** Who has the turn, by name; or why nobody has. */
export function peopleWords({ gap, primary, secondary }: OnCallShiftWire): string {
  return gap === null ? `${primary?.name ?? NOTHING}, then ${secondary?.name ?? NOTHING}` : `Nobody: ${gap}`
}

/** What is not as the rotation has it; empty where all is. */
export function becauseWords({ primary, secondary }: OnCallShiftWire): string {
  return [primary, secondary]
    .flatMap((duty) => (duty === null || duty.because === '' ? [] : [`${duty.name} ${duty.because}`]))
    .join('; ')
}

export function levelWords(
  { level, afterMs, names }: OnCallNowWire['escalation'][number],
  isFirst: boolean,
): string {
  const who = names.length === 0 ? 'nobody now' : names.join(', ')
  return `${level}: ${who}, ${isFirst ? 'at once' : `${formatMs(afterMs)} later`}`
}

export function withinWords({ counted, withinAim }: TimeToAcknowledgeWire): string {
  return counted === 0 ? NOTHING : formatRatio(withinAim / counted)
}

export function summaryWords({ openFindings, happened }: HandOffSummary): string {
  const { opened, resolved, medianToAcknowledgeMs, notAcknowledgedInTime } = happened
  return [
    `${plural(openFindings.critical, 'critical finding')} and ${plural(openFindings.warning, 'warning')} are open.`,
    `In the shift ${plural(opened, 'alert')} opened, ${resolved} ended.`,
    ...(medianToAcknowledgeMs === null
      ? []
      : [`Critical ones were acknowledged after ${formatMs(medianToAcknowledgeMs)} (median).`]),
    ...(notAcknowledgedInTime === 0 ? [] : [`${notAcknowledgedInTime} not in time.`]),
  ].join(' ')
}
