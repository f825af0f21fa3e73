// What happened to a target, by which a change of plan or of latency may be explained.

import type { TargetEvent } from '../../model/plan.ts'
import type { Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'

const MOST_EVENTS = 500

export async function saveTargetEvents(
  sql: Sql,
  targetId: number,
  events: readonly TargetEvent[],
): Promise<void> {
  if (events.length === 0) return
  await sql.query(
    `insert into pgsteward.target_event (target_id, at, kind, subject, detail)
     select $1, e.at, e.kind, e.subject, e.detail
       from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[]) as e (at, kind, subject, detail)
      order by e.at, e.kind, e.subject, e.detail
     on conflict (target_id, at, kind, subject, detail) do nothing`,
    [
      targetId,
      events.map((event) => event.at),
      events.map((event) => event.kind),
      events.map((event) => event.subject),
      events.map((event) => event.detail),
    ],
  )
}

/** The latest first. */
export async function targetEvents(
  sql: Sql,
  targetId: number,
  { from, to }: Window,
): Promise<readonly TargetEvent[]> {
  return await sql.query<TargetEvent>(
    `select e.at, e.kind, e.subject, e.detail
       from pgsteward.target_event e
      where e.target_id = $1 and e.at > $2 and e.at <= $3
      order by e.at desc, e.kind, e.subject collate "C", e.detail collate "C" limit ${MOST_EVENTS}`,
    [targetId, from, to],
  )
}
