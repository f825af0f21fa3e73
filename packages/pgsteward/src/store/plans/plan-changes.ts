// Changes of plan, each told once: what parts the two, what a call took before and after, and what happened around it.

import type { PlanChange, TargetEvent } from '../../model/plan.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { shapeDifference } from '../../plans/plan-shape.ts'
import type { Sql } from '../database.ts'
import { statementHistory } from '../statements/statement-history.ts'
import { type PlanRunChange, planRunChanges } from './plans.ts'
import { targetEvents } from './target-events.ts'

const MOST_RUNS = 2_000
const MOST_CHANGES = 200
const MOST_EVENTS = 10
/** Each side: long enough to see a mean, short enough that the hour of the day does not matter. */
const COMPARED_MS: Milliseconds = 30 * 60_000
/** How long before a change something may have brought it: a change of settings or statistics works at once, a plan is seen within minutes. */
const BROUGHT_WITHIN_MS: Milliseconds = 60 * 60_000

/** The latest first. A statement that goes to and fro between two plans is told once, by the latest change, with their number. */
export async function planChanges(
  sql: Sql,
  targetId: number,
  window: Window,
  now: Date,
): Promise<readonly PlanChange[]> {
  const runs = await planRunChanges(sql, targetId, window, MOST_RUNS)
  const told = new Map<string, { readonly run: PlanRunChange; flips: number }>()
  for (const run of runs) {
    if (run.to.queryId === null) continue
    const shapes = [run.from.shape, run.to.shape].sort()
    const key = JSON.stringify([run.to.database, run.to.queryId, run.to.source, shapes])
    const known = told.get(key)
    if (known === undefined) told.set(key, { run, flips: 1 })
    else known.flips++
  }
  const latest = [...told.values()].slice(0, MOST_CHANGES)
  if (latest.length === 0) return []
  const earliest = Math.min(...latest.map(({ run }) => run.notBefore.getTime()))
  const events = await targetEvents(sql, targetId, {
    from: new Date(earliest - BROUGHT_WITHIN_MS),
    to: window.to,
  })
  const changes: PlanChange[] = []
  for (const { run, flips } of latest)
    changes.push(await changeOf(sql, targetId, run, flips, nextOf(runs, run) ?? now, events))
  return changes
}

/** What ended the new plan's time. */
function nextOf(runs: readonly PlanRunChange[], run: PlanRunChange): Date | null {
  const later = runs.filter(({ from, notBefore }) => from.id === run.to.id && notBefore >= run.at)
  return later.at(-1)?.notBefore ?? null
}

async function changeOf(
  sql: Sql,
  targetId: number,
  run: PlanRunChange,
  flips: number,
  until: Date,
  events: readonly TargetEvent[],
): Promise<PlanChange> {
  const { at, notBefore, from, to } = run
  const queryId = to.queryId!
  const before = await figuresOf(sql, targetId, queryId, {
    from: new Date(notBefore.getTime() - COMPARED_MS),
    to: notBefore,
  })
  // the last of its time: a plan that is slow only until its pages are cached is soon told by what it takes then
  const endsAt = Math.max(until.getTime(), at.getTime() + 1)
  const after = await figuresOf(sql, targetId, queryId, {
    from: new Date(Math.max(at.getTime(), endsAt - COMPARED_MS)),
    to: new Date(endsAt),
  })
  return {
    queryId,
    fingerprint: to.fingerprint,
    database: to.database,
    at,
    notBefore,
    from,
    to,
    difference: shapeDifference(from.plan, to.plan) ?? 'no difference that matters',
    flips,
    meanMsBefore: before.meanMs,
    meanMsAfter: after.meanMs,
    callsPerMinuteBefore: before.callsPerMinute,
    callsPerMinuteAfter: after.callsPerMinute,
    events: eventsAround(run, events),
  }
}

async function figuresOf(sql: Sql, targetId: number, queryId: string, window: Window) {
  const points = await statementHistory(sql, targetId, queryId, window, 1)
  const sum = (value: (point: (typeof points)[number]) => number) =>
    points.reduce((total, point) => total + value(point), 0)
  const [calls, seconds] = [sum(({ calls }) => calls), sum(({ seconds }) => seconds)]
  return {
    meanMs: calls > 0 ? sum(({ totalExecMs }) => totalExecMs) / calls : null,
    callsPerMinute: seconds > 0 ? (calls / seconds) * 60 : 0,
  }
}

/** Those of tables that the plans read first, then the nearest. */
function eventsAround(
  { at, notBefore, from, to }: PlanRunChange,
  events: readonly TargetEvent[],
): readonly TargetEvent[] {
  const since = notBefore.getTime() - BROUGHT_WITHIN_MS
  const tables = new Set([...tablesOf(from.plan), ...tablesOf(to.plan)])
  const isOfPlan = (event: TargetEvent) => tables.has(event.subject.slice(event.subject.lastIndexOf('.') + 1))
  const rank = (event: TargetEvent) => {
    if (event.kind === 'statistics' || event.kind === 'schema') return isOfPlan(event) ? 0 : 2
    return 1
  }
  return events
    .filter((event) => event.at <= at && event.at.getTime() >= since)
    .sort((a, b) => rank(a) - rank(b) || b.at.getTime() - a.at.getTime())
    .slice(0, MOST_EVENTS)
}

function tablesOf(plan: PlanNode): readonly string[] {
  const own = plan['Relation Name']
  return [...(own === undefined ? [] : [own]), ...(plan.Plans ?? []).flatMap(tablesOf)]
}
