// Saves one snapshot: series, statements that moved, breaks, documents. One transaction, idempotent by target and moment.

import type { Interval, PgFact, Reading, SeriesOf, Snapshot } from '../../model/fact.ts'
import { cleanText, type Sql, type StoreDatabase, toJson } from '../database.ts'
import { ensureBuckets, foldIfLate } from '../fold.ts'
import type { Names, SeriesKey } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import { insertInterval, type PackedInterval, packStatements } from './statement-interval.ts'

interface Pack {
  readonly pack: string
  readonly seriesIds: readonly number[]
  readonly points: readonly number[]
}

export interface SavedDocument {
  readonly factId: string
  readonly at: Date
  readonly rows: readonly unknown[]
}

export interface PreparedSnapshot {
  readonly targetId: number
  readonly snapshot: Snapshot
  readonly packs: readonly Pack[]
  readonly statements: PackedInterval | null
  /** When they were read: before the snapshot, where another target on the same server did. */
  readonly statementsAt: Date
  readonly documents: readonly SavedDocument[]
  readonly breaks: readonly { readonly at: Date; readonly factId: string; readonly cause: string }[]
}

/** The fact whose rows are statements; its columns are read by name, since the store knows no facts. */
const STATEMENTS = 'statements'

/** Four names of 63 bytes with what joins them; an index entry holds no more than 2,700 bytes. */
const MAX_LABEL = 300

/** Gives names their numbers (kept even if the save fails: they harm nobody) and lays the values out as stored. */
export async function prepareSnapshot(
  names: Names,
  snapshot: Snapshot,
  facts: readonly PgFact[],
): Promise<PreparedSnapshot> {
  const targetId = await names.target(snapshot.targetId)
  const fresh = facts.flatMap((fact) => {
    const reading = snapshot.refreshed.has(fact.id) ? snapshot.readings.get(fact.id) : undefined
    return reading === undefined || reading.status === 'unavailable' ? [] : [{ fact, reading }]
  })
  const packs: Pack[] = []
  for (const { fact, reading } of fresh) packs.push(...(await packSeries(names, targetId, fact, reading)))
  const latest = fresh.find(({ fact, reading }) => fact.id === STATEMENTS && reading.status === 'interval')
  const statements =
    latest?.reading.status === 'interval'
      ? await packStatements(names, targetId, latest.reading.latest as Interval<never>)
      : null
  return {
    targetId,
    snapshot,
    packs,
    statements,
    statementsAt: latest?.reading.at ?? snapshot.takenAt,
    documents: fresh.flatMap(({ fact, reading }) =>
      reading.status === 'rows' ? [{ factId: fact.id, at: reading.at, rows: reading.rows }] : [],
    ),
    breaks: fresh.flatMap(({ fact, reading }) =>
      reading.status === 'interval'
        ? reading.latest.breaks.map((each) => ({ at: each.at, factId: fact.id, cause: each.cause }))
        : [],
    ),
  }
}

/** False: this moment was saved before, nothing was written. */
export async function writeSnapshot(
  database: StoreDatabase,
  partitions: Partitions,
  prepared: PreparedSnapshot,
): Promise<boolean> {
  const { snapshot, statementsAt } = prepared
  for (const table of ['snapshot', 'series_raw'] as const) await partitions.ensure(table, snapshot.takenAt)
  await partitions.ensure('statement_interval', statementsAt)
  // an interval that ends on the hour belongs to the hour before
  await ensureBuckets(partitions, [new Date(statementsAt.getTime() - 1)])
  return await database.transaction(async (tx) => {
    const addIfLate = await foldIfLate(tx, prepared.targetId, statementsAt)
    const isNew = await insertSnapshot(tx, prepared)
    if (!isNew) return false
    await insertPacks(tx, prepared)
    if (prepared.statements !== null)
      await insertInterval(tx, prepared.targetId, statementsAt, prepared.statements)
    await insertBreaks(tx, prepared)
    await upsertDocuments(tx, prepared)
    await addIfLate()
    return true
  })
}

async function insertSnapshot(tx: Sql, { targetId, snapshot }: PreparedSnapshot): Promise<boolean> {
  const { statements, rows, bytes, tookMs } = snapshot.cost
  const inserted = await tx.query(
    `insert into pgsteward.snapshot (target_id, at, statements, rows, bytes, took_ms)
     values ($1, $2, $3, $4, $5, $6) on conflict (target_id, at) do nothing returning at`,
    [targetId, snapshot.takenAt, statements, rows, Math.round(bytes), tookMs],
  )
  return inserted.length === 1
}

/** Rows of one reading side by side; a fact of a single row keeps all its series in one pack, else there is a pack a series. */
async function packSeries(
  names: Names,
  targetId: number,
  fact: PgFact,
  reading: Exclude<Reading, { status: 'unavailable' }>,
): Promise<readonly Pack[]> {
  const series: readonly SeriesOf<unknown>[] = fact.series ?? []
  if (series.length === 0) return []
  const rows = reading.status === 'rows' ? reading.rows : reading.latest.rows
  const seconds = reading.status === 'rows' ? 0 : reading.latest.seconds
  if (reading.status === 'interval' && seconds === 0) return []
  const values = new Map<string, { keys: SeriesKey[]; points: number[] }>()
  for (const each of series) {
    for (const row of rows) {
      const value = each.value(row, seconds)
      if (value === null || !Number.isFinite(value)) continue
      const pack = rows.length === 1 ? fact.id : `${fact.id}/${each.name}`
      const labels = rows.length === 1 ? {} : { key: cleanText(fact.keyOf(row)).slice(0, MAX_LABEL) }
      const into = values.get(pack) ?? { keys: [], points: [] }
      into.keys.push({ pack, name: each.name, unit: each.unit, labels })
      into.points.push(value)
      values.set(pack, into)
    }
  }
  const packs: Pack[] = []
  for (const [pack, { keys, points }] of values) {
    packs.push({ pack, points, seriesIds: await names.series(targetId, keys) })
  }
  return packs
}

async function insertPacks(tx: Sql, { targetId, snapshot, packs }: PreparedSnapshot): Promise<void> {
  for (const { pack, seriesIds, points } of packs) {
    await tx.query(
      `insert into pgsteward.series_raw (target_id, pack, at, series_ids, points)
       values ($1, $2, $3, $4::int[], $5::float8[])`,
      [targetId, pack, snapshot.takenAt, seriesIds, points],
    )
  }
}

async function insertBreaks(tx: Sql, { targetId, breaks }: PreparedSnapshot): Promise<void> {
  for (const each of breaks) {
    await tx.query(
      `insert into pgsteward.break (target_id, at, fact_id, cause) values ($1, $2, $3, $4) on conflict do nothing`,
      [targetId, each.at, each.factId, each.cause],
    )
  }
}

async function upsertDocuments(tx: Sql, { targetId, documents }: PreparedSnapshot): Promise<void> {
  for (const { factId, at, rows } of documents) {
    await tx.query(
      `insert into pgsteward.document as d (target_id, fact_id, at, rows) values ($1, $2, $3, $4::jsonb)
       on conflict (target_id, fact_id) do update set at = excluded.at, rows = excluded.rows
         where d.at < excluded.at`,
      [targetId, factId, at, toJson(rows)],
    )
  }
}
