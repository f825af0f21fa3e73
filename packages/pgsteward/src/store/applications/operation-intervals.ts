// Operations by minute as they arrive, and folded by hour and day. A window is read from as few rows as possible.

import type { Window } from '../../model/units.ts'
import type { Sql, StoreDatabase } from '../database.ts'
import { alignedWindow } from '../grain.ts'
import type { Partitions } from '../partitions.ts'
import {
  type AddedSums,
  addPacked,
  addTo,
  newSums,
  type OperationSums,
  PACKED_COLUMNS,
  type PackedRow,
  pack,
} from './operation-pack.ts'

export const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

type OperationTable = 'operation_minute' | 'operation_hour' | 'operation_day'

const LENGTH_MS: Readonly<Record<OperationTable, number>> = {
  operation_minute: MINUTE_MS,
  operation_hour: HOUR_MS,
  operation_day: DAY_MS,
}

/** Inside the transaction that holds the application's row. The partitions must be there, see ensureMinute. */
export async function addOperations(
  tx: Sql,
  applicationId: number,
  foldedUntil: Date | null,
  at: Date,
  moved: readonly (readonly [operationId: number, AddedSums])[],
): Promise<void> {
  const sums = new Map<number, OperationSums>()
  for (const [id, more] of moved) addTo(sumsOf(sums, id), more)
  const minute = floor(at, MINUTE_MS)
  const isNew = await mergeInto(tx, 'operation_minute', applicationId, minute, sums, 1)
  // late: its hour is folded already
  if (foldedUntil === null || minute >= foldedUntil) return
  await mergeInto(tx, 'operation_hour', applicationId, floor(at, HOUR_MS), sums, isNew ? 1 : 0)
  if (floor(at, DAY_MS).getTime() + DAY_MS <= floor(foldedUntil, DAY_MS).getTime())
    await mergeInto(tx, 'operation_day', applicationId, floor(at, DAY_MS), sums, isNew ? 1 : 0)
}

export async function ensureMinute(partitions: Partitions, at: Date): Promise<void> {
  await partitions.ensure('operation_minute', at)
  await partitions.ensure('operation_hour', floor(at, HOUR_MS))
  await partitions.ensure('operation_day', floor(at, DAY_MS))
}

function sumsOf(sums: Map<number, OperationSums>, id: number): OperationSums {
  let one = sums.get(id)
  if (one === undefined) {
    one = newSums()
    sums.set(id, one)
  }
  return one
}

/** True: there was no row before. */
async function mergeInto(
  tx: Sql,
  table: OperationTable,
  applicationId: number,
  at: Date,
  more: ReadonlyMap<number, OperationSums>,
  minutes: number,
): Promise<boolean> {
  const [row] = await tx.query<PackedRow>(
    `select ${PACKED_COLUMNS} from pgsteward.${table} i where i.application_id = $1 and i.at = $2`,
    [applicationId, at],
  )
  const sums = new Map<number, OperationSums>()
  if (row !== undefined) addPacked(row, (id) => sumsOf(sums, id))
  for (const [id, each] of more)
    addTo(sumsOf(sums, id), { ...each, histogram: each.histogram?.counts() ?? null })
  const inRow = table === 'operation_minute' ? 1 : (row?.minutes ?? 0) + minutes
  await write(tx, table, applicationId, at, sums, inRow)
  return row === undefined
}

