// What an incident is now, from its entries; and which entry it takes next.

import type { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { atLeast } from '../../model/finding.ts'
import { type GovernanceRecord, type RecordEntry, recordName } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import { INCIDENT_ENTRIES, type IncidentAction, type IncidentBody } from './incident-entries.ts'
import { incidentTimes } from './incident-times.ts'
import { timelineItem } from './incident-words.ts'

type Entry = Pick<RecordEntry, 'at' | 'actor' | 'action' | 'body'>

/** Rejects with 'record-changed' where an entry is not allowed by those before it. */
export function incidentOf(record: GovernanceRecord): IncidentWire {
  const [opening, ...later] = record.entries
  const opened = bodyOf(opening!, 'opened')
  const start: IncidentWire = {
    name: recordName(record),
    number: record.number,
    targetId: record.targetId,
    origin: record.origin,
    state: 'open',
    title: opened.title,
    severity: opened.severity,
    openedAt: opening!.at.toISOString(),
    updatedAt: opening!.at.toISOString(),
    commander: null,
    alerts: [],
    times: incidentTimes({ startedAt: opened.startedAt }),
    openItems: null,
    roles: [],
    status: null,
    cause: null,
    timeline: [timelineItem('opened', opened, opening!, 0)],
    review: null,
  }
  const is = later.reduce(withIncidentEntry, start)
  return {
    ...is,
    timeline: is.timeline.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq),
  }
}

/** Throws 'record-changed', with what to do, where the incident as it is does not take the entry. */
export function withIncidentEntry(now: IncidentWire, entry: Entry): IncidentWire {
  const action = entry.action as IncidentAction
  if (!(action in INCIDENT_ENTRIES) || action === 'opened')
    throw refused(now, entry.action, 'It is no entry of an incident.', 'docs/guides/incidents.md lists them.')
  const after = changed(now, action, entry)
  return {
    ...after,
    updatedAt: entry.at.toISOString(),
    timeline: [...now.timeline, timelineItem(action, bodyOf(entry, action), entry, now.timeline.length)],
  }
}

function changed(now: IncidentWire, action: IncidentAction, entry: Entry): IncidentWire {
  const at = entry.at.toISOString()
  switch (action) {
    case 'alert':
      return withAlert(now, bodyOf(entry, action))
    case 'role-taken': {
      const { role, name } = bodyOf(entry, action)
      const roles = [...now.roles.filter((each) => each.role !== role), { role, name, at }]
      return { ...now, roles, commander: role === 'commander' ? name : now.commander }
    }
    case 'status-told':
      return { ...now, status: bodyOf(entry, action).text }
    case 'cause-found':
      return { ...now, cause: bodyOf(entry, action).text }
    case 'acknowledged':
      return timed(now, { acknowledgedAt: now.times.acknowledgedAt ?? at })
    case 'mitigated': {
      const { happenedAt = at } = bodyOf(entry, action)
      if (now.state !== 'open')
        throw refused(now, action, `It is ${now.state}.`, 'Note what was done: --text.')
      return { ...timed(now, { mitigatedAt: notBefore(now, happenedAt) }), state: 'mitigated' }
    }
    case 'resolved': {
      const { happenedAt = at } = bodyOf(entry, action)
      if (now.state !== 'open' && now.state !== 'mitigated')
        throw refused(now, action, `It is ${now.state}.`, 'Reopen it where it is not over after all.')
      return { ...timed(now, { recoveredAt: notBefore(now, happenedAt) }), state: 'resolved' }
    }
    case 'reopened':
      return reopened(now, action)
    case 'reviewed': {
      if (now.state !== 'resolved')
        throw refused(
          now,
          action,
          `It is ${now.state}.`,
          now.state === 'reviewed' ? 'Note what is to be added.' : 'Resolve it first.',
        )
      const { actionItems, ...review } = bodyOf(entry, action).review
      const items = actionItems.map((item) => ({ ...item, doneAt: null, doneBy: null }))
      return {
        ...now,
        state: 'reviewed',
        cause: review.rootCause,
        openItems: items.length,
        review: { ...review, actionItems: items },
      }
    }
    case 'action-done':
      return withItemDone(now, entry)
    default:
      return now
  }
}

