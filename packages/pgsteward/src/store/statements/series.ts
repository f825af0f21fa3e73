// Reads series at the grain that suits the window: readings, hourly means or daily means, with the newest at full grain.

import type { Series } from '../../model/fact.ts'
import type { Unit, Window } from '../../model/units.ts'
import type { Sql } from '../database.ts'
import { foldState } from '../fold.ts'
import type { SeriesEnds } from '../store.ts'

const DAY_MS = 86_400_000

/** A chart has some thousand pixels: two days of minutes, four months of hours. */
const RAW_UP_TO_MS = 2 * DAY_MS
const HOURS_UP_TO_MS = 120 * DAY_MS

interface SeriesRow {
  readonly id: number
  readonly unit: Unit
  readonly labels: Readonly<Record<string, string>>
}

export async function readSeries(
  sql: Sql,
  targetId: number,
  name: string,
  window: Window,
): Promise<readonly Series[]> {
  const { known, ids, packs } = await knownSeries(sql, targetId, name)
  if (known.length === 0) return []
  const points = new Map<number, (readonly [at: Date, value: number])[]>()
  for (const { table, from, to } of await sources(sql, targetId, window)) {
    const rows = await sql.query<{ id: number; at: Date; point: number }>(
      `select u.series_id as id, s.at, u.point
         from pgsteward.${table} s
        cross join lateral unnest(s.series_ids, s.points) as u (series_id, point)
        where s.target_id = $1 and s.pack = any($2::text[]) and s.at > $3 and s.at <= $4 and u.series_id = any($5::int[])
        order by s.at, u.series_id`,
      [targetId, packs, from, to, ids],
    )
    for (const row of rows) {
      const into = points.get(row.id) ?? []
      into.push([row.at, row.point])
      points.set(row.id, into)
    }
  }
  return known.flatMap(({ id, unit, labels }) => {
    const its = points.get(id)
    return its === undefined ? [] : [{ name, unit, labels, points: its }]
  })
}

/** The first and the last point of each series within the window: a quarter of reading all between, where there are many. */
export async function readSeriesEnds(
  sql: Sql,
  targetId: number,
  name: string,
  window: Window,
): Promise<readonly SeriesEnds[]> {
  const { known, ids, packs } = await knownSeries(sql, targetId, name)
  if (known.length === 0) return []
  const ends = new Map<number, Pick<SeriesEnds, 'first' | 'last'>>()
  for (const { table, from, to } of await sources(sql, targetId, window)) {
    const rows = await sql.query<{ id: number; ats: [Date, Date]; points: [number, number] }>(
      `with span as materialized (
         select u.series_id as id, s.at, u.point
           from pgsteward.${table} s
          cross join lateral unnest(s.series_ids, s.points) as u (series_id, point)
          where s.target_id = $1 and s.pack = any($2::text[]) and s.at > $3 and s.at <= $4 and u.series_id = any($5::int[])),
       ends as (select p.id, min(p.at) as first_at, max(p.at) as last_at from span p group by p.id)
       select e.id, array[e.first_at, e.last_at] as ats, array[f.point, l.point] as points
         from ends e
         join span f on f.id = e.id and f.at = e.first_at
         join span l on l.id = e.id and l.at = e.last_at`,
      [targetId, packs, from, to, ids],
    )
    // spans come oldest first
    for (const { id, ats, points } of rows)
      ends.set(id, { first: ends.get(id)?.first ?? [ats[0], points[0]], last: [ats[1], points[1]] })
  }
  return known.flatMap(({ id, labels }) => {
    const its = ends.get(id)
    return its === undefined ? [] : [{ labels, ...its }]
  })
}

async function knownSeries(sql: Sql, targetId: number, name: string) {
  const known = await sql.query<SeriesRow & { pack: string }>(
    'select s.id, s.unit, s.labels, s.pack from pgsteward.series s where s.target_id = $1 and s.name = $2 order by s.id',
    [targetId, name],
  )
  const ids = known.map((each) => each.id)
  // a fact that had one row and then several has used two packs; both are looked at
  const packs = [
    ...new Set(
      known.flatMap((each) => [each.pack, each.pack.split('/')[0]!, `${each.pack.split('/')[0]}/${name}`]),
    ),
  ]
  return { known, ids, packs }
}

type Source = Window & { readonly table: 'series_raw' | 'series_hour' | 'series_day' }

/** Spans that join without overlap, oldest first. */
async function sources(sql: Sql, targetId: number, { from, to }: Window): Promise<readonly Source[]> {
  const lengthMs = to.getTime() - from.getTime()
  const { seriesFoldedUntil } = await foldState(sql, targetId)
  const [raw] = await sql.query<{ at: Date | null }>(
    'select min(s.at) as at from pgsteward.series_raw s where s.target_id = $1',
    [targetId],
  )
  const spans: Source[] = []
  let at = from
  const take = (table: Source['table'], until: Date | null) => {
    if (until === null || until <= at) return
    const end = until < to ? until : to
    if (end <= at) return
    spans.push({ table, from: at, to: end })
    at = end
  }
  const lastDay =
    seriesFoldedUntil === null ? null : new Date(Math.floor(seriesFoldedUntil.getTime() / DAY_MS) * DAY_MS)
  if (lengthMs > HOURS_UP_TO_MS) take('series_day', lastDay)
  if (lengthMs > RAW_UP_TO_MS) take('series_hour', seriesFoldedUntil)
  // a short window that reaches back beyond the readings that are kept
  else if (raw?.at != null && raw.at > at) take('series_hour', hourBefore(raw.at, seriesFoldedUntil))
  else if (raw?.at == null) take('series_hour', seriesFoldedUntil)
  take('series_raw', to)
  return spans
}

function hourBefore(at: Date, foldedUntil: Date | null): Date | null {
  if (foldedUntil === null) return null
  const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000)
  return hour < foldedUntil ? hour : foldedUntil
}
