// The statements that the application sends, found by their text in some tens of nanoseconds. The text of a statement is looked at
// closely (fingerprint, redaction) only when it is new. Bounded by count and by characters; the least recently used goes.

import { scrubShapes } from '../redact/scrub.ts'
import { fingerprintBits, hex } from '../sql/sql-fingerprint.ts'
import { redactSql } from '../sql/sql-redact.ts'
import type { CallSite, Endpoint } from './drained.ts'

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
  skippedRows: number
  idleDrains: number
  next: StatementUser | null
}

/** Few fields and small ones: five thousand of these, with their users and histograms, are to fit into 2 MB. */
export class Statement {
  /** As it was first sent; never leaves the process. */
  readonly text: string
  /** May leave. The same string as `text` where that holds no literal. */
  readonly redacted: string
  readonly #high: number
  readonly #low: number
  /** Of this very text: its other texts have lists of other lengths before it. Prisma has an OFFSET in every list. */
  readonly offsetAt: number
  users: StatementUser | null = null
  /** Place in the source, seen last. */
  site: CallSite | null = null
  /** So many of the next calls tell their place whatever the sampling: the first ones, and those after a slow one. */
  capturesLeft = ALWAYS_CAPTURED
  calls = 0
  /** One in so many, less one, tells its place: fewer while it is the same place each time. */
  sampledMask = MIN_SAMPLED_MASK
  /** False of a new one: what is sent once goes before what comes again. */
  wasUsed = false
  /** Of RepeatFinder: in the request that it looks at. */
  repetitions = 0
  nextByText: Statement | null = null
  nextByFingerprint: Statement | null = null

  constructor(text: string, redacted: string, bits: { readonly high: number; readonly low: number }) {
    this.text = text
    this.redacted = redacted
    this.#high = bits.high
    this.#low = bits.low
    this.offsetAt = offsetParameter(text)
  }

  /** The place of one of its calls. */
  sawSite(site: CallSite): void {
    this.sampledMask =
      site === this.site ? Math.min(MAX_SAMPLED_MASK, this.sampledMask * 2 + 1) : MIN_SAMPLED_MASK
    this.site = site
  }

  /** Rows that OFFSET passes over when one of this statement's texts is sent with these values. */
  skippedRows(text: string, values: readonly unknown[]): number {
    if (this.offsetAt < 0) return 0
    const at = text === this.text ? this.offsetAt : offsetParameter(text)
    return at < 0 ? 0 : Math.max(0, Number(values[at]) || 0)
  }

  get fingerprint(): string {
    return hex(this.#high) + hex(this.#low)
  }

  get fingerprintBucket(): number {
    return this.#low
  }

  hasFingerprint(high: number, low: number): boolean {
    return this.#low === low && this.#high === high
  }
}

/** It stands near the end. */
const OFFSET_WITHIN = 200
const OFFSET = /\boffset\s+\$(\d{1,5})\b/i

/** Position of the parameter behind OFFSET, from 0; -1: none. */
function offsetParameter(text: string): number {
  return Number(OFFSET.exec(text.slice(-OFFSET_WITHIN))?.[1] ?? 0) - 1
}
const ALWAYS_CAPTURED = 3
const MIN_SAMPLED_MASK = 63
const MAX_SAMPLED_MASK = 1023
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
      if (statement.text === text) {
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
    const bits = fingerprintBits(read)
    const known = this.#find(bits.high, bits.low)
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
    const statement = new Statement(kept, redacted, bits)
    this.#add(statement)
    return statement
  }

  #find(high: number, low: number): Statement | null {
    let statement = this.#byFingerprint[low & (this.#byFingerprint.length - 1)]!
    while (statement !== null && !statement.hasFingerprint(high, low))
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
    const byText = sampledHash(statement.text) & (this.#byText.length - 1)
    statement.nextByText = this.#byText[byText]!
    this.#byText[byText] = statement
    const byFingerprint = statement.fingerprintBucket & (this.#byFingerprint.length - 1)
    statement.nextByFingerprint = this.#byFingerprint[byFingerprint]!
    this.#byFingerprint[byFingerprint] = statement
  }

  #unlink(statement: Statement): void {
    const byText = sampledHash(statement.text) & (this.#byText.length - 1)
    if (this.#byText[byText] === statement) this.#byText[byText] = statement.nextByText
    else
      for (let before = this.#byText[byText]!; before !== null; before = before.nextByText!)
        if (before.nextByText === statement) before.nextByText = statement.nextByText
    const byFingerprint = statement.fingerprintBucket & (this.#byFingerprint.length - 1)
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
