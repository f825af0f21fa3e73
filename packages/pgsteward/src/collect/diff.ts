// From cumulative counters to increases: the only place that knows of resets, evictions, restarts and failovers.

import type { Break, CounterFact, Epoch, Interval } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'

export interface CumulativeReading<Row> {
  readonly at: Date
  readonly rows: ReadonlyMap<string, Row>
  readonly server: Pick<ServerInfo, 'startedAt' | 'systemIdentifier' | 'timeline' | 'role'>
  readonly epoch: Epoch | null
}

type Counting<Row> = Pick<CounterFact<Row>, 'counters' | 'since'>

/**
 * The increase of each row that moved between two readings. A row that was reset, or whose counters fell, counts from zero:
 * what it shows now happened since, so the increase is never more than the truth. A row not seen before counts in full. After
 * a failover nothing can be compared: the interval is empty and covers 0 seconds.
 */
export function diff<Row>(
  fact: Counting<Row>,
  before: CumulativeReading<Row>,
  after: CumulativeReading<Row>,
): Interval<Row> {
  const window = { from: before.at, to: after.at }
  const breaks = breaksBetween(before, after)
  if (breaks.some((each) => each.cause === 'failover')) return { window, seconds: 0, rows: [], breaks }
  const wasAllReset = breaks.some((each) => each.cause === 'reset')
  const rows: Row[] = []
  for (const [key, now] of after.rows) {
    const then = before.rows.get(key)
    const wasReset = then !== undefined && !wasAllReset && isReset(fact, then, now, before.at)
    if (wasReset && breaks.length === 0) breaks.push({ at: after.at, cause: 'reset' })
    const increase = increaseOf(fact, wasAllReset || wasReset ? undefined : then, now)
    if (increase !== null) rows.push(increase)
  }
  const seconds = Math.max(0, (after.at.getTime() - before.at.getTime()) / 1000)
  return { window, seconds, rows, breaks }
}

function isReset<Row>(fact: Counting<Row>, then: Row, now: Row, previousAt: Date): boolean {
  const since = fact.since?.(now) ?? null
  if (since !== null && since > previousAt) return true
  return fact.counters.some((name) => counter(now, name) < counter(then, name))
}

/** Null when nothing moved: idle rows are not carried on. */
function increaseOf<Row>(fact: Counting<Row>, base: Row | undefined, now: Row): Row | null {
  const increased: Record<string, unknown> = { ...(now as object) }
  let hasMoved = false
  for (const name of fact.counters) {
    const increase = counter(now, name) - (base === undefined ? 0 : counter(base, name))
    if (increase > 0) hasMoved = true
    if (now[name] !== null) increased[name] = increase
  }
  return hasMoved ? (increased as Row) : null
}

function counter<Row>(row: Row, name: keyof Row): number {
  return (row[name] as number | null) ?? 0
}

function breaksBetween<Row>(before: CumulativeReading<Row>, after: CumulativeReading<Row>): Break[] {
  const [a, b, at] = [before.server, after.server, after.at]
  const differ = <T>(x: T | null, y: T | null) => x !== null && y !== null && x !== y
  if (differ(a.systemIdentifier, b.systemIdentifier) || differ(a.timeline, b.timeline) || a.role !== b.role) {
    return [{ at, cause: 'failover' }]
  }
  const breaks: Break[] = []
  if (a.startedAt.getTime() !== b.startedAt.getTime()) breaks.push({ at, cause: 'restart' })
  if (before.epoch?.resetAt?.getTime() !== after.epoch?.resetAt?.getTime())
    breaks.push({ at, cause: 'reset' })
  if ((after.epoch?.evictions ?? 0) > (before.epoch?.evictions ?? 0)) breaks.push({ at, cause: 'eviction' })
  return breaks
}
