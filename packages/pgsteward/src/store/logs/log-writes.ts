// Saves what was read of a target's log: events, counts, slow queries and how far each source is read, in one transaction, so that a
// restart neither reads a line twice nor loses one.

import type { SlowQuery } from '../../model/application.ts'
import type { LogEvent, LogMinute, LogPosition, LogSourceProgress } from '../../model/log-event.ts'
import type { FingerprintTexts } from '../applications/fingerprints.ts'
import { cleanText, type Sql, type StoreDatabase, toJson } from '../database.ts'
import type { Names } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import { countDropped, insertSlowQueries, type SlowQueryGate } from '../statements/slow-query-log.ts'
import { hashOf } from '../statements/texts.ts'

const DAY_MS = 86_400_000

/** An event that is kept; the fingerprint is of its query. */
export interface KeptLogEvent extends Omit<LogEvent, 'line' | 'at' | 'statement' | 'sender'> {
  readonly at: Date
  readonly fingerprint: string | null
}

export interface LogBatch {
  readonly events: readonly KeptLogEvent[]
  readonly counts: readonly LogMinute[]
  /** What each source brought since the batch before; its position replaces the one that was known. */
  readonly sources: readonly LogSourceProgress[]
  readonly slowQueries: readonly SlowQuery[]
  /** Left out already: counted as thrown away. */
  readonly slowQueriesRefused?: number
}

export interface LogSaver {
  readonly database: StoreDatabase
  readonly names: Names
  readonly partitions: Partitions
  readonly texts: FingerprintTexts
  readonly gate: SlowQueryGate
}

export async function saveLog(saver: LogSaver, targetName: string, batch: LogBatch, at: Date): Promise<void> {
  const targetId = await saver.names.target(targetName)
  const { admitted, refused } = saver.gate.admit(targetId, batch.slowQueries, at)
  const cleaned = {
    ...batch,
    events: batch.events.map(cleanEvent),
    slowQueries: admitted.map((each) => ({ ...each, text: cleanText(each.text) })),
  }
  const save = () => write(saver, targetId, cleaned, refused + (batch.slowQueriesRefused ?? 0), at)
  await save().catch((error: { code?: string }) => {
    // 23514: no partition for the row; another process' retention dropped one that was known here
    if (error.code !== '23514') throw error
    saver.partitions.forget()
    return save()
  })
}

async function write(
  { database, partitions, texts }: LogSaver,
  targetId: number,
  batch: LogBatch,
  refused: number,
  at: Date,
): Promise<void> {
  for (const day of daysOf(batch.events)) await partitions.ensure('log_event', day)
  for (const day of daysOf(batch.counts)) await partitions.ensure('log_count', day)
  for (const day of daysOf(batch.slowQueries)) await partitions.ensure('slow_query_log', day)
  const { keep } = await database.transaction(async (tx) => {
    const saved = await texts.save(tx, textsOf(batch))
    await insertEvents(tx, targetId, batch.events)
    await addCounts(tx, targetId, batch.counts)
    await insertSlowQueries(tx, targetId, null, batch.slowQueries)
    await countDropped(tx, targetId, at, refused)
    await addProgress(tx, targetId, batch.sources, at)
    return saved
  })
  keep()
}

function daysOf(rows: readonly { readonly at: Date }[]): readonly Date[] {
  return [...new Set(rows.map(({ at }) => Math.floor(at.getTime() / DAY_MS)))].map(
    (day) => new Date(day * DAY_MS),
  )
}

function textsOf({ events, slowQueries }: LogBatch) {
  const ofEvents = events.flatMap(({ query, fingerprint }) =>
    query === null || fingerprint === null ? [] : [{ fingerprint, text: query }],
  )
  return [...ofEvents, ...slowQueries]
}

function cleanEvent(event: KeptLogEvent): KeptLogEvent {
  const clean = (text: string | null) => (text === null ? null : cleanText(text))
  return {
    ...event,
    message: cleanText(event.message),
    detail: clean(event.detail),
    hint: clean(event.hint),
    context: clean(event.context),
    query: clean(event.query),
    user: clean(event.user),
    database: clean(event.database),
    application: clean(event.application),
    client: clean(event.client),
  }
}

