// Keeps the events of PostgreSQL's log within their size: the oldest days go first, then the oldest hours of today. Counts stay.

import type { Bytes } from '../../model/units.ts'
import type { StoreDatabase } from '../database.ts'
import type { Partition, Partitions } from '../partitions.ts'

/** Between two runs of retention a target adds at most what app/logs/admission.ts lets in. */
const ROOM = 0.9

export async function boundLogs(
  database: StoreDatabase,
  partitions: Partitions,
  maxBytes: Bytes,
  now: Date,
): Promise<readonly string[]> {
  const bound = maxBytes * ROOM
  const days = (await partitions.list()).filter((each) => each.table === 'log_event')
  let sizeBytes = days.reduce((total, each) => total + each.sizeBytes, 0)
  const dropped: string[] = []
  for (const day of days) {
    if (sizeBytes <= bound) break
    if (day.to > now) {
      await cutOldest(database, day, Math.max(0, 1 - bound / sizeBytes))
      break
    }
    await partitions.drop(day)
    dropped.push(day.name)
    sizeBytes -= day.sizeBytes
  }
  return dropped
}

async function cutOldest(database: StoreDatabase, day: Partition, ratio: number): Promise<void> {
  const [gone] = await database.query<{ count: number }>(
    `with gone as (
       delete from pgsteward.${day.name} e
        where e.id in (select o.id from pgsteward.${day.name} o order by o.at, o.id
                        limit (select ceil(count(*) * ${ratio}) from pgsteward.${day.name}))
       returning e.id)
     select count(*)::int as count from gone`,
  )
  // a plain vacuum would leave the file as long as it was
  if ((gone?.count ?? 0) > 0) await database.query(`vacuum (full) pgsteward.${day.name}`)
}
