// Saves one attempt of a probe, or a count of requests: into the sums of its minute, hour and day at once, and into its outage.

import type { Probe, ProbeAttempt, ProbeId } from '../../model/availability.ts'
import { DEFAULT_SLO } from '../../model/availability.ts'
import type { Milliseconds } from '../../model/units.ts'
import { cleanText, type Sql, toJson } from '../database.ts'

export const PROBE_GRAINS = [
  { table: 'probe_minute', ms: 60_000 },
  { table: 'probe_hour', ms: 3_600_000 },
  { table: 'probe_day', ms: 86_400_000 },
] as const

/** Attempts are late by some milliseconds without anybody having slept. */
const LATENESS = 1.25

interface Known {
  readonly id: number
  readonly every_ms: number
  readonly last_at: Date | null
  readonly failing_since: Date | null
}

interface Added {
  readonly attempts: number
  readonly failures: number
  readonly coveredMs: Milliseconds
  readonly downMs: Milliseconds
  readonly plannedMs: Milliseconds
  readonly totalMs: Milliseconds
  readonly maxMs: Milliseconds
}

/** Makes known what is configured; whatever else was probed of the target before is so no longer. */
export async function declareProbes(
  tx: Sql,
  targetId: number,
  probes: readonly Probe[],
  at: Date,
): Promise<void> {
  for (const { kind, name, address, everyMs, slo } of probes)
    await tx.query(
      `insert into pgsteward.probe as p (target_id, kind, name, address, every_ms, slo)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (target_id, kind, name) do update
          set address = excluded.address, every_ms = excluded.every_ms, slo = excluded.slo, retired_at = null`,
      [targetId, kind, cleanText(name), cleanText(address), everyMs, slo],
    )
  const names = probes.map(({ kind, name }) => `${kind} ${cleanText(name)}`)
  await tx.query(
    `with gone as (
       update pgsteward.probe p set retired_at = $3, failures_in_a_row = 0, failing_since = null
        where p.target_id = $1 and p.retired_at is null and p.kind <> 'requests'
          and not p.kind || ' ' || p.name = any($2::text[])
       returning p.id)
     update pgsteward.outage o set ended_at = o.seen_at from gone g where o.probe_id = g.id and o.ended_at is null`,
    [targetId, names, at],
  )
  await tx.query(
    `delete from pgsteward.probe p
      where p.target_id = $1 and p.kind = 'requests' and p.last_at is null
        and not p.kind || ' ' || p.name = any($2::text[])`,
    [targetId, names],
  )
  // an application that reports is judged whether it is named or not
  await tx.query(
    `update pgsteward.probe p set slo = $3
      where p.target_id = $1 and p.kind = 'requests' and not p.kind || ' ' || p.name = any($2::text[])`,
    [targetId, names, DEFAULT_SLO],
  )
}

/** One that is older than the last is left out. The probe must be declared. */
export async function saveAttempt(
  tx: Sql,
  targetId: number,
  { kind, name }: ProbeId,
  attempt: ProbeAttempt,
  isPlanned: boolean,
): Promise<void> {
  const [known] = await tx.query<Known>(
    `select p.id, p.every_ms, p.last_at, p.failing_since from pgsteward.probe p
      where p.target_id = $1 and p.kind = $2 and p.name = $3 for update`,
    [targetId, kind, cleanText(name)],
  )
  if (known === undefined || (known.last_at !== null && known.last_at >= attempt.at)) return
  const sinceMs =
    known.last_at === null ? Number.POSITIVE_INFINITY : attempt.at.getTime() - known.last_at.getTime()
  const isGap = sinceMs > known.every_ms * LATENESS
  const standsForMs = isGap ? known.every_ms : sinceMs
  await tx.query(
    `update pgsteward.probe set last_at = $2, latest = $3::jsonb,
            failures_in_a_row = case when $4 then 0 else failures_in_a_row + 1 end,
            failing_since = case when $4 then null else coalesce(failing_since, $2) end
      where id = $1`,
    [known.id, attempt.at, toJson(attempt), attempt.isUp],
  )
  const counts = {
    attempts: 1,
    failures: attempt.isUp ? 0 : 1,
    totalMs: attempt.tookMs,
    maxMs: attempt.tookMs,
  }
  const nothing = { attempts: 0, failures: 0, coveredMs: 0, downMs: 0, totalMs: 0, maxMs: 0 }
  await addToGrains(
    tx,
    known.id,
    attempt.at,
    isPlanned
      ? { ...nothing, plannedMs: standsForMs }
      : { ...counts, coveredMs: standsForMs, downMs: attempt.isUp ? 0 : standsForMs, plannedMs: 0 },
  )
  await saveOutage(tx, known, attempt, isPlanned, isGap)
}

/** What an application says of its requests in one report. */
export async function addRequests(
  tx: Sql,
  targetId: number,
  application: string,
  { count, errors }: { readonly count: number; readonly errors: number },
  at: Date,
): Promise<void> {
  if (count <= 0) return
  const [row] = await tx.query<{ id: number }>(
    `insert into pgsteward.probe as p (target_id, kind, name, address, every_ms, slo, last_at)
     values ($1, 'requests', $2, '', 0, $4, $3)
     on conflict (target_id, kind, name) do update set last_at = greatest(p.last_at, excluded.last_at)
     returning p.id`,
    [targetId, cleanText(application), at, DEFAULT_SLO],
  )
  await addToGrains(tx, row!.id, at, {
    attempts: count,
    failures: errors,
    coveredMs: 0,
    downMs: 0,
    plannedMs: 0,
    totalMs: 0,
    maxMs: 0,
  })
}

async function addToGrains(tx: Sql, probeId: number, at: Date, added: Added): Promise<void> {
  for (const { table, ms } of PROBE_GRAINS)
    await tx.query(
      `insert into pgsteward.${table} as b
              (probe_id, at, attempts, failures, covered_ms, down_ms, planned_ms, total_ms, max_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (probe_id, at) do update
          set attempts = b.attempts + excluded.attempts, failures = b.failures + excluded.failures,
              covered_ms = b.covered_ms + excluded.covered_ms, down_ms = b.down_ms + excluded.down_ms,
              planned_ms = b.planned_ms + excluded.planned_ms, total_ms = b.total_ms + excluded.total_ms,
              max_ms = greatest(b.max_ms, excluded.max_ms)`,
      [
        probeId,
        new Date(Math.floor(at.getTime() / ms) * ms),
        added.attempts,
        added.failures,
        added.coveredMs,
        added.downMs,
        added.plannedMs,
        added.totalMs,
        added.maxMs,
      ],
    )
}

/** After a gap nobody knows when it ended, so it ends where it was seen last. */
async function saveOutage(
  tx: Sql,
  { id, failing_since: since }: Known,
  { at, isUp, error }: ProbeAttempt,
  isPlanned: boolean,
  isGap: boolean,
): Promise<void> {
  if (isUp) {
    if (since !== null)
      await tx.query(
        `update pgsteward.outage o set ended_at = case when $3 then o.seen_at else $2 end
          where o.probe_id = $1 and o.ended_at is null`,
        [id, at, isGap],
      )
    return
  }
  await tx.query(
    `insert into pgsteward.outage as o (probe_id, started_at, seen_at, failures, error, is_planned)
     values ($1, $2, $3, 1, $4, $5)
     on conflict (probe_id, started_at) do update
        set seen_at = excluded.seen_at, failures = o.failures + 1, error = excluded.error,
            is_planned = o.is_planned and excluded.is_planned`,
    [id, since ?? at, at, cleanText(error ?? 'failed'), isPlanned],
  )
}
