// Saves one report of one process: operations, texts, slow queries, repeats, pools, levels. One transaction; a report with an id that
// was saved within the last hour changes nothing.

import type { ApplicationLevel, ApplicationReport } from '../../model/application.ts'
import { addRequests } from '../availability/probe-attempts.ts'
import { cleanText, type Sql, type StoreDatabase, toJson } from '../database.ts'
import type { Names, SeriesKey } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import { countDropped, insertSlowQueries, type SlowQueryGate } from '../statements/slow-query-log.ts'
import { type OperationNames, upsertApplication } from './application-names.ts'
import type { FingerprintTexts, MarkedText } from './fingerprints.ts'
import { addOperations, ensureMinute } from './operation-intervals.ts'
import { addRepeats } from './repeated-statements.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export interface ReportSaver {
  readonly database: StoreDatabase
  readonly names: Names
  readonly operations: OperationNames
  readonly partitions: Partitions
  readonly texts: FingerprintTexts
  readonly gate: SlowQueryGate
}

interface PreparedReport {
  readonly targetId: number
  readonly report: ApplicationReport
  readonly at: Date
  readonly refused: number
  readonly levels: {
    readonly pack: string
    readonly seriesIds: readonly number[]
    readonly points: readonly number[]
  }
}

/** Returns the application's number, or null when this report was saved before. */
export async function saveReport(
  saver: ReportSaver,
  targetName: string,
  given: ApplicationReport,
  at: Date,
): Promise<number | null> {
  const targetId = await saver.names.target(targetName)
  const { admitted, refused } = saver.gate.admit(targetId, given.slowQueries, at)
  const report = {
    ...given,
    slowQueries: admitted.map((each) => ({
      ...each,
      text: cleanText(each.text),
      at: believable(each.at, at),
    })),
    repeats: given.repeats.map((each) => ({ ...each, at: believable(each.at, at) })),
  }
  const levels = await packLevels(saver.names, targetId, report)
  const prepared = { targetId, report, at, refused, levels }
  return await write(saver, prepared).catch((error: { code?: string }) => {
    // 23514: no partition for the row; another process' retention dropped one that was known here
    if (error.code !== '23514') throw error
    saver.partitions.forget()
    return write(saver, prepared)
  })
}

/** Clocks of applications go wrong; a partition a day is not made for whatever they say. */
function believable(said: Date, now: Date): Date {
  const lateMs = now.getTime() - said.getTime()
  return lateMs >= -MINUTE_MS && lateMs < DAY_MS ? said : now
}

async function write(saver: ReportSaver, prepared: PreparedReport): Promise<number | null> {
  const { partitions, database, operations, texts } = saver
  const { report, at, targetId } = prepared
  await ensureMinute(partitions, at)
  await partitions.ensure('repeated_statement', at)
  await partitions.ensure('series_raw', at)
  const days = new Set(report.slowQueries.map((each) => Math.floor(each.at.getTime() / DAY_MS) * DAY_MS))
  for (const day of days) await partitions.ensure('slow_query_log', new Date(day))
  const { applicationId, kept } = await database.transaction(async (tx) => {
    const application = await upsertApplication(tx, targetId, report.source, at)
    if (report.digest !== undefined && !(await claim(tx, report.digest, at)))
      return { applicationId: null, kept: [] }
    const { ids, ...named } = await operations.intern(tx, application.id, report.operations, at)
    const moved = report.operations.map((each, index) => [ids[index]!, each] as const)
    await addOperations(tx, application.id, application.foldedUntil, at, moved)
    await addRequests(tx, targetId, report.source.application, requestsOf(report), at)
    const saved = await texts.save(tx, textsOf(report))
    await insertSlowQueries(tx, targetId, application.id, report.slowQueries)
    await countDropped(tx, targetId, at, prepared.refused)
    await addRepeats(tx, application.id, at, report.repeats)
    await saveInstance(tx, application.id, prepared)
    await saveDropped(tx, application.id, report, at)
    await insertLevels(tx, prepared)
    return { applicationId: application.id, kept: [named, saved] }
  })
  for (const { keep } of kept) keep()
  return applicationId
}

