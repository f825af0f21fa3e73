// Which applications report, their processes and pools.

import type { ApplicationSummary, PoolReading } from '../../model/application.ts'
import type { Window } from '../../model/units.ts'
import { fromJson, type Sql } from '../database.ts'

const INSTANCES = 100

export async function applications(
  sql: Sql,
  targetId: number,
  window: Window,
): Promise<readonly ApplicationSummary[]> {
  const rows = await sql.query<Omit<ApplicationSummary, 'instances' | 'dropped'> & { id: number }>(
    `select a.id, a.name as application, a.sdk, a.version, a.environment,
            a.first_seen_at as "firstSeenAt", a.last_seen_at as "lastSeenAt"
       from pgsteward.application a
      where a.target_id = $1 and a.last_seen_at > $2 and a.first_seen_at <= $3 order by a.name collate "C"`,
    [targetId, window.from, window.to],
  )
  const ids = rows.map((row) => row.id)
  const instances = await sql.query<{ id: number; instance: string; at: Date; pools: unknown }>(
    `select i.application_id as id, i.instance, i.last_seen_at as at, i.pools
       from (select n.*, row_number() over (partition by n.application_id order by n.last_seen_at desc, n.instance) as place
               from pgsteward.application_instance n
              where n.application_id = any($1::int[]) and n.last_seen_at > $2) i
      where i.place <= ${INSTANCES} order by i.application_id, i.instance collate "C"`,
    [ids, window.from],
  )
  const dropped = await sql.query<{ id: number; kind: string; count: number }>(
    `select d.application_id as id, d.kind, sum(d.count) as count
       from pgsteward.application_dropped d
      where d.application_id = any($1::int[]) and d.at > $2::timestamptz - interval '1 hour' and d.at <= $3
      group by 1, 2 order by 1, 2`,
    [ids, window.from, window.to],
  )
  return rows.map(({ id, ...row }) => ({
    ...row,
    instances: instances
      .filter((each) => each.id === id)
      .map(({ instance, at, pools }) => ({
        instance,
        lastSeenAt: at,
        pools: fromJson(pools) as readonly PoolReading[],
      })),
    dropped: Object.fromEntries(
      dropped.filter((each) => each.id === id).map(({ kind, count }) => [kind, count]),
    ),
  }))
}
