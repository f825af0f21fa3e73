// Slow queries that sampling saw, into slow_query_log: unless the log or the application told of the same one, and told more.

import type { SlowQuery } from '../../model/application.ts'
import { fingerprintTexts } from '../applications/fingerprints.ts'
import type { Sql, StoreDatabase } from '../database.ts'
import type { Partitions } from '../partitions.ts'
import { countDropped, insertSlowQueries, slowQueryGate } from '../statements/slow-query-log.ts'

/** A sample sees the end of a statement up to a few seconds late, and clocks differ a little. */
const SAME_WITHIN_MS = 5_000

export function activitySlowQueries(database: StoreDatabase, partitions: Partitions) {
  const gate = slowQueryGate()
  return async (targetId: number, slowQueries: readonly SlowQuery[], now: Date): Promise<number> => {
    const fresh = await notTold(database, targetId, slowQueries)
    const { admitted, refused } = gate.admit(targetId, fresh, now)
    if (admitted.length + refused === 0) return 0
    for (const { at } of admitted) await partitions.ensure('slow_query_log', at)
    // its texts may have gone with retention meanwhile, so none is remembered as stored
    const texts = fingerprintTexts()
    await database.transaction(async (tx) => {
      await texts.save(tx, admitted)
      await insertSlowQueries(tx, targetId, null, admitted)
      await countDropped(tx, targetId, now, refused)
    })
    return admitted.length
  }
}

/** One that was told takes away one that was seen: of five at once, of which two were told, three are new. */
async function notTold(
  sql: Sql,
  targetId: number,
  slowQueries: readonly SlowQuery[],
): Promise<readonly SlowQuery[]> {
  if (slowQueries.length === 0) return []
  const moments = slowQueries.map((each) => each.at.getTime())
  const told = await sql.query<{ fingerprint: string; at: Date; duration_ms: number }>(
    `select l.fingerprint, l.at, l.duration_ms::float8 as duration_ms
       from pgsteward.slow_query_log l
      where l.target_id = $1 and l.at >= $2 and l.at <= $3 and l.source <> 'activity'
        and l.fingerprint = any($4::text[])
      order by l.at, l.id`,
    [
      targetId,
      new Date(Math.min(...moments) - SAME_WITHIN_MS),
      new Date(Math.max(...moments) + SAME_WITHIN_MS),
      [...new Set(slowQueries.map((each) => each.fingerprint))],
    ],
  )
  const left = [...told]
  return slowQueries.filter((seen) => {
    const same = left.findIndex(
      (each) =>
        each.fingerprint === seen.fingerprint &&
        Math.abs(each.at.getTime() - seen.at.getTime()) <= SAME_WITHIN_MS &&
        // what is seen is at most what it was
        each.duration_ms >= seen.durationMs - SAME_WITHIN_MS,
    )
    if (same >= 0) left.splice(same, 1)
    return same < 0
  })
}
