// What one target reads of its server, for the other targets on the same server: two hundred databases of one server, each a target, ask
// it once and not two hundred times who is connected, how large each database is, and which statements ran.

import { createHash } from 'node:crypto'
import type { StatementTextRow } from '../facts/statement-texts.ts'
import type { PgFact } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import type { Milliseconds } from '../model/units.ts'

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
/** Some forty readings a server and role; the oldest go first. */
const KEPT = 2_000
/** Of all servers together, as many as two servers' pg_stat_statements hold by default. */
const TEXTS = 10_000

export class ServerReadings {
  readonly #kept = new Map<string, Kept>()
  readonly #texts = new Map<string, KnownText>()

  /**
   * What was asked under this key later than `after`, be it on its way still; else what `read` yields, dated `now`. A reading of another
   * that fails is made again: its session may have been the reason. Throws what `read` throws.
   */
  async read<T>(
    key: string,
    { after, now }: { readonly after: Date; readonly now: Date },
    read: () => Promise<T>,
  ): Promise<SharedReading<T>> {
    const kept = this.#kept.get(key)
    const isKnown =
      kept !== undefined && kept.at > after && kept.at.getTime() <= now.getTime() + LONGEST_ROUND_MS
    if (isKnown) {
      const answer = await kept.value.then(
        (value) => ({ value: value as T }),
        () => null,
      )
      if (answer !== null) return { ...answer, at: kept.at, isOwn: false }
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

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
