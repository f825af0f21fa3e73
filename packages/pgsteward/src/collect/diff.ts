// From cumulative counters to increases: the only place that knows of resets, evictions, restarts and failovers.

import type { Break, CounterFact, Epoch, Interval } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'

export interface CumulativeReading<Row> {
  readonly at: Date
  readonly rows: ReadonlyMap<string, Row>
  readonly server: Pick<
    ServerInfo,
    'startedAt' | 'systemIdentifier' | 'timeline' | 'role' | 'canReadAllStats'
  >
  readonly epoch: Epoch | null
}

/** Of a fact with more rows only those that moved are kept: a zero a minute for each of 10,000 tables would fill the store. */
const IDLE_ROWS_KEPT = 100

type Counting<Row> = Pick<CounterFact<Row>, 'counters' | 'since' | 'series' | 'needsAllStats'>

/**
 * The increase of each row that moved between two readings: never negative, never more than the truth.
 *
 * A fact with `since` has rows that begin and are reset as a whole: one that is new, whose `since` changed, or whose counters
 * fell, counts from zero, since what it shows happened after the reading before. Without `since` a row may be a sum (the scans
 * of all indexes of a table) or old under a new name: one that is new or fell counts from the next reading on.
 *
 * Where nothing can be compared the interval is empty and covers 0 seconds: after a failover, after a restart of a server that
 * is not known to be the same, when the clock went backwards, and where the role sees others' rows only since now, or no more.
 */
export function diff<Row>(
  fact: Counting<Row>,
  before: CumulativeReading<Row>,
  after: CumulativeReading<Row>,
): Interval<Row> {
  const breaks = breaksBetween(before, after)
  if (after.at <= before.at) return { window: { from: after.at, to: after.at }, seconds: 0, rows: [], breaks }
  const window = { from: before.at, to: after.at }
  if (!isSameServer(before, after) || !isSameSight(fact, before, after))
    return { window, seconds: 0, rows: [], breaks }
  const keepsIdle = fact.series !== undefined && after.rows.size <= IDLE_ROWS_KEPT
  const rows: Row[] = []
  for (const [key, now] of after.rows) {
    const then = before.rows.get(key)
    const wasReset = then !== undefined && isReset(fact, then, now)
    if (wasReset && breaks.length === 0) breaks.push({ at: after.at, cause: 'reset' })
    const base = wasReset ? undefined : then
    if (base === undefined && fact.since === undefined) continue
    const increase = increaseOf(fact, base, now, keepsIdle)
    if (increase !== null) rows.push(increase)
  }
  return { window, seconds: (after.at.getTime() - before.at.getTime()) / 1000, rows, breaks }
}

/** Compares what the row itself says, never the server's clock with ours. */
function isReset<Row>(fact: Counting<Row>, then: Row, now: Row): boolean {
  if (fact.since?.(then)?.getTime() !== fact.since?.(now)?.getTime()) return true
  return fact.counters.some((name) => counter(now, name) < counter(then, name))
}

/** Null when nothing moved: idle rows are not carried on, but for the series of a few, where a rate of 0 is no gap. */
function increaseOf<Row>(
  fact: Counting<Row>,
  base: Row | undefined,
  now: Row,
  keepsIdle: boolean,
): Row | null {
  const increases = fact.counters.map((name) => {
    const [from, to] = [base === undefined ? 0 : counterOrNull(base, name), counterOrNull(now, name)]
    return from === null || to === null ? null : to - from
  })
  const hasMoved = keepsIdle || increases.some((increase) => increase !== null && increase > 0)
  if (!hasMoved) return null
  const increased: Record<string, unknown> = { ...(now as object) }
  for (const [place, name] of fact.counters.entries()) increased[name] = increases[place]
  return increased as Row
}

function counterOrNull<Row>(row: Row, name: keyof Row): number | null {
  return row[name] as number | null
}

function counter<Row>(row: Row, name: keyof Row): number {
  return counterOrNull(row, name) ?? 0
}

function breaksBetween<Row>(before: CumulativeReading<Row>, after: CumulativeReading<Row>): Break[] {
  const [a, b, at] = [before.server, after.server, after.at]
  if (isFailover(a, b)) return [{ at, cause: 'failover' }]
  const breaks: Break[] = []
  if (a.startedAt.getTime() !== b.startedAt.getTime()) breaks.push({ at, cause: 'restart' })
  if (before.epoch?.resetAt?.getTime() !== after.epoch?.resetAt?.getTime()) {
    breaks.push({ at, cause: 'reset' })
  }
  if ((after.epoch?.evictions ?? 0) > (before.epoch?.evictions ?? 0)) breaks.push({ at, cause: 'eviction' })
  return breaks
}

/** A row that was hidden is not new: all that it ever counted would be taken for an increase. */
function isSameSight<Row>(
  { needsAllStats }: Counting<Row>,
  before: CumulativeReading<Row>,
  after: CumulativeReading<Row>,
): boolean {
  return needsAllStats !== true || before.server.canReadAllStats === after.server.canReadAllStats
}

type Server = CumulativeReading<unknown>['server']

function isFailover(a: Server, b: Server): boolean {
  const differ = <T>(x: T | null, y: T | null) => x !== null && y !== null && x !== y
  return differ(a.systemIdentifier, b.systemIdentifier) || differ(a.timeline, b.timeline) || a.role !== b.role
}

/**
 * Another start is the same server only when it is the primary of the same cluster and timeline: behind one address may be
 * several standbys, or, where the identity can't be read, another server.
 */
function isSameServer<Row>(before: CumulativeReading<Row>, after: CumulativeReading<Row>): boolean {
  const [a, b] = [before.server, after.server]
  if (isFailover(a, b)) return false
  if (a.startedAt.getTime() === b.startedAt.getTime()) return true
  return (
    b.role === 'primary' &&
    a.systemIdentifier !== null &&
    b.systemIdentifier !== null &&
    a.timeline !== null &&
    b.timeline !== null
  )
}