async function claim(tx: Sql, digest: string, at: Date): Promise<boolean> {
  const claimed = await tx.query(
    `insert into pgsteward.application_body (digest, at) values (decode($1, 'hex'), $2)
     on conflict (digest) do nothing returning at`,
    [digest, at],
  )
  return claimed.length === 1
}

/** All routes together: what its error budget is spent by. */
function requestsOf({ operations }: ApplicationReport): { readonly count: number; readonly errors: number } {
  const requests = operations.filter(({ kind }) => kind === 'request')
  return {
    count: requests.reduce((sum, each) => sum + each.count, 0),
    errors: requests.reduce((sum, each) => sum + each.errors, 0),
  }
}

function textsOf(report: ApplicationReport): readonly MarkedText[] {
  const texts = [...report.texts].map(([fingerprint, text]) => ({ fingerprint, text }))
  // a slow query's own text is looked up by its hash, so it is stored as it is
  return [...texts, ...report.repeats, ...report.slowQueries]
}

async function saveInstance(tx: Sql, applicationId: number, { report, at }: PreparedReport): Promise<void> {
  // logs and traces tell of no pools: what is known of them stays
  await tx.query(
    `insert into pgsteward.application_instance as i (application_id, instance, last_seen_at, pools)
     values ($1, $2, $3, coalesce($4::jsonb, '[]'))
     on conflict (application_id, instance) do update
        set last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at),
            pools = coalesce($4::jsonb, i.pools)`,
    [applicationId, report.source.instance, at, report.pools.length === 0 ? null : toJson(report.pools)],
  )
}

async function saveDropped(
  tx: Sql,
  applicationId: number,
  report: ApplicationReport,
  at: Date,
): Promise<void> {
  const dropped = Object.entries(report.dropped).filter(([, count]) => count > 0)
  if (dropped.length === 0) return
  await tx.query(
    `insert into pgsteward.application_dropped as d (application_id, at, kind, count)
     select $1, pg_catalog.date_bin('1 hour', $2::timestamptz, timestamptz 'epoch'), k.kind, k.count
       from unnest($3::text[], $4::float8[]) as k (kind, count)
     on conflict (application_id, at, kind) do update set count = d.count + excluded.count`,
    [applicationId, at, dropped.map(([kind]) => kind), dropped.map(([, count]) => count)],
  )
}

/** Pools are series too, so that a chart shows how they went. */
function levelsOf({ levels, pools }: ApplicationReport): readonly ApplicationLevel[] {
  return [
    ...levels,
    ...pools.flatMap(({ pool, max, used, idle, waiting }) => {
      const level = (name: string, value: number | null): readonly ApplicationLevel[] =>
        value === null ? [] : [{ name, unit: 'count', labels: { pool }, value }]
      return [
        ...level('pool.used', used),
        ...level('pool.idle', idle),
        ...level('pool.waiting', waiting),
        ...level('pool.max', max),
      ]
    }),
  ]
}

async function packLevels(names: Names, targetId: number, report: ApplicationReport) {
  const { application, instance } = report.source
  // no slash: series.ts takes what is before one for the fact
  const pack = cleanText(`application ${application} ${instance}`.replaceAll('/', '_'))
  const values = new Map<string, { key: SeriesKey; value: number }>()
  for (const { name, unit, labels, value } of levelsOf(report)) {
    if (!Number.isFinite(value)) continue
    const cleaned = JSON.parse(toJson({ application, instance, ...labels })) as Record<string, string>
    const key = { pack, name: cleanText(name), unit, labels: cleaned }
    values.set(JSON.stringify([key.name, cleaned]), { key, value })
  }
  const each = [...values.values()]
  return {
    pack,
    seriesIds: await names.series(
      targetId,
      each.map(({ key }) => key),
    ),
    points: each.map(({ value }) => value),
  }
}

async function insertLevels(tx: Sql, { targetId, at, levels }: PreparedReport): Promise<void> {
  if (levels.points.length === 0) return
  await tx.query(
    `insert into pgsteward.series_raw as r (target_id, pack, at, series_ids, points)
     values ($1, $2, $3, $4::int[], $5::float8[])
     on conflict (target_id, pack, at) do update
        set series_ids = r.series_ids || excluded.series_ids, points = r.points || excluded.points`,
    [targetId, levels.pack, at, levels.seriesIds, levels.points],
  )
}
