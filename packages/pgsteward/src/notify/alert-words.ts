// What channels have in common to say about an alert, as plain text.

import type { AlertMessage } from '../model/alert.ts'
import { subjectLabel } from '../model/finding.ts'
import { formatDuration, formatValue } from '../report/format.ts'
import { sparkline } from './sparkline.ts'

/** `Critical: GET /orders of shop answers slowly`. */
export function headline(message: AlertMessage): string {
  return `${eventWord(message)}: ${message.summary}`
}

export function eventWord(message: AlertMessage): string {
  switch (message.event) {
    case 'opened':
      return message.isFlapping ? `${severityWord(message)}, again and again` : severityWord(message)
    case 'worsened':
      return `Now ${message.severity}`
    case 'escalated':
      return `Escalated, ${message.severity}`
    case 'repeated':
      return `Still ${message.severity}`
    case 'acknowledged':
      return 'In hand'
    case 'resolved':
      return 'Over'
  }
}

function severityWord({ severity }: AlertMessage): string {
  return severity === 'critical' ? 'Critical' : severity === 'warning' ? 'Warning' : 'Note'
}

/** Where, since when, by whom: one line. */
export function circumstances(message: AlertMessage): string {
  const { targetId, subject, checkId, openedAt, resolvedAt, actor, because, event, onCall } = message
  const isSettled = event === 'resolved' || event === 'acknowledged'
  const standsMs = (resolvedAt ?? message.at).getTime() - openedAt.getTime()
  return [
    `${targetId}, ${subjectLabel(subject)}`,
    checkId,
    event === 'opened'
      ? `since ${openedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
      : `${event === 'resolved' ? 'lasted' : 'stands for'} ${formatDuration(Math.max(0, standsMs))}`,
    ...(actor === null ? [] : [`by ${actor}`]),
    ...(because === null ? [] : [because]),
    ...(onCall === undefined || isSettled ? [] : [`on call: ${onCall}`]),
  ].join(' · ')
}

/** Evidence as label and value, in its order. */
export function evidenceOf(
  message: AlertMessage,
): readonly { readonly label: string; readonly value: string }[] {
  return message.evidence.map(({ label, value, unit }) => ({ label, value: formatValue(value, unit) }))
}

/** `95th percentile, last hour`: `▁▁▂█ 120 ms to 1.8 s`; null: there is no chart. */
export function chartLine({
  context,
}: AlertMessage): { readonly label: string; readonly line: string; readonly range: string } | null {
  if (context === undefined || context.chart === null) return null
  const { label, unit, window, values } = context.chart
  const known = values.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) => formatValue(value, unit))
  const spell = formatDuration(window.to.getTime() - window.from.getTime())
  return {
    label: `${label}, last ${spell}`,
    line: sparkline(values),
    range: least === most ? least! : `${least} to ${most}`,
  }
}

/** `09:58 UTC deployment: shop, version 1.4.0 to 1.5.0`: what happened shortly before. */
export function happenedBefore({ context }: AlertMessage): readonly string[] {
  return (context?.happened ?? []).map(({ at, text }) => `${at.toISOString().slice(11, 16)} UTC ${text}`)
}
