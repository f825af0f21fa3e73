// How soon somebody has critical alerts in hand, against the aim.

import type { AnsweredAlert } from '../../model/alert.ts'

export interface TimeToAcknowledge {
  readonly aimMs: number
  /** Of all that were told, those that count: over before the aim without an answer do not, nor do those that may still be answered in time. */
  readonly counted: number
  readonly withinAim: number
  /** Never acknowledged, and there for longer than the aim. */
  readonly unanswered: number
  /** Of those that were acknowledged; null: none was. */
  readonly medianMs: number | null
}

export function timeToAcknowledge(
  alerts: readonly AnsweredAlert[],
  aimMs: number,
  now: Date,
): TimeToAcknowledge {
  const answered = alerts
    .flatMap(({ toldAt, acknowledgedAt }) =>
      acknowledgedAt === null ? [] : [acknowledgedAt.getTime() - toldAt.getTime()],
    )
    .toSorted((one, other) => one - other)
  const unanswered = alerts.filter(
    ({ toldAt, acknowledgedAt, resolvedAt }) =>
      acknowledgedAt === null && (resolvedAt ?? now).getTime() - toldAt.getTime() > aimMs,
  ).length
  return {
    aimMs,
    counted: answered.length + unanswered,
    withinAim: answered.filter((ms) => ms <= aimMs).length,
    unanswered,
    medianMs: medianOf(answered),
  }
}

function medianOf(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
