// Questions about operations over a window: the heaviest of a kind, the history of one.

import type {
  ApplicationMemory,
  OperationIdentity,
  OperationKind,
  OperationPoint,
  OperationTotals,
} from '../../model/application.ts'
import type { Window } from '../../model/units.ts'
import { type BucketCounts, percentileOf } from '../../stats/duration-histogram.ts'
import type { Sql } from '../database.ts'
import { MINUTE_MS, operationRows } from './operation-intervals.ts'
import { addPacked, newSums, type OperationSums } from './operation-pack.ts'

type Filter = Parameters<ApplicationMemory['operations']>[2]

const HOUR_MS = 3_600_000
const DEFAULT_LIMIT = 1000

/** A day of minutes would be 1,440 rows of all operations to unpack; its hours are 24. */
const MINUTES_UP_TO_MS = 6 * HOUR_MS

interface Known {
  readonly id: number
  readonly application_id: number
  readonly folded_until: Date | null
}

/** By total time, then by calls: sums of all first, names and percentiles of the few that won. */
export async function operations(
  sql: Sql,
  targetId: number,
  window: Window,
  filter: Filter,
): Promise<readonly OperationTotals[]> {
  const { kind, application, fingerprint, route, limit = DEFAULT_LIMIT } = filter
  const known = await knownOperations(sql, targetId, kind, application, { fingerprint, route })
  const sums = new Map<number, OperationSums>()
  const lastAt = new Map<number, Date>()
  for (const [applicationId, { ids, foldedUntil }] of byApplication(known)) {
    for (const row of await operationRows(sql, applicationId, foldedUntil, window)) {
      const end = new Date(Math.min(row.at.getTime() + row.lengthMs, window.to.getTime()))
      addPacked(row, (id) => {
        if (!ids.has(id)) return null
        lastAt.set(id, end)
        const one = sums.get(id) ?? newSums()
        sums.set(id, one)
        return one
      })
    }
  }
  const heaviest = [...sums]
    .filter(([, one]) => one.count > 0 || one.rows > 0)
    .sort(([a, x], [b, y]) => y.totalMs - x.totalMs || y.count - x.count || a - b)
    .slice(0, limit)
  const names = await identities(
    sql,
    heaviest.map(([id]) => id),
  )
  return heaviest.flatMap(([id, one]) => {
    const identity = names.get(id)
    if (identity === undefined) return []
    const { histogram, ...numbers } = one
    const durations = histogram?.counts() ?? null
    return [
      { ...identity, ...numbers, ...percentiles(durations, one.maxMs), durations, lastAt: lastAt.get(id)! },
    ]
  })
}

function percentiles(counts: BucketCounts | null, maxMs: number) {
  const at = (ratio: number) => {
    const ms = counts === null ? null : percentileOf(counts, ratio)
    return ms === null || maxMs <= 0 ? ms : Math.min(ms, maxMs)
  }
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}

/** Buckets without any report of the application are left out, so a gap stays a gap; the operation's absence is 0. */
export async function operationHistory(
  sql: Sql,
  targetId: number,
  application: string,
  { kind, ...parts }: Partial<OperationIdentity> & { readonly kind: OperationKind },
  window: Window,
  buckets: number,
): Promise<readonly OperationPoint[]> {
  const known = await knownOperations(sql, targetId, kind, application, parts)
  const lengthMs = window.to.getTime() - window.from.getTime()
  const wantedMs = lengthMs / Math.max(1, buckets)
  const grainMs = wantedMs >= HOUR_MS || lengthMs > MINUTES_UP_TO_MS ? HOUR_MS : MINUTE_MS
  const widthMs = Math.max(1, Math.ceil(wantedMs / grainMs)) * grainMs
  const points = new Map<number, OperationSums & { seconds: number }>()
  for (const [applicationId, { ids, foldedUntil }] of byApplication(known)) {
    let rows = await operationRows(sql, applicationId, foldedUntil, window, grainMs === MINUTE_MS)
    // minutes that retention has dropped: their hours are better than nothing
    if (rows.length === 0) rows = await operationRows(sql, applicationId, foldedUntil, window)
    for (const row of rows) {
      const bucket = Math.max(0, Math.floor((row.at.getTime() - window.from.getTime()) / widthMs))
      const into = points.get(bucket) ?? { ...newSums(), seconds: 0 }
      points.set(bucket, into)
      // the minute that is not over yet
      const coveredMs = Math.min(row.minutes * MINUTE_MS, window.to.getTime() - row.at.getTime())
      into.seconds += Math.max(1, coveredMs / 1000)
      addPacked(row, (id) => (ids.has(id) ? into : null))
    }
  }
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([bucket, point]) => ({
      at: new Date(Math.min(window.from.getTime() + (bucket + 1) * widthMs, window.to.getTime())),
      seconds: point.seconds,
      count: point.count,
      errors: point.errors,
      totalMs: point.totalMs,
      p95Ms: percentiles(point.histogram?.counts() ?? null, point.maxMs).p95Ms,
    }))
}

const NULLABLE = ['name', 'route', 'fingerprint', 'model', 'action', 'caller', 'labels'] as const

async function knownOperations(
  sql: Sql,
  targetId: number,
  kind: OperationKind,
  application: string | undefined,
  parts: { readonly [Part in keyof OperationIdentity]?: OperationIdentity[Part] | undefined },
): Promise<readonly Known[]> {
  const values: unknown[] = [targetId, kind]
  const wanted = NULLABLE.flatMap((part) => {
    const value = parts[part]
    return value === undefined || value === null ? [] : [`and o.${part} = $${values.push(value)}`]
  })
  if (application !== undefined) wanted.push(`and a.name = $${values.push(application)}`)
  return await sql.query<Known>(
    `select o.id, a.id as application_id, a.folded_until
       from pgsteward.application a
       join pgsteward.operation o on o.application_id = a.id
      where a.target_id = $1 and o.kind = $2 ${wanted.join(' ')} order by o.id`,
    values,
  )
}

function byApplication(known: readonly Known[]) {
  const found = new Map<number, { ids: Set<number>; foldedUntil: Date | null }>()
  for (const { id, application_id, folded_until } of known) {
    const one = found.get(application_id) ?? { ids: new Set<number>(), foldedUntil: folded_until }
    one.ids.add(id)
    found.set(application_id, one)
  }
  return found
}

async function identities(sql: Sql, ids: readonly number[]) {
  if (ids.length === 0) return new Map<number, OperationIdentity & { readonly application: string }>()
  const rows = await sql.query<OperationIdentity & { id: number; application: string }>(
    `select o.id, a.name as application, o.kind, o.name, o.route, o.fingerprint, o.model, o.action, o.caller, o.labels
       from pgsteward.operation o join pgsteward.application a on a.id = o.application_id
      where o.id = any($1::int[])`,
    [ids],
  )
  return new Map(rows.map(({ id, ...identity }) => [id, identity]))
}
