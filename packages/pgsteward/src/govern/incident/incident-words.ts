// An incident's entries as a person reads them in its timeline.

import type { RecordEntry } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { IncidentAction, IncidentBody } from './incident-entries.ts'

type Item = IncidentWire['timeline'][number]
type Body = IncidentBody<IncidentAction>

export function timelineItem(
  action: IncidentAction,
  body: Body,
  { at, actor }: Pick<RecordEntry, 'at' | 'actor'>,
  seq: number,
): Item {
  const happenedAt = 'happenedAt' in body ? body.happenedAt : undefined
  return {
    seq,
    at: happenedAt ?? at.toISOString(),
    actor,
    kind: action === 'alert' ? 'alert' : action === 'happened' ? 'happened' : 'person',
    action,
    text: wordsOf(action, body),
    findingKey: 'findingKey' in body ? body.findingKey : null,
  }
}

function wordsOf(action: IncidentAction, body: Body): string {
  switch (action) {
    case 'opened': {
      const { by, title } = body as IncidentBody<'opened'>
      return by === 'rule' ? `Incident opened: ${title}` : `Incident opened by hand: ${title}`
    }
    case 'alert':
      return alertWords(body as IncidentBody<'alert'>)
    case 'happened': {
      const { kind, subject, detail } = body as IncidentBody<'happened'>
      return `${kind}, ${subject}: ${detail}`
    }
    case 'role-taken': {
      const { role, name } = body as IncidentBody<'role-taken'>
      return `${name} takes the role of ${role}`
    }
    case 'reviewed':
      return `Reviewed: ${(body as IncidentBody<'reviewed'>).review.rootCause}`
    case 'action-done': {
      const { item, text } = body as IncidentBody<'action-done'>
      return `Action item ${item + 1} done${text === '' ? '' : `: ${text}`}`
    }
    default: {
      const { text } = body as IncidentBody<'noted'>
      const before = LEADS[action]
      return before === undefined ? text : text === '' ? before : `${before}: ${text}`
    }
  }
}

const LEADS: Partial<Record<IncidentAction, string>> = {
  'status-told': 'Told others',
  'cause-found': 'Cause',
  acknowledged: 'Acknowledged',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
  reopened: 'Reopened',
}

function alertWords({ event, summary, severity, by, because }: IncidentBody<'alert'>): string {
  const why = because === null ? '' : ` (${because})`
  switch (event) {
    case 'opened':
      return `Alert, ${severity}: ${summary}`
    case 'worsened':
      return `Worse, now ${severity}: ${summary}`
    case 'acknowledged':
      return `Acknowledged by ${by ?? 'somebody'}${why}: ${summary}`
    case 'escalated':
      return `Escalated${why}: ${summary}`
    case 'repeated':
      return `Told again${why}: ${summary}`
    case 'resolved':
      return `Over: ${summary}`
  }
}
