// Incidents for a terminal: a list with their times; one with its timeline and review.

import type { IncidentHeadWire, IncidentWire } from '../model/incident-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

type Paint = ReturnType<typeof paint>

export function incidentsLines(incidents: readonly IncidentHeadWire[], paints: Paint): string {
  if (incidents.length === 0) return 'No incidents.\n'
  return `${incidents.flatMap((each) => head(each, paints)).join('\n')}\n`
}

export function incidentLines(is: IncidentWire, paints: Paint): string {
  const { bold, dim } = paints
  const { roles, status, cause, alerts, timeline, review } = is
  return [
    ...head(is, paints),
    ...roles.map(({ role, name }) => dim(`  ${role}: ${plain(name)}`)),
    ...(status === null ? [] : [`  told others: ${plain(status)}`]),
    ...(cause === null ? [] : [`  cause: ${plain(cause)}`]),
    '',
    bold('Alerts'),
    ...(alerts.length === 0 ? [dim('  none')] : []),
    ...alerts.map(
      ({ state, severity, summary, findingKey }) =>
        `  ${state}, ${severity}: ${plain(summary)}  ${dim(plain(findingKey))}`,
    ),
    '',
    bold('Timeline'),
    ...timeline.map(
      ({ at, actor, text }) => `  ${dim(at.slice(0, 19))}Z  ${plain(text)}  ${dim(plain(actor))}`,
    ),
    ...(review === null ? [] : ['', bold('Review'), ...reviewLines(review, paints)]),
    '',
  ].join('\n')
}

function head(
  { name, state, title, targetId, times, commander, openItems }: IncidentHeadWire,
  paints: Paint,
) {
  const { bold, dim, red, yellow, green } = paints
  const colour = { open: red, mitigated: yellow, resolved: green, reviewed: dim }[state]
  const spans = [
    ['detected in', times.toDetectMs],
    ['acknowledged in', times.toAcknowledgeMs],
    ['mitigated in', times.toMitigateMs],
    ['recovered in', times.toRecoverMs],
  ] as const
  const known = spans.flatMap(([label, ms]) => (ms === null ? [] : [`${label} ${formatDuration(ms)}`]))
  return [
    `${bold(name)}  ${colour(state)}  ${plain(title)}  ${dim(plain(targetId ?? ''))}`,
    `  since ${times.startedAt.slice(0, 19)}Z${known.length === 0 ? '' : `, ${known.join(', ')}`}${commander === null ? '' : `, commander ${plain(commander)}`}${openItems === null || openItems === 0 ? '' : `, ${openItems} action ${openItems === 1 ? 'item' : 'items'} open`}`,
  ]
}

function reviewLines(review: NonNullable<IncidentWire['review']>, { dim, green }: Paint): readonly string[] {
  const { happened, impact, rootCause, wentWell, wentBadly, actionItems } = review
  return [
    `  ${plain(happened)}`,
    `  impact: ${plain(impact)}`,
    `  root cause: ${plain(rootCause)}`,
    ...wentWell.map((text) => `  went well: ${plain(text)}`),
    ...wentBadly.map((text) => `  went badly: ${plain(text)}`),
    ...actionItems.map(
      ({ text, owner, due, doneAt, doneBy }, index) =>
        `  ${index + 1}. ${doneAt === null ? plain(text) : green(plain(text))} ${dim(doneAt === null ? `${plain(owner)}, by ${due}` : `done by ${plain(doneBy ?? '')} on ${doneAt.slice(0, 10)}`)}`,
    ),
  ]
}
