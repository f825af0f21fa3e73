// Folds intervals and series into their roll-ups, every five minutes of readings, in the process that saves them.

import type { Sql, StoreDatabase } from './database.ts'
import { GRAINS } from './grain.ts'
import type { Partitions } from './partitions.ts'
import { COLUMN_NAMES } from './statements/statement-interval.ts'

/** Readings not folded yet are summed at each query, so there should be few; an hour's row is rewritten twelve times for it. */
const FOLD_EVERY_MS = 5 * 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const SUMS = COLUMN_NAMES.map((name) => `sum(m.${name}) as ${name}`).join(', ')

/** Folds what ended by the last full five minutes before `at`, and a late reading at once. Returns the hours touched. */
export async function fold(
  database: StoreDatabase,
  partitions: Partitions,
  targetId: number,
  at: Date,
): Promise<number> {
  const until = new Date(Math.floor(at.getTime() / FOLD_EVERY_MS) * FOLD_EVERY_MS)
  const { foldedUntil, seriesFoldedUntil } = await foldState(database, targetId)
  let hours = 0
  if (foldedUntil === null || foldedUntil < until) {
    hours = await foldStatements(database, partitions, targetId, foldedUntil, until)
  }
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
  if (seriesFoldedUntil === null || seriesFoldedUntil < hour) {
    await foldSeries(database, partitions, targetId, seriesFoldedUntil, hour)
  }
  return hours
}

/**
 * Inside the transaction that saves a reading: holds folding back until it commits, and adds the reading by itself when its time is
 * folded already. Needs the buckets of `at`, see ensureBuckets.
 */
export async function foldIfLate(tx: Sql, targetId: number, at: Date): Promise<() => Promise<void>> {
  const [row] = await tx.query<{ folded_until: Date | null }>(
    'select t.folded_until from pgsteward.target t where t.id = $1 for no key update',
    [targetId],
  )
  const foldedUntil = row?.folded_until ?? null
  return async () => {
    if (foldedUntil !== null && at <= foldedUntil)
      await addToBuckets(tx, targetId, new Date(at.getTime() - 1), at)
  }
}

export async function foldState(
  sql: Sql,
  targetId: number,
): Promise<{ foldedUntil: Date | null; seriesFoldedUntil: Date | null }> {
  const [row] = await sql.query<{ folded_until: Date | null; series_folded_until: Date | null }>(
    'select t.folded_until, t.series_folded_until from pgsteward.target t where t.id = $1',
    [targetId],
  )
  return { foldedUntil: row?.folded_until ?? null, seriesFoldedUntil: row?.series_folded_until ?? null }
}

async function foldStatements(
  database: StoreDatabase,
  partitions: Partitions,
  targetId: number,
  from: Date | null,
  until: Date,
): Promise<number> {
  const hours = await database.query<{ at: Date }>(
    `select distinct pg_catalog.date_bin('1 hour', i.at - interval '1 microsecond', 'epoch') as at
       from pgsteward.statement_interval i
      where i.target_id = $1 and ($2::timestamptz is null or i.at > $2) and i.at <= $3`,
    [targetId, from, until],
  )
  await ensureBuckets(
    partitions,
    hours.map((each) => each.at),
  )
  await database.transaction(async (tx) => {
    // the row lock makes folding one at a time, and the condition makes a second attempt a no-op
    const claimed = await tx.query(
      `update pgsteward.target set folded_until = $3
        where id = $1 and folded_until is not distinct from $2 returning id`,
      [targetId, from, until],
    )
    if (claimed.length === 1) await addToBuckets(tx, targetId, from, until)
  })
  return hours.length
}

/** Partitions of all grains for the buckets that these moments lie in. */
export async function ensureBuckets(partitions: Partitions, moments: readonly Date[]): Promise<void> {
  for (const moment of moments) {
    for (const { table, ms } of GRAINS)
      await partitions.ensure(table, new Date(Math.floor(moment.getTime() / ms) * ms))
    await partitions.ensure('covered_hour', moment)
  }
}

