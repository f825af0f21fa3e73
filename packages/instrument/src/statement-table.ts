// The statements that the application sends, found by their text in some tens of nanoseconds. The text of a statement is looked at
// closely (fingerprint, redaction) only when it is new. Bounded by count and by characters; the least recently used goes.

import type { CallSite, Endpoint } from './drained.ts'
import { scrubShapes } from './scrub.ts'
import { fingerprintOf } from './sql-fingerprint.ts'
import { redactSql } from './sql-redact.ts'

/** Prisma's model and action. */
export interface Operation {
  readonly model: string | null
  readonly action: string | null
}

/** A route and an operation that send a statement, and what they did since the last drain. */
export interface StatementUser {
  readonly route: string | null
  readonly operation: Operation | null
  readonly endpoint: Endpoint
  /** Seen last: one of several where a route sends a statement from several places. */
  site: CallSite | null
  /** In the recorder's slab; -1: nothing since the last drain. */
  histogram: number
  errors: number
  rows: number
  idleDrains: number
  next: StatementUser | null
}

export class Statement {
  /** As it was first sent; never leaves the process. */
  readonly text: string
  readonly hash: number
  readonly fingerprint: string
  /** May leave. The same string as `text` where that holds no literal. */
  readonly redacted: string
  users: StatementUser | null = null
  userCount = 0
  /** Since its callers were last looked at, see Recorder.wantsCallSite. */
  calls = 0
  captures = 0
  capturesLeft = 0
  site: CallSite | null = null
  wasUsed = true
  /** Of Recorder's search for repeated statements. */
  repeatsAt = -1
  nextByText: Statement | null = null
  nextByFingerprint: Statement | null = null

  constructor(text: string, hash: number, fingerprint: string, redacted: string) {
    this.text = text
    this.hash = hash
    this.fingerprint = fingerprint
    this.redacted = redacted
  }
}

/** Beyond this a text is shipped cut. */
export const MAX_TEXT_LENGTH = 4096
/** Longer texts are not kept whole: their fingerprint is taken anew each time. */
const MAX_KEPT_LENGTH = 16_384
/** Longer texts are read to here only: a bulk insert of megabytes must not hold up the process. Some 2 ms. */
const MAX_READ_LENGTH = 131_072
const CHARACTERS_PER_STATEMENT = 1024
const ALIASES = 64
const MAX_ALIAS_LENGTH = 1024

export class StatementTable {
  readonly #max: number
  readonly #onEvict: (statement: Statement) => void
  readonly #statements: Statement[] = []
  #byText: (Statement | null)[] = new Array(64).fill(null)
  #byFingerprint: (Statement | null)[] = new Array(64).fill(null)
  /** Further texts of known statements: other literals, lists of other lengths. Found by their hash, overwritten by the next. */
  readonly #aliasTexts: (string | null)[] = new Array(ALIASES).fill(null)
  readonly #aliasStatements: (Statement | null)[] = new Array(ALIASES).fill(null)
  #characters = 0
  #hand = 0

  constructor(maxStatements: number, onEvict: (statement: Statement) => void) {
    this.#max = Math.max(1, maxStatements)
    this.#onEvict = onEvict
  }

  get size(): number {
    return this.#statements.length
  }

  [Symbol.iterator](): IterableIterator<Statement> {
    return this.#statements[Symbol.iterator]()
  }

  of(text: string): Statement {
    const hash = sampledHash(text)
    const buckets = this.#byText
    let statement = buckets[hash & (buckets.length - 1)]!
    while (statement !== null) {
      if (statement.hash === hash && statement.text === text) {
        statement.wasUsed = true
        return statement
      }
      statement = statement.nextByText!
    }
    const alias = hash & (ALIASES - 1)
    if (this.#aliasTexts[alias] === text) {
      const aliased = this.#aliasStatements[alias]!
      aliased.wasUsed = true
      return aliased
    }
    return this.#miss(text, hash)
  }

