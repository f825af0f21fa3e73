// Knows the texts of the statements that move: to leave out pgsteward's own, to show checks what they judge, and to hand new
// ones to the store.

import type { StatementTextRow } from '../facts/statement-texts.ts'
import type { StatementRow } from '../facts/statements.ts'
import { isMarked } from '../postgres/mark.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'
import { traitsOf } from '../sql/parse/statement-traits.ts'
import type { KnownText } from './server-readings.ts'

type Entry = Pick<StatementRow, 'userId' | 'queryId'>

/** At most this many are read in one round: 1,000 texts of 10,000 characters are 10 MB over the wire. */
const TEXTS_A_ROUND = 1_000
/** Remembered at most: twice pg_stat_statements.max's default, since entries come and go. Some 15 MB at the worst. */
const REMEMBERED = 10_000
/** What checks get to see, and what is kept in memory for them. */
const SHOWN_CHARACTERS = 1_000

export class StatementTexts {
  /** By user and query id, the least recently used first; texts as they are shown. */
  readonly #known = new Map<string, KnownText>()
  readonly #fresh = new Map<string, StatementTextRow>()
  /** Statements that moved, and whose text has not been asked for yet. */
  readonly #missing = new Map<string, StatementRow>()

  /**
   * Query ids whose text has to be read, those of `ownUser` first: only they can turn out to be pgsteward's. Also those of rounds before, in
   * which reading texts was not due: a statement that ran once comes in no later round.
   */
  unknownOf(rows: readonly StatementRow[], ownUser: string): readonly string[] {
    for (const row of rows) this.#missing.set(keyOf(row), row)
    for (const key of this.#missing.keys()) if (this.#known.has(key)) this.#missing.delete(key)
    forgetOldest(this.#missing, REMEMBERED)
    const unknown = [...this.#missing.values()]
    const ours = unknown.filter((row) => row.user === ownUser)
    const others = unknown.filter((row) => row.user !== ownUser).sort((a, b) => b.totalExecMs - a.totalExecMs)
    return [...new Set([...ours, ...others].map((row) => row.queryId))].slice(0, TEXTS_A_ROUND)
  }

  /** The server was asked for these: what it did not tell is gone there, and wanted no more until it runs again. */
  wasAsked(queryIds: readonly string[]): void {
    const asked = new Set(queryIds)
    for (const [key, { queryId }] of this.#missing) if (asked.has(queryId)) this.#missing.delete(key)
  }

  /** Takes over what others have learnt of the same server, so that it has not to be read and parsed again. */
  adopt(rows: readonly Entry[], known: (key: string) => KnownText | undefined): void {
    for (const entry of [...rows, ...this.#missing.values()]) {
      const key = keyOf(entry)
      const text = this.#known.has(key) ? undefined : known(key)
      if (text !== undefined) this.#take(key, text)
    }
    this.#forget()
  }

  /** `parse` null: nobody asks for traits. `tell` gets each whole text, for others to adopt. */
  learn(
    texts: readonly StatementTextRow[],
    parse: Parser | null = null,
    tell: (key: string, text: KnownText) => void = () => undefined,
  ): void {
    for (const row of texts) {
      const isOwn = isMarked(row.text)
      // here, where the text is whole: what is shown of it may not parse
      const traits = isOwn || parse === null ? null : traitsOf(row.text, parse)
      const known = { isOwn, row: parse === null ? row : { ...row, traits } }
      tell(keyOf(row), known)
      this.#take(keyOf(row), known)
    }
    this.#forget()
  }

  #take(key: string, { isOwn, row }: KnownText): void {
    this.#remember(key, { isOwn, row: { ...row, text: isOwn ? '' : row.text.slice(0, SHOWN_CHARACTERS) } })
    if (!isOwn) this.#fresh.set(row.queryId, row)
  }

  #forget(): void {
    forgetOldest(this.#known, REMEMBERED)
    forgetOldest(this.#fresh, TEXTS_A_ROUND * 5)
  }

  /**
   * Rows of pgsteward's own statements apart from all others. A row of `ownUser` whose text could not be read is in neither: it
   * may be ours.
   */
  split(
    rows: readonly StatementRow[],
    ownUser: string,
  ): { readonly others: readonly StatementRow[]; readonly own: readonly StatementRow[] } {
    const others: StatementRow[] = []
    const own: StatementRow[] = []
    for (const row of rows) {
      const known = this.#known.get(keyOf(row))
      if (known !== undefined) this.#remember(keyOf(row), known)
      if (known?.isOwn) own.push(row)
      else if (known !== undefined || row.user !== ownUser) others.push(row)
    }
    return { others, own }
  }

  /** The known texts of these entries, cut to 1,000 characters. */
  shown(entries: readonly Entry[]): readonly StatementTextRow[] {
    return entries.flatMap((entry) => this.#known.get(keyOf(entry))?.row ?? [])
  }

  /** Texts by query id, cut to 10,000 characters, that were learnt since the last call. */
  takeFresh(): ReadonlyMap<string, StatementTextRow> {
    const taken = new Map(this.#fresh)
    this.#fresh.clear()
    return taken
  }

  #remember(key: string, value: KnownText): void {
    this.#known.delete(key)
    this.#known.set(key, value)
  }
}

function keyOf({ userId, queryId }: Entry): string {
  return `${userId}/${queryId}`
}

function forgetOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
