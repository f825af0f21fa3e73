// The search for the best set: seeds from what plans use when everything is visible (DB2Advis), greedy growth by gain per byte and
// by gain (Extend), then local moves until none gains. It can be stopped at any time, and then holds the best set so far.

import type { Bytes } from '../model/units.ts'
import type { CostBook, IndexSet, KnownDesign } from './cost-book.ts'
import { type IndexDesign, identityOf, isPrefixOf } from './index-design.ts'
import { settle } from './settle.ts'
import { grown, shrunk } from './variations.ts'

export interface SearchLimits {
  readonly budgetBytes: Bytes
  readonly mostIndexes: number
  /** Whether a variation is worth a look. */
  readonly mayBe: (design: IndexDesign) => boolean
  readonly isWritten: (design: IndexDesign) => boolean
  readonly tableBytes: Bytes
  /** Share of some statement's cost that an index must save to be worth it. */
  readonly leastFelt: (design: IndexDesign) => number
  readonly isTimeUp: () => boolean
  readonly onProgress: (phase: string, cost: number, indexes: number) => void
}

export interface SearchResult {
  readonly set: IndexSet
  readonly isFinished: boolean
}

/** Keeping a megabyte: small, so that it decides only between sets that serve equally well. */
const UNITS_PER_MEGABYTE = 1

/**
 * Where rows are written, an index is also vacuumed and competes for memory: indexes a quarter as large as all tables cost a tenth of
 * what the workload still does. A judgement.
 */
const KEEPING_SHARE = 0.1 / 0.25

/** An index must save this many times what it costs in writes; both are estimates. */
const LEAST_RETURN = 1.3

/** Of the workload's cost without indexes: below it an index is not worth anybody's attention. */
const LEAST_GAIN_SHARE = 0.0001

/** Of the workload's present cost: a table whose statements could save less than this is not varied. */
const LEAST_LEFT_SHARE = 0.005

/** Variations of one table looked at in one pass. */
const MOST_VARIATIONS = 60

/** Rounds of asking with everything visible, each without what the rounds before used. */
const SEED_ROUNDS = 3

export class Search {
  readonly #book: CostBook
  /** Planner's units a minute that a set costs in writes. */
  readonly #writes: (set: IndexSet) => number
  readonly #limits: SearchLimits
  #base = 0
  /** Units a minute for a byte of an index on a written table; known once a first set is. */
  #keeping = 0
  readonly #candidates: readonly IndexDesign[]
  /** Identities of the candidates; other designs are variations. */
  readonly #shaped: ReadonlySet<string>

  constructor(
    book: CostBook,
    candidates: readonly IndexDesign[],
    writes: (set: IndexSet) => number,
    limits: SearchLimits,
  ) {
    this.#book = book
    this.#candidates = candidates
    this.#writes = writes
    this.#limits = limits
    this.#shaped = new Set(candidates.map(identityOf))
  }

  async run(): Promise<SearchResult> {
    this.#base = await this.#book.total(0n)
    const pool = await this.#seeds()
    let best = 0n
    for (const measure of ['ratio', 'gain'] as const) {
      const set = await this.#greedy(pool, measure)
      if ((await this.#gain(best, set)) > 0) best = set
    }
    this.#keeping = (KEEPING_SHARE * (await this.#book.total(best))) / Math.max(1, this.#limits.tableBytes)
    best = await this.#localSearch(best, pool)
    best = await this.#prune(best)
    best = await settle(best, {
      book: this.#book,
      gain: (from, to) => this.#gain(from, to),
      fits: (set) => this.#fits(set),
      isPlain: ({ design }) => this.#shaped.has(identityOf(design)),
      isTimeUp: this.#limits.isTimeUp,
    })
    best = await this.#prune(best)
    return { set: best, isFinished: !this.#limits.isTimeUp() }
  }

  /** Making an index known costs more than a plan, so those with INCLUDE columns follow only where their keys were of use. */
  async #seeds(): Promise<readonly KnownDesign[]> {
    await this.#know(this.#candidates.filter(({ include }) => include.length === 0))
    const used = await this.#usedInRounds()
    const keys = new Set(
      this.#book.membersOf(used).map(({ design }) => identityOf({ ...design, include: [] })),
    )
    await this.#know(
      this.#candidates.filter(
        (design) => design.include.length > 0 && keys.has(identityOf({ ...design, include: [] })),
      ),
    )
    return this.#book.membersOf(used | (await this.#usedInRounds()))
  }

  async #know(designs: readonly IndexDesign[]): Promise<void> {
    for (const design of designs) {
      if (this.#limits.isTimeUp()) return
      await this.#book.know(design)
    }
  }