/** The first event of an alert lets it join; a critical one that joins what was resolved, or turns critical, opens it again. */
function withAlert(now: IncidentWire, body: IncidentBody<'alert'>): IncidentWire {
  const { findingKey, checkId, openedAt, event, severity, summary, happenedAt } = body
  const isIt = (each: IncidentWire['alerts'][number]) =>
    each.findingKey === findingKey && each.openedAt === openedAt
  const known = now.alerts.find(isIt)
  if (known === undefined && now.state === 'reviewed')
    throw refused(now, 'alert', 'It is reviewed.', 'Another incident is opened for it.')
  const state = event === 'resolved' ? 'resolved' : event === 'acknowledged' ? 'acknowledged' : 'firing'
  // told again or to others, it is in the hands that it is in
  const kept = event === 'escalated' ? (known?.state ?? 'firing') : state
  const alert = { findingKey, checkId, openedAt, severity, summary, state: kept } as const
  const alerts =
    known === undefined ? [...now.alerts, alert] : now.alerts.map((each) => (isIt(each) ? alert : each))
  const is = {
    ...now,
    alerts,
    severity: atLeast(severity, now.severity) ? severity : now.severity,
  }
  const told = timed(is, {
    ...(event === 'opened' ? { detectedAt: earliest(is.times.detectedAt, happenedAt) } : {}),
    ...(event === 'acknowledged' ? { acknowledgedAt: earliest(is.times.acknowledgedAt, happenedAt) } : {}),
  })
  const isNew = known === undefined || event === 'worsened'
  const hurtsAgain = isNew && severity === 'critical' && state === 'firing'
  return hurtsAgain && now.state === 'resolved' ? reopened(told, 'alert') : told
}

function reopened(now: IncidentWire, action: IncidentAction): IncidentWire {
  if (now.state === 'open') throw refused(now, action, 'It is open.', 'Note what is new: --text.')
  if (now.state === 'reviewed')
    throw refused(now, action, 'It is reviewed.', 'Open another: what was learnt of this one stands.')
  return { ...timed(now, { recoveredAt: null, mitigatedAt: null }), state: 'open' }
}

function withItemDone(now: IncidentWire, entry: Entry): IncidentWire {
  const { item } = bodyOf(entry, 'action-done')
  const { review } = now
  if (review === null) throw refused(now, 'action-done', 'It is not reviewed yet.', 'Review it first.')
  const known = review.actionItems[item]
  if (known === undefined)
    throw refused(
      now,
      'action-done',
      `It has ${review.actionItems.length} action items.`,
      'They count from 1 on the command line.',
    )
  if (known.doneAt !== null)
    throw refused(
      now,
      'action-done',
      `"${known.text}" was done by ${known.doneBy}.`,
      'Nothing is left to do.',
    )
  const actionItems = review.actionItems.map((each, index) =>
    index === item ? { ...each, doneAt: entry.at.toISOString(), doneBy: entry.actor } : each,
  )
  return {
    ...now,
    openItems: actionItems.filter(({ doneAt }) => doneAt === null).length,
    review: { ...review, actionItems },
  }
}

function timed(
  now: IncidentWire,
  moments: Parameters<typeof incidentTimes>[0] | Partial<IncidentWire['times']>,
) {
  return { ...now, times: incidentTimes({ ...now.times, ...moments }) }
}

/** Nothing of an incident happens before it began. */
function notBefore({ times }: IncidentWire, at: string): string {
  return Date.parse(at) < Date.parse(times.startedAt) ? times.startedAt : at
}

function earliest(known: string | null, at: string): string {
  return known !== null && Date.parse(known) <= Date.parse(at) ? known : at
}

function refused({ name }: IncidentWire, action: string, detail: string, hint: string): StewardError {
  return new StewardError('record-changed', `${name} does not take "${action}"`, { detail, hint })
}

function bodyOf<A extends IncidentAction>({ body }: Entry, action: A): IncidentBody<A> {
  const parsed = (INCIDENT_ENTRIES[action] as z.ZodType).safeParse(body)
  if (parsed.success) return parsed.data as IncidentBody<A>
  throw new StewardError('record-changed', `an entry "${action}" cannot be read`, {
    detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    hint: 'It may have been imported from a newer pgsteward.',
  })
}
