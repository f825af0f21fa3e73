// What sampling found, into the store: gathered while the store is busy or away, in bounded memory, so that no sample waits for it.

import type { SeenStatement } from '../../collect/activity/seen-statements.ts'
import type { SeenText } from '../../collect/activity/seen-text.ts'
import type { ActivityMinute, BlockedSession, BlockingIncident } from '../../model/activity.ts'
import type { SlowQuery } from '../../model/application.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { Store } from '../../store/store.ts'

/** The log and applications tell of a statement some seconds after it ended; they know more of it, so they go first. */
const TOLD_WITHIN_MS = 30_000
const MAX_MINUTES = 180
const MAX_INCIDENTS = 200
const MAX_SLOW = 1_000
const MAX_TEXTS = 500
/** How far back a sender of a statement is looked for. */
const CALLER_WITHIN_MS = 24 * 3_600_000
const MAX_CALLERS = 2_000

export class ActivityKeeper {
  readonly #store: Store
  readonly #targetId: string
  readonly #minutes = new Map<number, ActivityMinute>()
  readonly #incidents = new Map<string, BlockingIncident>()
  readonly #texts = new Map<string, string>()
  readonly #callers = new Map<string, string | null>()
  #slow: { readonly statement: SeenStatement; readonly dueAt: number }[] = []
  #saving: Promise<void> | null = null
  #failure: string | null = null

  constructor(store: Store, targetId: string) {
    this.#store = store
    this.#targetId = targetId
  }

  /** Why the latest attempt to save failed; null: it did not. */
  get failure(): string | null {
    return this.#failure
  }

  minute(minute: ActivityMinute | null): void {
    if (minute === null) return
    put(this.#minutes, (minute.startedAt ?? minute.at).getTime(), minute, MAX_MINUTES)
  }

  incidents(changed: readonly BlockingIncident[]): void {
    for (const each of changed) put(this.#incidents, each.id, each, MAX_INCIDENTS)
  }

  texts(texts: ReadonlyMap<string, SeenText>): void {
    for (const [queryId, { text }] of texts) if (text !== '') put(this.#texts, queryId, text, MAX_TEXTS)
  }

  ended(statements: readonly SeenStatement[], now: Date): void {
    const dueAt = now.getTime() + TOLD_WITHIN_MS
    this.#slow.push(...statements.map((statement) => ({ statement, dueAt })))
    this.#slow.splice(0, Math.max(0, this.#slow.length - MAX_SLOW))
  }

  /** One at a time; what comes meanwhile goes with the next. `everything`: also what waits for others to tell first. */
  save(now: Date, everything = false): Promise<void> {
    this.#saving ??= this.#saveAll(now, everything)
      .then(() => {
        this.#failure = null
      })
      .catch((error: unknown) => {
        this.#failure = (error as Error).message
      })
      .finally(() => {
        this.#saving = null
      })
    return this.#saving
  }

  async finish(now: Date): Promise<void> {
    await this.#saving
    await this.save(now, true)
  }

  async #saveAll(now: Date, everything: boolean): Promise<void> {
    const store = this.#store
    // taken out once saved, unless a newer one took the place meanwhile
    for (const [key, minute] of [...this.#minutes]) {
      await store.saveActivity(this.#targetId, minute)
      if (this.#minutes.get(key) === minute) this.#minutes.delete(key)
    }
    if (this.#texts.size > 0) {
      const texts = new Map(this.#texts)
      await store.saveActivityTexts(this.#targetId, texts, now)
      for (const queryId of texts.keys()) this.#texts.delete(queryId)
    }
    for (const [id, incident] of [...this.#incidents]) {
      await store.saveIncident(this.#targetId, await this.#withCallers(incident, now), now)
      if (this.#incidents.get(id) === incident) this.#incidents.delete(id)
    }
    const due = this.#slow.filter(({ dueAt }) => everything || dueAt <= now.getTime())
    if (due.length > 0) {
      const slow = await this.#slowQueries(due.map(({ statement }) => statement))
      await store.saveSeenSlowQueries(this.#targetId, slow, now)
      const saved = new Set(due)
      this.#slow = this.#slow.filter((each) => !saved.has(each))
    }
  }

  /** A text that PostgreSQL cut has another fingerprint than the whole, which pg_stat_statements has. */
  async #slowQueries(statements: readonly SeenStatement[]): Promise<readonly SlowQuery[]> {
    const queryIds = statements.flatMap(({ session }) => session.queryId ?? [])
    const known = await this.#store.textsOfQueries(this.#targetId, queryIds)
    return statements.flatMap(
      ({ session, text, lastSeenAt, durationMs, waitEvent }): readonly SlowQuery[] => {
        const whole = known.get(session.queryId ?? '')
        const shown = text === null || (text.isCut && whole !== undefined) ? whole : text.text
        if (shown === undefined || shown === '') return []
        return [
          {
            at: lastSeenAt,
            fingerprint: text === null || text.isCut ? fingerprintOf(whole ?? shown) : text.fingerprint,
            text: shown,
            durationMs,
            waitedForPoolMs: 0,
            rows: null,
            caller: text?.caller ?? null,
            route: text?.route ?? null,
            model: text?.model ?? null,
            action: text?.action ?? null,
            parameters: null,
            database: session.database,
            user: session.user,
            traceId: null,
            sqlState: null,
            waitEvent,
            plan: null,
            source: 'activity',
          },
        ]
      },
    )
  }

  async #withCallers(incident: BlockingIncident, now: Date): Promise<BlockingIncident> {
    const queryIds = [incident.root, ...incident.waiting].flatMap((each) => each.queryId ?? [])
    const texts = await this.#store.textsOfQueries(this.#targetId, queryIds)
    const told = async (session: BlockedSession): Promise<BlockedSession> => {
      if (session.caller !== null || session.query === '') return session
      const text = texts.get(session.queryId ?? '') ?? session.query
      return { ...session, caller: await this.#callerOf(fingerprintOf(text), now) }
    }
    const waiting: BlockedSession[] = []
    for (const each of incident.waiting) waiting.push(await told(each))
    return { ...incident, root: await told(incident.root), waiting }
  }

  /** Where applications say that they send it from: the place with the most of its time. */
  async #callerOf(fingerprint: string, now: Date): Promise<string | null> {
    const known = this.#callers.get(fingerprint)
    if (known !== undefined) return known
    const window = { from: new Date(now.getTime() - CALLER_WITHIN_MS), to: now }
    const [most] = await this.#store.operations(this.#targetId, window, {
      kind: 'query',
      fingerprint,
      limit: 1,
    })
    const caller = most === undefined ? null : (most.caller ?? most.route)
    // one that is not known yet may be in a minute
    if (caller !== null) put(this.#callers, fingerprint, caller, MAX_CALLERS)
    return caller
  }
}

/** The oldest go where there are too many. */
function put<Key, Value>(into: Map<Key, Value>, key: Key, value: Value, atMost: number): void {
  into.delete(key)
  into.set(key, value)
  for (const oldest of into.keys()) {
    if (into.size <= atMost) return
    into.delete(oldest)
  }
}
