// Samples what a target's sessions do, on a connection of its own: one cheap statement, a second one only while somebody waits for
// a lock, a third only for texts that are needed and not known yet.

import { StewardError } from '../../model/error.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import type { QueryResult, Session } from '../../postgres/connect.ts'
import { answered } from '../answered.ts'
import { reasonOf } from '../reason-of.ts'
import { readingKey, type ServerReadings, type SharedReading, serverKey } from '../server-readings.ts'
import { BLOCKING, type BlockingEdge, MOST_WAITING, parseEdge } from './blocking-edges.ts'
import { SamplePace } from './sample-pace.ts'
import {
  isActive,
  isIdleInTransaction,
  NAMED_SESSIONS,
  parseSession,
  SAMPLE,
  type SampledSession,
  textOfSession,
} from './sampled-session.ts'
import { type SeenText, seenText } from './seen-text.ts'

export interface ActivitySample {
  readonly at: Date
  /** That do something, or keep a transaction open; and those that block, whatever they do. */
  readonly sessions: readonly SampledSession[]
  /** Null: not asked this time, since asking costs more than its share. */
  readonly edges: readonly BlockingEdge[] | null
  /** By pid, of the statement that the session runs or ran last; those that were read. */
  readonly texts: ReadonlyMap<number, SeenText>
  /** Texts of statements not met before, by query id. */
  readonly newTexts: ReadonlyMap<string, SeenText>
}

export interface SamplerOptions {
  readonly open: () => Promise<Session>
  readonly everyMs: Milliseconds
  /** Statements that run for longer are read with their text. */
  readonly slowMs: Milliseconds
  readonly answerTimeoutMs?: Milliseconds
  /** Of all targets of this process: those on one server sample it together. */
  readonly serverReadings?: ServerReadings
}

/** Oids of different catalogs may be the same number. */
const NAMES = `
  select n.key, n.name
    from (select 'database/' || d.oid::text as key, d.datname::text as name from pg_catalog.pg_database d
           union all
          select 'user/' || r.oid::text, r.rolname::text from pg_catalog.pg_roles r) n
   where n.key = any($1::text[])
   order by n.key
   limit 1000`

const TEXT_SIZE = `select pg_catalog.pg_size_bytes(pg_catalog.current_setting('track_activity_query_size'))::int as size_bytes`

const ANSWER_TIMEOUT_MS = 10_000
/** What another target has sampled is as good as one's own up to this share of the pace. */
const SHARED_FOR = 0.8
const TEXTS_A_SAMPLE = 100
const MAX_KNOWN_QUERIES = 10_000
const MAX_NAMES = 5_000

export class ActivitySampler {
  readonly #options: SamplerOptions
  readonly pace: SamplePace
  readonly #blockingPace: SamplePace
  readonly #names = new Map<string, string | null>()
  /** By pid; of the statement that begins at `key`. */
  #texts = new Map<number, { readonly key: string; readonly text: SeenText }>()
  readonly #metQueries = new Set<string>()
  readonly #told = new Set<string>()
  readonly #queryIdOf = new Map<string, string>()
  #session: Session | null = null
  #sampledAt = new Date(0)
  #textBytes: Bytes = 1_024
  #blockingDueAt = 0
  #statementsSent = 0
  #bytes = 0

  constructor(options: SamplerOptions) {
    this.#options = options
    this.pace = new SamplePace(options.everyMs)
    this.#blockingPace = new SamplePace(options.everyMs)
  }

  get isOpen(): boolean {
    return this.#session !== null
  }

  /** Since the sampler was made: each was a transaction of the database that it is connected to. */
  get statementsSent(): number {
    return this.#statementsSent
  }

  get bytesReceived(): Bytes {
    return this.#bytes
  }

