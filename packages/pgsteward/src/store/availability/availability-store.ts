// The store's side of availability: probes, sums of their attempts over time, outages.

import type {
  AvailabilityMemory,
  AvailabilitySums,
  Outage,
  Probe,
  ProbeAttempt,
  ProbeDay,
  ProbeId,
  ProbeState,
  ProbeSums,
} from '../../model/availability.ts'
import type { Window } from '../../model/units.ts'
import { fromJson, type Sql, type StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import { declareProbes, PROBE_GRAINS, saveAttempt } from './probe-attempts.ts'

export interface AvailabilityStore extends AvailabilityMemory {
  /** What is configured of a target now; probes that are left out are retired, and their outages end. */
  declareProbes(targetId: string, probes: readonly Probe[], at: Date): Promise<void>
  /** One transaction. `isPlanned`: within a window in which failures do not count. */
  saveProbeAttempt(targetId: string, probe: ProbeId, attempt: ProbeAttempt, isPlanned: boolean): Promise<void>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MOST_OUTAGES = 200

/** The finest that is still quick to sum: burn rates are read every 15 s. A day is off by a minute at most, 30 days by half a day. */
const GRAIN_UP_TO_MS = { probe_minute: 25 * HOUR_MS, probe_hour: 8 * DAY_MS, probe_day: Infinity } as const

type SumsRow = ProbeId & AvailabilitySums

const SUMS = `sum(b.attempts) as attempts, sum(b.failures) as failures, sum(b.covered_ms) as "coveredMs",
  sum(b.down_ms) as "downMs", sum(b.planned_ms) as "plannedMs", sum(b.total_ms) as "totalMs", max(b.max_ms) as "maxMs"`

export function availabilityStore(database: StoreDatabase, names: Names): AvailabilityStore {
  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number) => Promise<T>): Promise<T> => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await read(id)
  }
  return {
    declareProbes: async (targetId, probes, at) => {
      const id = await names.target(targetId)
      await database.transaction((tx) => declareProbes(tx, id, probes, at))
    },
    saveProbeAttempt: async (targetId, probe, attempt, isPlanned) => {
      const id = await names.target(targetId)
      await database.transaction((tx) => saveAttempt(tx, id, probe, attempt, isPlanned))
    },
    probes: (targetId) => ofTarget(targetId, [], (id) => probes(database, id)),
    availability: (targetId, windows) =>
      ofTarget(
        targetId,
        windows.map(() => []),
        (id) => availability(database, id, windows),
      ),
    availabilityDays: (targetId, window) => ofTarget(targetId, [], (id) => days(database, id, window)),
    outages: (targetId, window) => ofTarget(targetId, [], (id) => outages(database, id, window)),
  }
}

async function probes(sql: Sql, targetId: number): Promise<readonly ProbeState[]> {
  const rows = await sql.query<Omit<ProbeState, 'latest'> & { readonly latest: unknown }>(
    `select p.kind, p.name, p.address, p.every_ms as "everyMs", p.slo, p.latest,
            p.failures_in_a_row as "failuresInARow", p.failing_since as "failingSince", p.last_at as "lastAt"
       from pgsteward.probe p where p.target_id = $1 and p.retired_at is null
      order by p.kind collate "C", p.name collate "C"`,
    [targetId],
  )
  return rows.map((row) => ({
    ...row,
    latest: row.latest === null ? null : (fromJson(row.latest) as ProbeAttempt),
  }))
}

async function availability(
  sql: Sql,
  targetId: number,
  windows: readonly Window[],
): Promise<readonly (readonly ProbeSums[])[]> {
  const sums: ProbeSums[][] = windows.map(() => [])
  const numbered = windows.map((window, number) => ({ ...window, number }))
  const byGrain = Map.groupBy(
    numbered,
    ({ from, to }) =>
      PROBE_GRAINS.find(({ table }) => to.getTime() - from.getTime() <= GRAIN_UP_TO_MS[table])!,
  )
  for (const [{ table, ms }, some] of byGrain) {
    // a bucket counts where most of it lies within
    const nearest = (at: Date) => new Date(at.getTime() - ms / 2)
    const rows = await sql.query<SumsRow & { readonly number: number }>(
      `select w.number, p.kind, p.name, ${SUMS}
         from unnest($2::int[], $3::timestamptz[], $4::timestamptz[]) as w (number, start, until)
        cross join pgsteward.probe p
         join pgsteward.${table} b on b.probe_id = p.id and b.at > w.start and b.at < w.until
        where p.target_id = $1 and p.retired_at is null
        group by 1, 2, 3 order by 1, p.kind collate "C", p.name collate "C"`,
      [
        targetId,
        some.map(({ number }) => number),
        some.map(({ from }) => nearest(from)),
        // the bucket that is being filled belongs to a window that ends now
        some.map(({ to }) => to),
      ],
    )
    for (const { number, ...row } of rows) sums[number]!.push(row)
  }
  return sums
}

async function days(sql: Sql, targetId: number, { from, to }: Window): Promise<readonly ProbeDay[]> {
  return await sql.query<ProbeDay>(
    `select p.kind, p.name, b.at, b.attempts, b.failures, b.covered_ms as "coveredMs", b.down_ms as "downMs",
            b.planned_ms as "plannedMs", b.total_ms as "totalMs", b.max_ms as "maxMs"
       from pgsteward.probe p join pgsteward.probe_day b on b.probe_id = p.id
      where p.target_id = $1 and p.retired_at is null and b.at > $2 and b.at <= $3
      order by b.at, p.kind collate "C", p.name collate "C"`,
    [targetId, new Date(from.getTime() - DAY_MS), to],
  )
}

async function outages(sql: Sql, targetId: number, { from, to }: Window): Promise<readonly Outage[]> {
  return await sql.query<Outage>(
    `select p.kind, p.name, o.started_at as "startedAt", o.ended_at as "endedAt", o.failures, o.error,
            o.is_planned as "isPlanned"
       from pgsteward.outage o join pgsteward.probe p on p.id = o.probe_id
      where p.target_id = $1 and p.retired_at is null and o.started_at <= $3
        and (o.ended_at is null or o.ended_at >= $2)
      order by o.started_at desc, p.name collate "C" limit ${MOST_OUTAGES}`,
    [targetId, from, to],
  )
}

/** Days are kept longest; what was not tried for as long is forgotten whole. */
export async function pruneAvailability(
  sql: Sql,
  before: { readonly raw: Date; readonly hourly: Date; readonly daily: Date },
): Promise<void> {
  await sql.query('delete from pgsteward.probe_minute b where b.at < $1', [before.raw])
  await sql.query('delete from pgsteward.probe_hour b where b.at < $1', [before.hourly])
  await sql.query('delete from pgsteward.probe_day b where b.at < $1', [before.daily])
  await sql.query('delete from pgsteward.outage o where coalesce(o.ended_at, o.seen_at) < $1', [before.daily])
  await sql.query('delete from pgsteward.probe p where coalesce(p.last_at, p.retired_at) < $1', [
    before.daily,
  ])
}
