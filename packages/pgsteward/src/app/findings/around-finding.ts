// What happened around the time at which a finding began: deployments, changes of schema, settings, statistics and plans, sessions that
// waited, and the findings that came with it.

import type { BlockingIncident } from '../../model/activity.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { PlanChange } from '../../model/plan.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { formatDuration } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'

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

export async function aroundFinding(store: Known, finding: OpenFinding): Promise<readonly AroundEvent[]> {
  return (await aroundFindings(store, [finding]))[0] ?? []
}

/**
 * For each finding, in order of time, at most twelve: what happened, of one kind and subject the nearest to the begin, then the
 * findings that came together with it. Findings that began near each other share one reading.
 */
export async function aroundFindings(
  store: Known,
  findings: readonly OpenFinding[],
): Promise<readonly (readonly AroundEvent[])[]> {
  const readings = new Map<string, Promise<readonly AroundEvent[]>>()
  const happenedNear = ({ targetId, firstSeenAt }: OpenFinding) => {
    const slot = Math.floor(firstSeenAt.getTime() / BEFORE_MS)
    const key = `${slot} ${targetId}`
    const from = new Date((slot - 1) * BEFORE_MS)
    const reading =
      readings.get(key) ??
      readHappened(store, targetId, { from, to: new Date((slot + 1) * BEFORE_MS + AFTER_MS) })
    readings.set(key, reading)
    return reading
  }
  // what came together with a finding may be over by now
  const others =
    findings.length === 0 ? [] : await store.findings({ states: ['open', 'muted', 'resolved'], limit: 1000 })
  return Promise.all(
    findings.map(async (finding) => {
      const near = nearest(finding.firstSeenAt)
      const happened = (await happenedNear(finding))
        .filter((event) => isAround(event, finding))
        .toSorted(near)
      const together = others.filter((other) => isTogether(finding, other)).map(findingEvent)
      return [...withoutRepeats(happened), ...together.sort(near)]
        .slice(0, MOST)
        .sort((a, b) => a.at.getTime() - b.at.getTime())
    }),
  )
}

async function readHappened(store: Known, targetId: string, window: Window): Promise<readonly AroundEvent[]> {
  const [events, changes, incidents] = await Promise.all([
    store.targetEvents(targetId, window),
    store.planChanges(targetId, window),
    store.blockingIncidents(targetId, window),
  ])
  return [
    ...events.map((event) => ({ ...event, findingKey: null, queryId: null })),
    ...changes.map(planEvent),
    ...incidents.map(blockingEvent),
  ]
}

function isAround({ at }: AroundEvent, { firstSeenAt }: OpenFinding): boolean {
  const laterMs = at.getTime() - firstSeenAt.getTime()
  return laterMs >= -BEFORE_MS && laterMs <= AFTER_MS
}

/** The first of each kind and subject: what goes on all the time would crowd out the rest. */
function withoutRepeats(events: readonly AroundEvent[]): readonly AroundEvent[] {
  const seen = new Set<string>()
  return events.filter(({ kind, subject }) => {
    const key = `${kind} ${subject}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
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