  /** What plans choose when all is visible; again without the chosen, so that second best ones are known too. */
  async #usedInRounds(): Promise<IndexSet> {
    let visible = this.#book.designs.reduce((set, { bit }) => set | bit, 0n)
    let used = 0n
    for (let round = 0; round < SEED_ROUNDS && visible !== 0n && !this.#limits.isTimeUp(); round += 1) {
      const now = await this.#book.usedOf(visible)
      if (now === 0n) break
      used |= now
      visible &= ~now
      this.#limits.onProgress('candidates', await this.#book.total(now), this.#book.membersOf(used).length)
    }
    return used
  }

  /** Lazy: a gain found earlier bounds the gain now, nearly always, so the best by old figures is looked at first. */
  async #greedy(pool: readonly KnownDesign[], measure: 'ratio' | 'gain'): Promise<IndexSet> {
    let set = 0n
    const bounds = new Map(pool.map((known) => [known, Number.POSITIVE_INFINITY]))
    const score = (known: KnownDesign, gain: number) =>
      measure === 'gain' ? gain : gain / Math.max(8192, known.sizeBytes)
    while (!this.#limits.isTimeUp() && this.#count(set) < this.#limits.mostIndexes) {
      let chosen: { known: KnownDesign; gain: number } | null = null
      const waiting = [...bounds].sort(([a, x], [b, y]) => score(b, y) - score(a, x))
      for (const [known, bound] of waiting) {
        if (chosen !== null && score(known, bound) <= score(chosen.known, chosen.gain)) break
        if (this.#limits.isTimeUp()) break
        if (!this.#fits(set | known.bit)) continue
        const gain = await this.#gain(set, set | known.bit)
        bounds.set(known, gain)
        if (gain <= 0) bounds.delete(known)
        else if (chosen === null || score(known, gain) > score(chosen.known, chosen.gain))
          chosen = { known, gain }
      }
      if (chosen === null || chosen.gain < this.#leastGain()) break
      set |= chosen.known.bit
      bounds.delete(chosen.known)
      this.#limits.onProgress('growing', await this.#book.total(set), this.#count(set))
    }
    return set
  }

  async #localSearch(start: IndexSet, pool: readonly KnownDesign[]): Promise<IndexSet> {
    let set = start
    for (let hasMoved = true; hasMoved && !this.#limits.isTimeUp(); ) {
      const before = set
      set = await this.#dropAndShrink(set)
      set = await this.#growAndSwap(set, pool)
      hasMoved = set !== before
      this.#limits.onProgress('refining', await this.#book.total(set), this.#count(set))
    }
    return set
  }

  async #dropAndShrink(start: IndexSet): Promise<IndexSet> {
    let set = start
    for (const member of this.#book.membersOf(start)) {
      if (this.#limits.isTimeUp()) return set
      const without = set & ~member.bit
      let best = { set, gain: 0 }
      const consider = async (candidate: IndexSet) => {
        const gain = this.#fits(candidate) ? await this.#gain(set, candidate) : 0
        if (gain > best.gain) best = { set: candidate, gain }
      }
      await consider(without)
      for (const design of shrunk(member.design)) {
        const known = await this.#book.know(design)
        if (known !== null && (set & known.bit) === 0n) await consider(without | known.bit)
      }
      set = best.set
    }
    return set
  }

  /** Table by table: all variations become visible together, and only those that plans then choose are looked at one by one. */
  async #growAndSwap(start: IndexSet, pool: readonly KnownDesign[]): Promise<IndexSet> {
    let set = start
    const total = await this.#book.total(set)
    const tables = new Map<string, IndexSet>()
    for (const { design, bit } of pool) {
      const name = `${design.schema}.${design.table}`
      tables.set(name, (tables.get(name) ?? 0n) | bit)
    }
    for (const [table, own] of tables) {
      if (this.#limits.isTimeUp()) return set
      // what its statements cost beyond finding one row is all that can still be gained
      const left = this.#book.beyondOneRow(set, own)
      if (left < total * LEAST_LEFT_SHARE) continue
      const isHere = ({ design }: KnownDesign) => `${design.schema}.${design.table}` === table
      const members = this.#book.membersOf(set).filter(isHere)
      const designs = this.#book.designs.filter(isHere).map(({ design }) => design)
      const offered = [...pool.filter(isHere)]
      const variations = members
        .filter(({ bit }) => this.#book.beyondOneRow(set, bit) >= total * LEAST_LEFT_SHARE)
        .map(({ design }) => grown(design, designs).filter(this.#limits.mayBe))
      for (const design of inTurn(variations).slice(0, MOST_VARIATIONS)) {
        const known = await this.#book.know(design)
        if (known !== null) offered.push(known)
        if (this.#limits.isTimeUp()) return set
      }
      const visible = offered.reduce((all, { bit }) => all | bit, set)
      const used = await this.#book.usedOf(visible)
      const chosen = this.#book.membersOf(used & ~set).filter(isHere)
      set = await this.#bestMoves(set, chosen, isHere)
    }
    return set
  }

  async #bestMoves(
    start: IndexSet,
    offered: readonly KnownDesign[],
    isHere: (known: KnownDesign) => boolean,
  ): Promise<IndexSet> {
    let set = start
    for (let moves = 0; moves < 20; moves += 1) {
      let best = { set, gain: this.#leastGain() / 4 }
      for (const known of offered) {
        if ((set & known.bit) !== 0n) continue
        for (const candidate of this.#placesFor(known, set, isHere)) {
          if (this.#limits.isTimeUp()) return best.set
          if (!this.#fits(candidate)) continue
          const gain = await this.#gain(set, candidate)
          if (gain > best.gain) best = { set: candidate, gain }
        }
      }
      if (best.set === set) return set
      set = best.set
    }
    return set
  }

  /** Added; instead of one of the same table; instead of all that it makes redundant; instead of the least worth where space is short. */
  #placesFor(
    known: KnownDesign,
    set: IndexSet,
    isHere: (known: KnownDesign) => boolean,
  ): readonly IndexSet[] {
    const added = set | known.bit
    const members = this.#book.membersOf(set)
    const places = [added, ...members.filter(isHere).map(({ bit }) => added & ~bit)]
    const covered = members.filter(({ design }) => isPrefixOf(design, known.design))
    if (covered.length > 1) places.push(covered.reduce((rest, { bit }) => rest & ~bit, added))
    if (!this.#fits(added)) for (const { bit } of members) places.push(added & ~bit)
    return places
  }

  /** Takes out, one by one, what does not pay for its writes or helps nobody noticeably. */
  async #prune(start: IndexSet): Promise<IndexSet> {
    let set = start
    for (;;) {
      let worst: { bit: IndexSet; margin: number } | null = null
      for (const member of this.#book.membersOf(set)) {
        const without = set & ~member.bit
        const reads =
          (await this.#book.total(without, member.bit)) - (await this.#book.total(set, member.bit))
        const writes = this.#upkeep(set) - this.#upkeep(without)
        const margin = reads - LEAST_RETURN * Math.max(0, writes) - this.#leastGain()
        const isFelt = margin > 0 && (await this.#isFelt(member, set, without))
        const value = isFelt ? margin : Math.min(margin, -1e-9)
        if (value < 0 && (worst === null || value < worst.margin)) worst = { bit: member.bit, margin: value }
      }
      if (worst === null) return set
      set &= ~worst.bit
    }
  }

  async #isFelt(member: KnownDesign, set: IndexSet, without: IndexSet): Promise<boolean> {
    for (const [number] of this.#book.statements.entries()) {
      const answers = await this.#book.answersOf(number, set)
      if (answers.every(({ used }) => (used & member.bit) === 0n)) continue
      const before = await this.#book.costOf(number, without)
      if ((await this.#book.costOf(number, set)) < before * (1 - this.#limits.leastFelt(member.design)))
        return true
    }
    return false
  }

  #leastGain(): number {
    return this.#base * LEAST_GAIN_SHARE
  }

  async #gain(from: IndexSet, to: IndexSet): Promise<number> {
    const changed = from ^ to
    if (changed === 0n) return 0
    const before = await this.#book.total(from, changed)
    const after = await this.#book.total(to, changed)
    return before - after + this.#upkeep(from) - this.#upkeep(to)
  }

  #upkeep(set: IndexSet): number {
    const keeping = this.#book
      .membersOf(set)
      .reduce((sum, { design, sizeBytes }) => sum + (this.#limits.isWritten(design) ? sizeBytes : 0), 0)
    const all = (this.#book.sizeOf(set) / 1024 ** 2) * UNITS_PER_MEGABYTE
    return this.#writes(set) + all + keeping * this.#keeping
  }

  #fits(set: IndexSet): boolean {
    return this.#book.sizeOf(set) <= this.#limits.budgetBytes && this.#count(set) <= this.#limits.mostIndexes
  }

  #count(set: IndexSet): number {
    return this.#book.membersOf(set).length
  }
}

/** The first of each list, then the second of each ... */
function inTurn<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat()
}
