// What one target reads of its server, for the other targets on the same server: two hundred databases of one server, each a target, ask
// it once and not two hundred times who is connected, how large each database is, and which statements ran.

import { createHash } from 'node:crypto'
import type { StatementTextRow } from '../facts/statement-texts.ts'
import type { PgFact } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import type { Milliseconds } from '../model/units.ts'
import { answered } from './answered.ts'

export interface SharedReading<T> {
  readonly value: T
  /** When it was asked for, by whoever did. */
  readonly at: Date
  readonly isOwn: boolean
}

export interface KnownText {
  readonly isOwn: boolean
  readonly row: StatementTextRow
}

interface Kept {
  readonly at: Date
  readonly value: Promise<unknown>
}

/** The round that asks may have begun before the one that has read; what lies further ahead was dated by a clock that has been set back. */
const LONGEST_ROUND_MS: Milliseconds = 60_000
/** What another target has read is as good as one's own up to this share of the cadence. */
const SHARED_FOR = 0.25
/** Between whole rounds too: the rhythm of the watcher. */
const URGENT_EVERY_MS: Milliseconds = 15_000
/** Texts that another target has begun to read as lately are waited for. */
const TURN_MS: Milliseconds = 2_000
/** A reading of another that is on its way: longer than a healthy one takes, far less than a session is given that hangs. */
const WAITED_FOR_MS: Milliseconds = 5_000
/** Some forty readings a server and role; the oldest go first. */
const KEPT = 2_000
/** Of all servers together, as many as two servers' pg_stat_statements hold by default. */
const TEXTS = 10_000

export class ServerReadings {
  readonly #kept = new Map<string, Kept>()
  readonly #texts = new Map<string, KnownText>()

  /**
   * What was asked under this key later than `after`, be it on its way still; else what `read` yields, dated `now`. A reading of another
   * that fails or stays away is made again, once for all who wait for it: that session may have been the reason. Throws what `read` throws.
   */
  async read<T>(
    key: string,
    { after, now }: { readonly after: Date; readonly now: Date },
    read: () => Promise<T>,
  ): Promise<SharedReading<T>> {
    let failed: Kept | undefined
    for (;;) {
      const kept = this.#kept.get(key)
      const isKnown =
        kept !== undefined && kept.at > after && kept.at.getTime() <= now.getTime() + LONGEST_ROUND_MS
      if (!isKnown || kept === failed) break
      const answer = await answered(kept.value, WAITED_FOR_MS).then(
        (value) => ({ value: value as T }),
        () => null,
      )
      if (answer !== null) return { ...answer, at: kept.at, isOwn: false }
      failed = kept
    }
    const value = read()
    const own = { at: now, value }
    this.#kept.delete(key)
    this.#kept.set(key, own)
    forgetOldest(this.#kept, KEPT)
    try {
      return { value: await value, at: now, isOwn: true }
    } catch (error) {
      if (this.#kept.get(key) === own) this.#kept.delete(key)
      throw error
    }
  }

  /** A statement's text that another target of the server has learnt. */
  textOf(server: string, key: string): KnownText | undefined {
    return this.#texts.get(`${server} ${key}`)
  }

  keepText(server: string, key: string, text: KnownText): void {
    this.#texts.set(`${server} ${key}`, text)
    forgetOldest(this.#texts, TEXTS)
  }
}

/**
 * One running server as one role sees it; null where the role may not read which server it is. A standby or a copy bears its primary's
 * identifier, and has a start of its own.
 */
export function serverKey(server: ServerInfo): string | null {
  const { systemIdentifier, timeline, role, startedAt, user, canReadAllStats, isSuperuser } = server
  if (systemIdentifier === null) return null
  return JSON.stringify([
    systemIdentifier,
    timeline,
    role,
    startedAt.getTime(),
    user,
    canReadAllStats,
    isSuperuser,
  ])
}

export function readingKey(server: string, sql: string, parameters: readonly unknown[] = []): string {
  const asked = createHash('sha256')
    .update(JSON.stringify([sql, parameters]))
    .digest('base64')
  return `${server} ${asked}`
}

/** Whether what one database of a server answers, or that it answers nothing, goes for all. */
export function isOfServer(fact: PgFact): boolean {
  return fact.scope === 'cluster' && fact.isToldByDatabase !== 'wholly'
}

export interface FactQuestion<T> {
  readonly fact: PgFact
  readonly sql: string
  readonly server: ServerInfo
  readonly now: Date
  /** Of what moment the target's latest reading of the fact is. */
  readonly readAt: Date | undefined
  /** Nothing that was read before now. */
  readonly anew: boolean
  readonly ask: () => Promise<T>
}

/** By the target itself, or by another one on the same server a moment ago; never the same reading twice. */
export async function readFact<T extends { readonly rows: readonly unknown[] }>(
  readings: ServerReadings | undefined,
  { fact, sql, server, now, readAt, anew, ask }: FactQuestion<T>,
): Promise<SharedReading<T>> {
  const own = async () => ({ value: await ask(), at: now, isOwn: true })
  const key = isOfServer(fact) ? serverKey(server) : null
  if (readings === undefined || key === null) return own()
  const everyMs = fact.isUrgent === true ? URGENT_EVERY_MS : fact.everyMs
  const goodFrom = anew ? now.getTime() : now.getTime() - everyMs * SHARED_FOR
  const after = new Date(Math.max(goodFrom, readAt?.getTime() ?? 0))
  const reading = await readings.read(readingKey(key, sql), { after, now }, ask)
  const isForAll = fact.isToldByDatabase !== 'rows' || reading.value.rows.length === 0
  return reading.isOwn || isForAll ? reading : own()
}

export interface TextsQuestion {
  readonly server: ServerInfo
  readonly now: Date
  /** Takes over what `textOf` knows; returns the query ids that are left. */
  readonly adopt: (textOf: (key: string) => KnownText | undefined) => readonly string[]
  /** Reads these, and tells each whole text. */
  readonly read: (queryIds: readonly string[], tell: (key: string, text: KnownText) => void) => Promise<void>
}

/**
 * Reading texts makes the server load all of them, so targets on one server take turns: who finds another at it waits for what that one
 * learns, and asks for the rest alone.
 */
export async function learnInTurn(
  readings: ServerReadings | undefined,
  { server, now, adopt, read }: TextsQuestion,
): Promise<void> {
  const key = serverKey(server)
  if (readings === undefined || key === null)
    return read(
      adopt(() => undefined),
      () => undefined,
    )
  const learn = () => adopt((entry) => readings.textOf(key, entry))
  for (const after of [new Date(now.getTime() - TURN_MS), now]) {
    const unknown = learn()
    if (unknown.length === 0) return
    const turn = await readings.read(`${key} texts`, { after, now }, () =>
      read(unknown, (entry, text) => readings.keepText(key, entry, text)),
    )
    if (turn.isOwn) return
  }
  learn()
}

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