async function insertEvents(tx: Sql, targetId: number, events: readonly KeptLogEvent[]): Promise<void> {
  if (events.length === 0) return
  const column = (value: (each: KeptLogEvent) => unknown) => events.map(value)
  const json = (value: unknown) => (value === null ? null : toJson(value))
  await tx.query(
    `insert into pgsteward.log_event
            (target_id, at, class, severity, sql_state, pid, user_name, database_name, application, client, query_id, fingerprint,
             query_hash, message, detail, hint, context, duration_ms, parameters, figures, plan)
     select $1, k.at, k.class, k.severity, k.sql_state, k.pid, k.user_name, k.database_name, k.application, k.client, k.query_id,
            k.fingerprint, decode(k.hash, 'hex'), k.message, k.detail, k.hint, k.context, k.duration_ms, k.parameters::jsonb,
            k.figures::jsonb, k.plan::jsonb
       from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
                   $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
                   $18::float8[], $19::text[], $20::text[], $21::text[])
         as k (at, class, severity, sql_state, pid, user_name, database_name, application, client, query_id, fingerprint, hash,
               message, detail, hint, context, duration_ms, parameters, figures, plan)`,
    [
      targetId,
      column((each) => each.at),
      column((each) => each.class),
      column((each) => each.severity),
      column((each) => each.sqlState),
      column((each) => each.pid),
      column((each) => each.user),
      column((each) => each.database),
      column((each) => each.application),
      column((each) => each.client),
      column((each) => each.queryId),
      column((each) => each.fingerprint),
      column((each) => (each.query === null || each.fingerprint === null ? null : hashOf(each.query))),
      column((each) => each.message),
      column((each) => each.detail),
      column((each) => each.hint),
      column((each) => each.context),
      column((each) => each.durationMs),
      column((each) => json(each.parameters)),
      column((each) => toJson(each.figures)),
      column((each) => json(each.plan)),
    ],
  )
}

async function addCounts(tx: Sql, targetId: number, counts: readonly LogMinute[]): Promise<void> {
  if (counts.length === 0) return
  const column = (value: (each: LogMinute) => unknown) => counts.map(value)
  await tx.query(
    `insert into pgsteward.log_count as c (target_id, at, class, severity, database_name, count, first_at, last_at)
     select $1, k.at, k.class, k.severity, k.database_name, sum(k.count), min(k.first_at), max(k.last_at)
       from unnest($2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::timestamptz[], $8::timestamptz[])
         as k (at, class, severity, database_name, count, first_at, last_at)
      group by 2, 3, 4, 5
     on conflict (target_id, at, class, severity, database_name) do update
        set count = c.count + excluded.count, first_at = least(c.first_at, excluded.first_at),
            last_at = greatest(c.last_at, excluded.last_at)`,
    [
      targetId,
      column((each) => each.at),
      column((each) => cleanText(each.class)),
      column((each) => each.severity),
      column((each) => cleanText(each.database ?? '')),
      column((each) => each.count),
      column((each) => each.firstAt),
      column((each) => each.lastAt),
    ],
  )
}

async function addProgress(
  tx: Sql,
  targetId: number,
  sources: readonly LogSourceProgress[],
  at: Date,
): Promise<void> {
  if (sources.length === 0) return
  const column = (value: (each: LogSourceProgress) => unknown) => sources.map(value)
  await tx.query(
    `insert into pgsteward.log_source as s
            (target_id, source, last_at, lines, bytes, unknown, unreadable, because, position, seen_at)
     select $1, k.source, k.last_at, k.lines, k.bytes, k.unknown, k.unreadable, k.because, k.position::jsonb, $10
       from unnest($2::text[], $3::timestamptz[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::text[], $9::text[])
         as k (source, last_at, lines, bytes, unknown, unreadable, because, position)
     on conflict (target_id, source) do update
        set last_at = greatest(s.last_at, excluded.last_at), lines = s.lines + excluded.lines, bytes = s.bytes + excluded.bytes,
            unknown = s.unknown + excluded.unknown, unreadable = s.unreadable + excluded.unreadable,
            because = excluded.because, position = coalesce(excluded.position, s.position), seen_at = excluded.seen_at`,
    [
      targetId,
      column((each) => cleanText(each.source)),
      column((each) => each.lastAt),
      column((each) => each.lines),
      column((each) => each.bytes),
      column((each) => each.unknown),
      column((each) => each.unreadable),
      column((each) => (each.because === null ? null : cleanText(each.because))),
      column((each) => (each.position === null ? null : toJson(each.position satisfies LogPosition))),
      at,
    ],
  )
}
