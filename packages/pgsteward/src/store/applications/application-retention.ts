// What is forgotten of applications: processes that are gone, operations that nobody runs any more, and their small tables.

import type { StoreDatabase } from '../database.ts'
import type { RetentionPolicy } from '../store.ts'
import { MAX_OPERATIONS } from './application-names.ts'

/** Every deploy moves lines, and with them the places that statements come from: near the bound the stale ones go early. */
const CROWDED_FROM = Math.round(MAX_OPERATIONS * 0.8)

const HOUR_MS = 3_600_000

export async function pruneApplications(
  database: StoreDatabase,
  policy: RetentionPolicy,
  now: Date,
): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  await database.query('delete from pgsteward.application_body b where b.at < $1', [before(HOUR_MS)])
  await database.query('delete from pgsteward.application_dropped d where d.at < $1', [
    before(policy.dailyMs),
  ])
  await database.query('delete from pgsteward.slow_query_dropped d where d.at < $1', [before(policy.dailyMs)])
  await database.transaction(async (tx) => {
    // series of a process are found through its label; their points go with their partitions
    await tx.query(
      `with gone as (
         delete from pgsteward.application_instance i where i.last_seen_at < $1 returning i.application_id, i.instance)
       delete from pgsteward.series s using gone g join pgsteward.application a on a.id = g.application_id
        where s.target_id = a.target_id and s.labels ->> 'application' = a.name and s.labels ->> 'instance' = g.instance`,
      [before(policy.rawMs)],
    )
    await tx.query(
      `delete from pgsteward.operation o
        where o.last_seen_at < $1
           or o.last_seen_at < $2
              and (select count(*) from pgsteward.operation p where p.application_id = o.application_id) > $3`,
      [before(policy.dailyMs), before(policy.rawMs), CROWDED_FROM],
    )
    await tx.query('delete from pgsteward.application a where a.last_seen_at < $1', [before(policy.dailyMs)])
  })
}
