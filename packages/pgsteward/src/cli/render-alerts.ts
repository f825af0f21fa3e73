// Alerts for a terminal: what is firing, who was told, what waits.

import type { AlertsWire } from '../model/alert-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

export function alertLines(
  { alerts, deliveries, silences, channels }: AlertsWire,
  { bold, dim, red, yellow, green }: ReturnType<typeof paint>,
): string {
  const lines: string[] = []
  for (const alert of alerts) {
    const mark = { critical: red, warning: yellow, info: dim }[alert.severity]
    const stands = formatDuration(
      Date.parse(alert.resolvedAt ?? new Date().toISOString()) - Date.parse(alert.openedAt),
    )
    const state =
      alert.state === 'resolved'
        ? green('over')
        : alert.state === 'acknowledged'
          ? green('in hand')
          : mark('firing')
    lines.push(`${state}  ${bold(plain(alert.summary))}  ${dim(`${plain(alert.targetId)}, ${stands}`)}`)
    lines.push(`  ${dim(plain(alert.findingKey))}`)
    lines.push(`  ${plain(toldWords(alert))}`)
  }
  if (alerts.length === 0) lines.push('Nothing is firing.')
  const waiting = deliveries.filter(({ state }) => state !== 'sent')
  if (waiting.length > 0) lines.push('', bold('not delivered'))
  for (const { channel, event, summary, attempts, lastError, state } of waiting)
    lines.push(
      `  ${plain(channel)}: ${event}, ${plain(summary)} ${dim(`(${state}, ${attempts} tries${lastError === null ? '' : `, ${plain(lastError)}`})`)}`,
    )
  if (silences.length > 0) lines.push('', bold('silences'))
  for (const { id, until, by, because, isInForce } of silences)
    lines.push(
      `  ${id}  until ${until} by ${plain(by)}: ${plain(because)}${isInForce ? '' : dim('  over or to come')}`,
    )
  for (const { id, isFailing, because } of channels)
    if (isFailing) lines.push(red(`channel ${plain(id)} fails: ${plain(because ?? '')}`))
  if (channels.length === 0)
    lines.push(dim('No channel is configured: alerts are shown here and in the dashboard alone.'))
  return `${lines.join('\n')}\n`
}

function toldWords(alert: AlertsWire['alerts'][number]): string {
  const { silencedBy, acknowledgedBy, acknowledgedUntil, nextEscalationAt, channels } = alert
  if (silencedBy !== null) return `told to nobody: ${silencedBy}`
  return [
    `told to ${channels.join(', ') || 'nobody'}`,
    ...(acknowledgedBy === null ? [] : [`in hand of ${acknowledgedBy}`]),
    ...(acknowledgedUntil === null ? [] : [`until ${acknowledgedUntil}`]),
    ...(nextEscalationAt === null ? [] : [`escalates at ${nextEscalationAt}`]),
  ].join(', ')
}
