// Keeps slow_query_log within its size (S1): where it grows beyond, the most repetitive go first, then the oldest days. What goes
// before its time is counted.

import type { Bytes } from '../../model/units.ts'
import type { Sql, StoreDatabase } from '../database.ts'
import type { Partition, Partitions } from '../partitions.ts'

/** Of one statement at one place an hour's slowest say what there is to say. */
const KEPT_OF_A_PLACE = 5

/** Between two runs of retention a minute of a target adds at most what slow-query-log.ts lets in. */
const ROOM = 0.9

export async function boundSlowQueries(
  database: StoreDatabase,
  partitions: Partitions,
  maxBytes: Bytes,
  now: Date,
): Promise<readonly string[]> {
  const bound = maxBytes * ROOM
  const dropped: string[] = []
  let days = await daysOf(partitions)
  for (const day of days) {
    if (sizeOf(days) <= bound) return dropped
    if (day.sizeBytes === 0) continue
    await thinOut(database, day)
    days = await daysOf(partitions)
  }
  for (const day of days) {
    if (sizeOf(days) <= bound) return dropped
    if (day.to > now) continue
    await database.transaction((tx) => countAll(tx, day))
    await partitions.drop(day)
    dropped.push(day.name)
    days = await daysOf(partitions)
  }
  const today = days.at(-1)
  if (today !== undefined && sizeOf(days) > bound) await cutOldest(database, today, bound / sizeOf(days))
  return dropped
}

async function daysOf(partitions: Partitions): Promise<readonly Partition[]> {
  return (await partitions.list()).filter((each) => each.table === 'slow_query_log')
}

function sizeOf(days: readonly Partition[]): Bytes {
  return days.reduce((total, each) => total + each.sizeBytes, 0)
}

async function thinOut(database: StoreDatabase, day: Partition): Promise<void> {
  await removeCounted(
    database,
    day,
    `select r.id
       from (select l.id, row_number() over (
               partition by l.target_id, l.application_id, l.fingerprint, l.route, l.caller,
                            pg_catalog.date_bin('1 hour', l.at, timestamptz 'epoch')
                   order by l.duration_ms desc, l.id) as place
               from pgsteward.${day.name} l) r
      where r.place > ${KEPT_OF_A_PLACE}`,
  )
}

async function cutOldest(database: StoreDatabase, day: Partition, keep: number): Promise<void> {
  await removeCounted(
    database,
    day,
    `select l.id from pgsteward.${day.name} l order by l.at, l.id
      limit (select ceil(count(*) * ${Math.max(0, 1 - keep)}) from pgsteward.${day.name})`,
  )
}

async function removeCounted(database: StoreDatabase, day: Partition, ids: string): Promise<void> {
  const removed = await database.query<{ count: number }>(
    `with gone as (delete from pgsteward.${day.name} l where l.id in (${ids}) returning l.target_id, l.at),
     counted as (${countInto('gone')})
     select count(*)::int as count from gone`,
  )
  // a plain vacuum would leave the file as long as it was; nobody waits for a log that is locked for a second
  if ((removed[0]?.count ?? 0) > 0) await database.query(`vacuum (full) pgsteward.${day.name}`)
}

async function countAll(tx: Sql, day: Partition): Promise<void> {
  await tx.query(countInto(`pgsteward.${day.name}`))
}

function countInto(from: string): string {
  return `insert into pgsteward.slow_query_dropped as d (target_id, at, count)
          select g.target_id, pg_catalog.date_bin('1 hour', g.at, timestamptz 'epoch'), count(*)
            from ${from} g group by 1, 2
          on conflict (target_id, at) do update set count = d.count + excluded.count`
}