  #miss(text: string, hash: number): Statement {
    const read = text.length > MAX_READ_LENGTH ? text.slice(0, MAX_READ_LENGTH) : text
    const fingerprint = fingerprintOf(read)
    const known = this.#find(fingerprint)
    if (known !== null) {
      known.wasUsed = true
      if (text.length <= MAX_ALIAS_LENGTH) {
        this.#aliasTexts[hash & (ALIASES - 1)] = text
        this.#aliasStatements[hash & (ALIASES - 1)] = known
      }
      return known
    }
    const redacted = scrubShapes(redactSql(read, MAX_TEXT_LENGTH))
    const kept = text.length > MAX_KEPT_LENGTH ? redacted : text
    const statement = new Statement(kept, kept === text ? hash : sampledHash(kept), fingerprint, redacted)
    this.#add(statement)
    return statement
  }

  #find(fingerprint: string): Statement | null {
    let statement = this.#byFingerprint[bucketOf(fingerprint, this.#byFingerprint.length)]!
    while (statement !== null && statement.fingerprint !== fingerprint)
      statement = statement.nextByFingerprint!
    return statement
  }

  #add(statement: Statement): void {
    const size = sizeOf(statement)
    while (
      this.#statements.length > 0 &&
      (this.#statements.length >= this.#max || this.#characters + size > this.#max * CHARACTERS_PER_STATEMENT)
    )
      this.#evict()
    if (this.#statements.length >= this.#byText.length) this.#grow()
    this.#statements.push(statement)
    this.#characters += size
    this.#link(statement)
  }

  /** The hand goes round: what was used since it last passed is spared once. */
  #evict(): void {
    for (;;) {
      if (this.#hand >= this.#statements.length) this.#hand = 0
      const statement = this.#statements[this.#hand]!
      if (!statement.wasUsed) break
      statement.wasUsed = false
      this.#hand++
    }
    const statement = this.#statements[this.#hand]!
    const last = this.#statements.pop()!
    if (last !== statement) this.#statements[this.#hand] = last
    this.#characters -= sizeOf(statement)
    this.#unlink(statement)
    for (let at = 0; at < ALIASES; at++)
      if (this.#aliasStatements[at] === statement) {
        this.#aliasTexts[at] = null
        this.#aliasStatements[at] = null
      }
    this.#onEvict(statement)
  }

  #grow(): void {
    const length = this.#byText.length * 2
    this.#byText = new Array(length).fill(null)
    this.#byFingerprint = new Array(length).fill(null)
    for (const statement of this.#statements) this.#link(statement)
  }

  #link(statement: Statement): void {
    const byText = statement.hash & (this.#byText.length - 1)
    statement.nextByText = this.#byText[byText]!
    this.#byText[byText] = statement
    const byFingerprint = bucketOf(statement.fingerprint, this.#byFingerprint.length)
    statement.nextByFingerprint = this.#byFingerprint[byFingerprint]!
    this.#byFingerprint[byFingerprint] = statement
  }

  #unlink(statement: Statement): void {
    const byText = statement.hash & (this.#byText.length - 1)
    if (this.#byText[byText] === statement) this.#byText[byText] = statement.nextByText
    else
      for (let before = this.#byText[byText]!; before !== null; before = before.nextByText!)
        if (before.nextByText === statement) before.nextByText = statement.nextByText
    const byFingerprint = bucketOf(statement.fingerprint, this.#byFingerprint.length)
    if (this.#byFingerprint[byFingerprint] === statement)
      this.#byFingerprint[byFingerprint] = statement.nextByFingerprint
    else
      for (
        let before = this.#byFingerprint[byFingerprint]!;
        before !== null;
        before = before.nextByFingerprint!
      )
        if (before.nextByFingerprint === statement) before.nextByFingerprint = statement.nextByFingerprint
    statement.nextByText = null
    statement.nextByFingerprint = null
  }
}

const sizeOf = (statement: Statement): number =>
  statement.text.length + (statement.redacted === statement.text ? 0 : statement.redacted.length)

const bucketOf = (fingerprint: string, buckets: number): number =>
  Number.parseInt(fingerprint.slice(9), 16) & (buckets - 1)

/**
 * Of 16 characters spread over the text, its end and its length. A hash of all of a new string costs 2 ns a character, which Prisma
 * would pay with every query, for it builds its texts anew; comparing with the text found costs a tenth.
 */
function sampledHash(text: string): number {
  const { length } = text
  const step = (length >> 4) + 1
  let hash = length
  for (let at = 0; at < length; at += step) hash = Math.imul(hash, 31) + text.charCodeAt(at)
  hash = Math.imul(hash, 31) + text.charCodeAt(length - 1)
  return (hash ^ (hash >>> 15)) | 0
}