  /** `closely`: somebody looks, so the texts of all are wanted. Throws StewardError when the target can't be reached. */
  async sample(now: Date, closely = false): Promise<ActivitySample> {
    try {
      const session = await this.#connected()
      const { value, at } = await this.#shared(session, now, SAMPLE, [], async () => {
        const result = await this.#query(session, 'activity-sample', SAMPLE)
        return { sampled: result.rows.map(parseSession), answerMs: answerMs(result) }
      })
      this.#sampledAt = at
      const { sampled } = value
      this.pace.note(value.answerMs)
      const waiting = sampled.filter((each) => each.waitType === 'Lock').map((each) => each.pid)
      const edges = await this.#edges(session, waiting, now)
      const sessions = await this.#named(
        session,
        await this.#withTexts(session, sampled, edges ?? [], closely),
      )
      const texts = new Map([...this.#texts].map(([pid, { text }]) => [pid, text]))
      return {
        at,
        sessions,
        edges,
        texts,
        newTexts: this.#newTexts(texts),
      }
    } catch (error) {
      await this.close()
      if (error instanceof StewardError) throw error
      throw new StewardError('target-lost', 'the target does not say what its sessions do', {
        detail: reasonOf(error),
        cause: error,
      })
    }
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = null
    this.#texts = new Map()
    // a server that hangs does not take leave either
    if (session !== null) await answered(session.close(), 1_000).catch(() => undefined)
  }

  async #connected(): Promise<Session> {
    if (this.#session?.isOpen()) return this.#session
    await this.close()
    const session = await this.#options.open()
    this.#session = session
    const [row] = (await this.#query(session, 'activity-text-size', TEXT_SIZE)).rows
    this.#textBytes = Number(row?.size_bytes ?? 1_024)
    return session
  }

  async #edges(
    session: Session,
    waiting: readonly number[],
    now: Date,
  ): Promise<readonly BlockingEdge[] | null> {
    if (waiting.length === 0) return []
    const untilDueMs = this.#blockingDueAt - now.getTime()
    // further away than it is ever put: a clock was set back
    if (untilDueMs > 0 && untilDueMs <= this.#blockingPace.everyMs) return null
    const result = await this.#query(session, 'activity-blocking', BLOCKING, [waiting.slice(0, MOST_WAITING)])
    this.#blockingPace.note(answerMs(result))
    // a little less than the pace, or every second sample would come a moment too early
    this.#blockingDueAt = now.getTime() + this.#blockingPace.everyMs * 0.9
    return result.rows.map(parseEdge)
  }

  /** Reads the texts that are needed, and the blockers that no sample shows: idle, with a lock of the session. */
  async #withTexts(
    session: Session,
    sampled: readonly SampledSession[],
    edges: readonly BlockingEdge[],
    closely: boolean,
  ): Promise<readonly SampledSession[]> {
    const byPid = new Map(sampled.map((each) => [each.pid, each]))
    const involved = new Set(edges.flatMap((each) => [each.pid, ...each.blockedBy]))
    involved.delete(0)
    const wanted = sampled.filter(
      (each) =>
        this.#texts.get(each.pid)?.key !== keyOf(each) &&
        (involved.has(each.pid) || this.#isTextWanted(each, closely)),
    )
    const hidden = [...involved].filter((pid) => !byPid.has(pid))
    const pids = [...hidden, ...wanted.map((each) => each.pid)].slice(0, TEXTS_A_SAMPLE)
    const kept = new Map([...this.#texts].filter(([pid]) => byPid.has(pid)))
    this.#texts = kept
    if (pids.length === 0) return sampled
    const { rows } = await this.#query(session, 'activity-texts', NAMED_SESSIONS, [pids])
    const found = rows.map((raw) => ({ seen: parseSession(raw), raw: textOfSession(raw) }))
    for (const { seen, raw } of found) {
      const before = byPid.get(seen.pid)
      // by now it may run something else: a text is kept for the statement that it belongs to
      if (before !== undefined && keyOf(before) !== keyOf(seen)) continue
      kept.set(seen.pid, { key: keyOf(seen), text: seenText(seen.queryId, raw, this.#textBytes) })
      if (seen.queryId !== null) this.#met(seen.queryId, kept.get(seen.pid)!.text)
    }
    return [...sampled, ...found.map(({ seen }) => seen).filter(({ pid }) => !byPid.has(pid))]
  }

  #isTextWanted(each: SampledSession, closely: boolean): boolean {
    if (closely) return true
    if (isIdleInTransaction(each)) return (each.stateMs ?? 0) >= this.#options.slowMs
    if (!isActive(each) || each.leaderPid !== null) return false
    const isNew = each.queryId !== null && !this.#metQueries.has(each.queryId)
    return isNew || (each.queryMs ?? 0) >= this.#options.slowMs
  }

  #met(queryId: string, { fingerprint, isCut }: SeenText): void {
    if (this.#metQueries.size >= MAX_KNOWN_QUERIES) {
      this.#metQueries.clear()
      this.#queryIdOf.clear()
    }
    this.#metQueries.add(queryId)
    if (!isCut) this.#queryIdOf.set(fingerprint, queryId)
  }

  /** One that waits for a table while it is analysed has no query id yet: its text tells, when it was met before. */
  #queryIdBy(session: SampledSession): string | null {
    if (session.queryId !== null || !isActive(session)) return session.queryId
    const text = this.#texts.get(session.pid)?.text
    return text === undefined || text.isCut ? null : (this.#queryIdOf.get(text.fingerprint) ?? null)
  }

  #newTexts(texts: ReadonlyMap<number, SeenText>): ReadonlyMap<string, SeenText> {
    const fresh = new Map<string, SeenText>()
    for (const text of texts.values()) {
      if (text.queryId === null || this.#told.has(text.queryId)) continue
      fresh.set(text.queryId, text)
    }
    if (this.#told.size + fresh.size > MAX_KNOWN_QUERIES) this.#told.clear()
    for (const queryId of fresh.keys()) this.#told.add(queryId)
    return fresh
  }

  async #named(session: Session, sessions: readonly SampledSession[]): Promise<readonly SampledSession[]> {
    const unknown = new Set<string>()
    for (const each of sessions)
      for (const key of [databaseKey(each), userKey(each)])
        if (key !== null && !this.#names.has(key)) unknown.add(key)
    if (unknown.size > 0) {
      if (this.#names.size > MAX_NAMES) this.#names.clear()
      const { rows } = await this.#query(session, 'activity-names', NAMES, [[...unknown]])
      // gone by now: not asked again
      for (const key of unknown) this.#names.set(key, null)
      for (const row of rows) this.#names.set(String(row.key), String(row.name))
    }
    const nameOf = (key: string | null) => (key === null ? null : (this.#names.get(key) ?? null))
    return sessions.map((each) => ({
      ...each,
      queryId: this.#queryIdBy(each),
      database: nameOf(databaseKey(each)),
      user: nameOf(userKey(each)),
    }))
  }

  /** Asked by this target, or by another one on the same server since the pace before; never the same answer to one question twice. */
  async #shared<T>(
    session: Session,
    now: Date,
    sql: string,
    parameters: readonly unknown[],
    ask: () => Promise<T>,
  ): Promise<SharedReading<T>> {
    const server = serverKey(session.server)
    const { serverReadings, everyMs } = this.#options
    if (serverReadings === undefined || server === null) return { value: await ask(), at: now, isOwn: true }
    const after = new Date(Math.max(now.getTime() - everyMs * SHARED_FOR, this.#sampledAt.getTime()))
    return serverReadings.read(readingKey(server, sql, parameters), { after, now }, ask)
  }

  async #query(
    session: Session,
    label: string,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult> {
    this.#statementsSent += 1
    const result = await answered(
      session.query(label, sql, parameters),
      this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    )
    this.#bytes += result.bytes
    return result
  }
}

function databaseKey({ databaseOid }: SampledSession): string | null {
  return databaseOid === null ? null : `database/${databaseOid}`
}

function userKey({ userOid }: SampledSession): string | null {
  return userOid === null ? null : `user/${userOid}`
}

/** One statement of one session. */
function keyOf({ startedAt, queryKey }: SampledSession): string {
  return `${startedAt?.getTime() ?? ''}/${queryKey ?? ''}`
}

/** As the server measured it, up to its last row; without rows there was next to nothing to do. */
function answerMs(result: QueryResult): Milliseconds {
  return Number(result.rows.at(-1)?.answer_ms ?? 0)
}
