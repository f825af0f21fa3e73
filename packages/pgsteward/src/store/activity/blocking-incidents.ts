// Incidents of blocking: written when they begin, every few seconds while they last, and when they end.

import type { BlockingIncident } from '../../model/activity.ts'
import type { Window } from '../../model/units.ts'
import { fromJson, type Sql, toJson } from '../database.ts'

/** Of a target; the oldest go first. */
const MOST_KEPT = 5_000
const MOST_READ = 200

/** A process that was ended in the middle of one never says when it was over: not seen for this long, it is. */
const LOST_AFTER_MS = 60_000

export async function saveIncident(
  sql: Sql,
  targetId: number,
  incident: BlockingIncident,
  seenAt: Date,
): Promise<void> {
  await sql.query(
    `insert into pgsteward.blocking_incident as i (target_id, id, started_at, ended_at, seen_at, lost_ms, body)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)
     on conflict (target_id, id) do update
        set ended_at = excluded.ended_at, seen_at = excluded.seen_at, lost_ms = excluded.lost_ms, body = excluded.body
      where i.ended_at is null`,
    [
      targetId,
      incident.id,
      incident.startedAt,
      incident.endedAt,
      seenAt,
      incident.lostMs,
      toJson({ ...incident, endedAt: null }),
    ],
  )
}

/** Those that nobody follows any more end where they were seen last. Called when sampling begins. */
export async function endLostIncidents(sql: Sql, targetId: number, now: Date): Promise<void> {
  await sql.query(
    `update pgsteward.blocking_incident i set ended_at = i.seen_at
      where i.target_id = $1 and i.ended_at is null and i.seen_at < $2`,
    [targetId, new Date(now.getTime() - LOST_AFTER_MS)],
  )
}

export async function blockingIncidents(
  sql: Sql,
  targetId: number,
  { from, to }: Window,
): Promise<readonly BlockingIncident[]> {
  const rows = await sql.query<{ ended_at: Date | null; body: unknown }>(
    `select i.ended_at, i.body from pgsteward.blocking_incident i
      where i.target_id = $1 and i.started_at <= $3 and coalesce(i.ended_at, i.seen_at) > $2
      order by i.started_at desc, i.id collate "C" limit ${MOST_READ}`,
    [targetId, from, to],
  )
  return rows.map(({ ended_at, body }) => ({ ...(fromJson(body) as BlockingIncident), endedAt: ended_at }))
}

export async function pruneIncidents(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.blocking_incident i where i.seen_at < $1', [before])
  await sql.query(
    `delete from pgsteward.blocking_incident i
      using (select o.target_id, o.id,
                    row_number() over (partition by o.target_id order by o.started_at desc, o.id) as position
               from pgsteward.blocking_incident o) r
      where r.target_id = i.target_id and r.id = i.id and r.position > ${MOST_KEPT}`,
  )
}
