// What happened around the time at which a finding began: deployments, changes of schema, settings, statistics and plans, sessions that
// waited, and the findings that came with it.

import type { BlockingIncident } from '../model/activity.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import type { PlanChange } from '../model/plan.ts'
import type { Milliseconds, Window } from '../model/units.ts'
import { formatDuration } from '../report/format.ts'
import type { Store } from '../store/store.ts'

export interface AroundEvent {
  readonly at: Date
  /** Of EVENT_KINDS, or what else is told here. */
  readonly kind: string
  /** What it is about: an application, a table, a setting; empty: the server. */
  readonly subject: string
  readonly detail: string
  /** Where it is a finding, or about a statement. */
  readonly findingKey: string | null
  readonly queryId: string | null
}

/** Counters are judged over ten minutes: what began it may be as old as that, and a bit more. */
const BEFORE_MS: Milliseconds = 15 * 60_000
const AFTER_MS: Milliseconds = 60_000
/** Findings that came within two readings came together. */
const TOGETHER_MS: Milliseconds = 2 * 60_000
const MOST = 12

type Known = Pick<Store, 'targetEvents' | 'planChanges' | 'blockingIncidents' | 'findings'>

/** In order of time, the last before the finding and at most twelve; of findings that came together the urgent ones. */
export async function aroundFinding(
  store: Known,
  finding: OpenFinding,
  all?: readonly OpenFinding[],
): Promise<readonly AroundEvent[]> {
  const { targetId, firstSeenAt } = finding
  const window: Window = {
    from: new Date(firstSeenAt.getTime() - BEFORE_MS),
    to: new Date(firstSeenAt.getTime() + AFTER_MS),
  }
  const [events, changes, incidents, others] = await Promise.all([
    store.targetEvents(targetId, window),
    store.planChanges(targetId, window),
    store.blockingIncidents(targetId, window),
    all ?? store.findings({ targetId, states: ['open', 'muted', 'resolved'], limit: 1000 }),
  ])
  const within = ({ at }: AroundEvent) => at >= window.from && at <= window.to
  const happened = [
    ...events.map((event) => ({ ...event, findingKey: null, queryId: null })),
    ...changes.map(planEvent),
    ...incidents.map(blockingEvent),
  ].filter(within)
  const together = others.filter((other) => isTogether(finding, other)).map(findingEvent)
  return [...happened.sort(nearest(firstSeenAt)), ...together.sort(nearest(firstSeenAt))]
    .slice(0, MOST)
    .sort((a, b) => a.at.getTime() - b.at.getTime())
}

function isTogether(finding: OpenFinding, other: OpenFinding): boolean {
  return (
    other.targetId === finding.targetId &&
    other.key !== finding.key &&
    // notes come and go all the time
    other.severity !== 'info' &&
    Math.abs(other.firstSeenAt.getTime() - finding.firstSeenAt.getTime()) <= TOGETHER_MS
  )
}

function nearest(to: Date): (a: AroundEvent, b: AroundEvent) => number {
  return (a, b) => Math.abs(a.at.getTime() - to.getTime()) - Math.abs(b.at.getTime() - to.getTime())
}

function planEvent({ at, queryId, difference }: PlanChange): AroundEvent {
  return { at, kind: 'plan', subject: `query ${queryId}`, detail: difference, findingKey: null, queryId }
}

function blockingEvent({ startedAt, root, peakWaiting, longestWaitMs }: BlockingIncident): AroundEvent {
  return {
    at: startedAt,
    kind: 'blocking',
    subject: root.application,
    detail: `${peakWaiting} ${peakWaiting === 1 ? 'session' : 'sessions'} waited behind it, up to ${formatDuration(longestWaitMs)}`,
    findingKey: null,
    queryId: root.queryId,
  }
}

function findingEvent({ firstSeenAt, checkId, summary, key }: OpenFinding): AroundEvent {
  return {
    at: firstSeenAt,
    kind: 'finding',
    subject: checkId,
    detail: summary,
    findingKey: key,
    queryId: null,
  }
}