/** Adds the intervals that ended within (from, until] to the buckets of all grains; unpacks the arrays once. */
async function addToBuckets(tx: Sql, targetId: number, from: Date | null, until: Date): Promise<void> {
  const add = COLUMN_NAMES.map((name) => `${name} = r.${name} + excluded.${name}`).join(', ')
  const columns = COLUMN_NAMES.join(', ')
  // an interval belongs to the bucket in which it ended; a bucket includes its end
  const start = (ms: number, at: string) =>
    `pg_catalog.date_bin('${ms / HOUR_MS} hours', ${at}, timestamptz 'epoch')`
  const upserts = GRAINS.map(
    ({ table, ms }) => `${table}_done as (
      insert into pgsteward.${table} as r (statement_id, target_id, at, ${columns})
      select m.statement_id, $1, ${start(ms, 'm.at')}, ${SUMS} from moved m
       group by m.statement_id, ${start(ms, 'm.at')}
      on conflict (statement_id, at) do update set ${add})`,
  )
  await tx.query(
    `with moved as materialized (
       select u.statement_id, ${start(HOUR_MS, "i.at - interval '1 microsecond'")} as at,
              ${COLUMN_NAMES.map((name) => `coalesce(sum(u.${name}::float8), 0) as ${name}`).join(', ')}
         from pgsteward.statement_interval i
        cross join lateral unnest(i.statement_ids, ${COLUMN_NAMES.map((name) => `i.${name}`).join(', ')})
              as u (statement_id, ${columns})
        where i.target_id = $1 and ($2::timestamptz is null or i.at > $2) and i.at <= $3
        group by 1, 2),
     ${upserts.join(',\n')}
     insert into pgsteward.covered_hour as r (target_id, at, seconds)
     select $1, ${start(HOUR_MS, "i.at - interval '1 microsecond'")}, sum(i.seconds::float8)
       from pgsteward.statement_interval i
      where i.target_id = $1 and ($2::timestamptz is null or i.at > $2) and i.at <= $3
      group by 2
     on conflict (target_id, at) do update set seconds = r.seconds + excluded.seconds`,
    [targetId, from, until],
  )
}

/** Whole hours and days of series become their means; `at` is the bucket's end. Written anew, so a second run changes nothing. */
async function foldSeries(
  database: StoreDatabase,
  partitions: Partitions,
  targetId: number,
  from: Date | null,
  until: Date,
): Promise<void> {
  const [oldest] = await database.query<{ at: Date | null }>(
    'select min(s.at) as at from pgsteward.series_raw s where s.target_id = $1 and ($2::timestamptz is null or s.at > $2)',
    [targetId, from],
  )
  const begin = oldest?.at ?? until
  for (let at = begin.getTime(); at <= until.getTime() + HOUR_MS; at += HOUR_MS) {
    await partitions.ensure('series_hour', new Date(at))
    await partitions.ensure('series_day', new Date(at))
  }
  await partitions.ensure('series_day', new Date(until.getTime() + DAY_MS))
  const today = Math.floor(until.getTime() / DAY_MS) * DAY_MS
  await database.transaction(async (tx) => {
    const claimed = await tx.query(
      `update pgsteward.target set series_folded_until = $3
        where id = $1 and series_folded_until is not distinct from $2 returning id`,
      [targetId, from, until],
    )
    if (claimed.length === 0) return
    await tx.query(meansInto('series_hour', 'series_raw', '1 hour'), [targetId, from, until])
    const yesterday = from === null ? null : new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS)
    await tx.query(meansInto('series_day', 'series_hour', '1 day'), [targetId, yesterday, new Date(today)])
  })
}

function meansInto(into: string, source: string, length: string): string {
  return `
    insert into pgsteward.${into} (target_id, pack, at, series_ids, points)
    select $1, e.pack, e.at, array_agg(e.series_id order by e.series_id), array_agg(e.point order by e.series_id)
      from (select s.pack, u.series_id,
                   pg_catalog.date_bin('${length}', s.at - interval '1 microsecond', timestamptz 'epoch')
                     + interval '${length}' as at,
                   avg(u.point) as point
              from pgsteward.${source} s
             cross join lateral unnest(s.series_ids, s.points) as u (series_id, point)
             where s.target_id = $1 and ($2::timestamptz is null or s.at > $2) and s.at <= $3
             group by 1, 2, 3) e
     group by e.pack, e.at
    on conflict (target_id, pack, at) do update set series_ids = excluded.series_ids, points = excluded.points`
}