async function write(
  tx: Sql,
  table: OperationTable,
  applicationId: number,
  at: Date,
  sums: ReadonlyMap<number, OperationSums>,
  minutes: number,
): Promise<void> {
  const { ids, columns, histograms } = pack(sums)
  const type = table === 'operation_minute' ? 'real' : 'float8'
  const names = ['count', 'errors', 'total_ms', 'max_ms', 'rows', 'query_ms', 'skipped_rows']
  await tx.query(
    `insert into pgsteward.${table} (application_id, at, minutes, operation_ids, histograms, ${names.join(', ')})
     values ($1, $2, $3, $4::int[], $5, ${names.map((_, index) => `$${index + 6}::${type}[]`).join(', ')})
     on conflict (application_id, at) do update
        set minutes = excluded.minutes, operation_ids = excluded.operation_ids, histograms = excluded.histograms,
            ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [applicationId, at, minutes, ids, histograms, ...columns],
  )
}

/** Folds the hours that ended by `at`, and the days. Returns the hours folded. */
export async function foldOperations(
  database: StoreDatabase,
  partitions: Partitions,
  applicationId: number,
  at: Date,
): Promise<number> {
  const until = floor(at, HOUR_MS)
  const from = await foldedUntilOf(database, applicationId)
  if (from !== null && from >= until) return 0
  const hours = await database.query<{ at: Date }>(
    `select distinct pg_catalog.date_bin('1 hour', i.at, timestamptz 'epoch') as at
       from pgsteward.operation_minute i
      where i.application_id = $1 and ($2::timestamptz is null or i.at >= $2) and i.at < $3 order by 1`,
    [applicationId, from, until],
  )
  for (const hour of hours) await ensureMinute(partitions, hour.at)
  await database.transaction(async (tx) => {
    // one at a time, and no report is saved meanwhile
    const [row] = await tx.query<{ folded_until: Date | null }>(
      'select a.folded_until from pgsteward.application a where a.id = $1 for update',
      [applicationId],
    )
    if (row?.folded_until?.getTime() !== from?.getTime()) return
    for (const hour of hours) await foldInto(tx, 'operation_minute', 'operation_hour', applicationId, hour.at)
    const days = new Set(hours.map((hour) => floor(hour.at, DAY_MS).getTime()))
    // the day in which folding stopped before may have become whole since
    if (from !== null) days.add(floor(from, DAY_MS).getTime())
    for (const day of days)
      if (day + DAY_MS <= until.getTime())
        await foldInto(tx, 'operation_hour', 'operation_day', applicationId, new Date(day))
    await tx.query('update pgsteward.application set folded_until = $2 where id = $1', [applicationId, until])
  })
  return hours.length
}

/** Written anew from what it is made of, so that a second run changes nothing. */
async function foldInto(
  tx: Sql,
  source: OperationTable,
  into: OperationTable,
  applicationId: number,
  at: Date,
): Promise<void> {
  const rows = await tx.query<PackedRow>(
    `select ${PACKED_COLUMNS} from pgsteward.${source} i
      where i.application_id = $1 and i.at >= $2 and i.at < $3 order by i.at`,
    [applicationId, at, new Date(at.getTime() + LENGTH_MS[into])],
  )
  if (rows.length === 0) return
  const sums = new Map<number, OperationSums>()
  for (const row of rows) addPacked(row, (id) => sumsOf(sums, id))
  const minutes = rows.reduce((total, row) => total + row.minutes, 0)
  await write(tx, into, applicationId, at, sums, minutes)
  await tx.query(
    'update pgsteward.operation set last_seen_at = greatest(last_seen_at, $2) where id = any($1::int[])',
    [[...sums.keys()], at],
  )
}

export async function foldedUntilOf(sql: Sql, applicationId: number): Promise<Date | null> {
  const [row] = await sql.query<{ folded_until: Date | null }>(
    'select a.folded_until from pgsteward.application a where a.id = $1',
    [applicationId],
  )
  return row?.folded_until ?? null
}

export interface OperationRow extends PackedRow {
  readonly at: Date
  readonly lengthMs: number
}

/** The rows that make up the window; minutes count when most of them lies in it. */
export async function operationRows(
  sql: Sql,
  applicationId: number,
  foldedUntil: Date | null,
  window: Window,
  /** History of an hour in points of a minute needs minutes. */
  finest = false,
): Promise<readonly OperationRow[]> {
  const found: OperationRow[] = []
  for (const { table, from, to } of spansOf(window, finest ? null : foldedUntil)) {
    const rows = await sql.query<PackedRow & { at: Date }>(
      `select i.at, ${PACKED_COLUMNS} from pgsteward.${table} i
        where i.application_id = $1 and i.at >= $2 and i.at < $3 order by i.at`,
      [applicationId, from, to],
    )
    for (const row of rows) found.push({ ...row, lengthMs: LENGTH_MS[table] })
  }
  return found
}

interface Span extends Window {
  readonly table: OperationTable
}

/** Half-open, of the rows' starts. */
export function spansOf(window: Window, foldedUntil: Date | null): readonly Span[] {
  const spans: Span[] = []
  const add = (table: OperationTable, from: number, to: number) => {
    if (to > from) spans.push({ table, from: new Date(from), to: new Date(to) })
  }
  const aligned = foldedUntil === null ? window : alignedWindow(window, foldedUntil)
  const lengthMs = aligned.to.getTime() - aligned.from.getTime()
  const round = lengthMs < 5 * MINUTE_MS ? Math.floor : Math.round
  const from = round(aligned.from.getTime() / MINUTE_MS) * MINUTE_MS
  const to = aligned.to.getTime()
  const folded = foldedUntil?.getTime() ?? 0
  const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS
  const lastHour = to >= folded ? folded : Math.floor(to / HOUR_MS) * HOUR_MS
  if (firstHour >= lastHour) {
    add('operation_minute', from, to)
    return spans
  }
  add('operation_minute', from, firstHour)
  const firstDay = Math.ceil(firstHour / DAY_MS) * DAY_MS
  const lastDay = Math.floor(lastHour / DAY_MS) * DAY_MS
  if (firstDay < lastDay) {
    add('operation_hour', firstHour, firstDay)
    add('operation_day', firstDay, lastDay)
    add('operation_hour', lastDay, lastHour)
  } else add('operation_hour', firstHour, lastHour)
  add('operation_minute', lastHour, to)
  return spans
}

function floor(at: Date, ms: number): Date {
  return new Date(Math.floor(at.getTime() / ms) * ms)
}
