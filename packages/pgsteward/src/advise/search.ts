// The search for the best set. Plans are asked for where something may be learnt: with everything visible (DB2Advis), and table by
// table around the best set so far. What they use becomes known plans, over which the best set is chosen without asking (choose-set);
// the planner then says what that set really costs, which is new knowledge, and so on until a choice holds. It can be stopped at any
// time, and then holds the best set that was asked about. No clock or chance decides anything else: the same input, the same answer.

import type { Bytes } from '../model/units.ts'
import { chooseSet } from './choose-set.ts'
import type { CostBook, IndexSet } from './cost-book.ts'
import { bitsOf, type Exploring, explore, takeApart, vary } from './explore.ts'
import { type IndexDesign, identityOf } from './index-design.ts'
import { KnownProblem } from './known-problem.ts'
import { askWithoutEach, type Pruning, prune } from './prune.ts'
import { settle } from './settle.ts'

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

/**
 * Below it an index is not worth anybody's attention: of the workload's cost without new indexes, and of what it still costs with them,
 * since one statement that reads everything may outweigh all others a thousand times.
 */
const LEAST_GAIN_SHARE = 0.0001
const LEAST_GAIN_SHARE_OF_REST = 0.001

/** Rounds of asking with everything visible, each without what the rounds before used. */
const SEED_ROUNDS = 3

/** Choices put to the planner between two looks around, and looks around. */
const MOST_CHOICES = 12
const MOST_ROUNDS = 8

/** Where a budget is this full, going without one index makes room for others: for those that serve least for their room, and have some. */
const TIGHT = 0.75
const LEAST_ROOM = 0.05
const MOST_BEYOND = 2
const ROUNDS_BEYOND = 2

/** Statements weighed in one choice, a tenth of a second and half a second: much only where little finds nothing better. */
const LITTLE_WORK = 200_000
const MUCH_WORK = 1_000_000

export class Search {
  readonly #book: CostBook
  /** Planner's units a minute that a set costs in writes. */
  readonly #writes: (set: IndexSet) => number
  readonly #limits: SearchLimits
  #base = 0
  /** What the workload costs with the best set that is known. */
  #rest = Number.POSITIVE_INFINITY
  /** Units a minute for a byte of an index on a written table; known once a first set is. */
  #keeping = 0
  readonly #candidates: readonly IndexDesign[]
  /** Identities of the candidates; other designs are variations. */
  readonly #shaped: ReadonlySet<string>
  readonly #upkeeps = new Map<IndexSet, number>()

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
    this.#book.isHurried = this.#limits.isTimeUp
    const pool = await this.#seeds()
    let best = await this.#choose([0n], 0n)
    this.#rest = await this.#book.total(best)
    this.#keeping = (KEEPING_SHARE * this.#rest) / Math.max(1, this.#limits.tableBytes)
    this.#upkeeps.clear()
    best = await this.#refine(best, pool)
    best = await this.#beyond(best, pool)
    best = await prune(best, this.#pruning())
    if (!this.#isReadOnly) best = await this.#settled(best)
    this.#book.isHurried = () => false
    return { set: best, isFinished: !this.#limits.isTimeUp() }
  }

  /** Once by what is known already, and once asking on the way; neither is always the better. */
  async #settled(set: IndexSet): Promise<IndexSet> {
    this.#book.isHurried = () => true
    const bySight = await this.#settle(set)
    this.#book.isHurried = this.#limits.isTimeUp
    const byAsking = await this.#settle(set)
    const one = await prune(bySight, this.#pruning())
    const other = await prune(byAsking, this.#pruning())
    return (await this.#value(one)) < (await this.#value(other)) ? one : other
  }

  #settle(set: IndexSet): Promise<IndexSet> {
    return settle(set, {
      book: this.#book,
      gain: (from, to) => this.#gain(from, to),
      fits: (each) => this.#fits(each),
      isPlain: ({ design }) => this.#shaped.has(identityOf(design)),
      isWritten: ({ design }) => this.#limits.isWritten(design),
      isTimeUp: this.#limits.isTimeUp,
    })
  }

  /** Making an index known costs more than a plan, so those with INCLUDE columns follow only where their keys were of use. */
  async #seeds(): Promise<IndexSet> {
    const { isTimeUp } = this.#limits
    await this.#know(this.#candidates.filter(({ include }) => include.length === 0))
    let pool = await this.#usedInRounds()
    const keys = new Set(
      this.#book.membersOf(pool).map(({ design }) => identityOf({ ...design, include: [] })),
    )
    await this.#know(
      this.#candidates.filter(
        (design) => design.include.length > 0 && keys.has(identityOf({ ...design, include: [] })),
      ),
    )
    pool |= await this.#usedInRounds()
    if (!isTimeUp()) pool |= await explore(0n, pool, this.#exploring())
    if (!isTimeUp()) await takeApart(0n, this.#exploring())
    return pool
  }

  async #know(designs: readonly IndexDesign[]): Promise<void> {
    for (let from = 0; from < designs.length && !this.#limits.isTimeUp(); from += 100)
      await this.#book.knowAll(designs.slice(from, from + 100))
  }

  /** What plans choose when all is visible; again without the chosen, so that second best ones are known too. */
  async #usedInRounds(): Promise<IndexSet> {
    const { budgetBytes, isTimeUp, onProgress } = this.#limits
    let visible = bitsOf(this.#book.designs.filter(({ sizeBytes }) => sizeBytes <= budgetBytes))
    let used = 0n
    for (let round = 0; round < SEED_ROUNDS && visible !== 0n && !isTimeUp(); round += 1) {
      const now = await this.#book.usedOf(visible)
      if (now === 0n) break
      used |= now
      visible &= ~now
      onProgress('candidates', await this.#book.total(now), this.#book.membersOf(used).length)
    }
    return used
  }

  /** Chooses, asks what the choice really costs, and chooses again as long as the answers hold news. */
  async #choose(starts: readonly IndexSet[], fallback: IndexSet, without: IndexSet = 0n): Promise<IndexSet> {
    const { isTimeUp, onProgress } = this.#limits
    let best = fallback
    let value = await this.#value(best)
    let mostWork = LITTLE_WORK
    for (let choice = 0; choice < MOST_CHOICES && !isTimeUp(); choice += 1) {
      const { news } = this.#book
      const problem = this.#knownProblem(without)
      const leastGain = this.#leastGain() / 20
      const chosen = chooseSet([best, ...starts], { problem, leastGain, mostWork, isTimeUp })
      const found = await this.#value(chosen)
      if (isTimeUp()) break
      const isBetter = found < value
      if (isBetter) {
        best = chosen
        value = found
        if (without === 0n)
          onProgress('choosing', await this.#book.total(best), this.#book.membersOf(best).length)
      }
      const isSpent = this.#book.news === news
      if (isSpent && (mostWork === MUCH_WORK || without !== 0n)) break
      mostWork = isSpent ? MUCH_WORK : LITTLE_WORK
    }
    return best
  }

  async #refine(start: IndexSet, pool: IndexSet): Promise<IndexSet> {
    const { isTimeUp, onProgress } = this.#limits
    let best = start
    let offered = pool
    const tried = new Set<IndexSet>()
    for (let round = 0; round < MOST_ROUNDS && !isTimeUp() && !tried.has(best); round += 1) {
      tried.add(best)
      const varied = await vary(best, this.#exploring())
      offered |= await explore(best, offered | varied, this.#exploring())
      if (!isTimeUp()) await takeApart(best, this.#exploring())
      if (!isTimeUp()) await askWithoutEach(best, this.#book)
      best = await this.#choose([0n], best)
      onProgress('refining', await this.#book.total(best), this.#book.membersOf(best).length)
    }
    return best
  }

  /**
   * What is known is known around the best sets so far. Without an index that takes much room for what it saves, several others fit
   * together, of which nobody has asked yet: the set is made anew without it, asked about, and then offered as one more start.
   */
  async #beyond(start: IndexSet, pool: IndexSet): Promise<IndexSet> {
    const { budgetBytes, mostIndexes, isTimeUp, onProgress } = this.#limits
    const members = this.#book.membersOf(start)
    const isTight = this.#book.sizeOf(start) > TIGHT * budgetBytes || members.length === mostIndexes
    if (!isTight) return start
    let best = start
    const rest = await this.#book.total(start)
    const losses = await Promise.all(
      members
        .filter(({ sizeBytes }) => sizeBytes >= LEAST_ROOM * budgetBytes)
        .map(async ({ bit, sizeBytes }) => ({
          bit,
          lossPerByte: ((await this.#book.total(start & ~bit)) - rest) / sizeBytes,
        })),
    )
    losses.sort((a, b) => a.lossPerByte - b.lossPerByte)
    for (const { bit } of losses.slice(0, MOST_BEYOND)) {
      let other = best & ~bit
      for (let round = 0; round < ROUNDS_BEYOND && !isTimeUp(); round += 1) {
        const before = other
        other = await this.#choose([0n], other, bit)
        if (other === before && round > 0) break
        await explore(other, (pool | other) & ~bit, this.#exploring())
        if (!isTimeUp()) await takeApart(other, this.#exploring())
      }
      if (isTimeUp()) break
      best = await this.#choose([other], best)
      onProgress('refining', await this.#book.total(best), this.#book.membersOf(best).length)
    }
    return best
  }

  #knownProblem(without: IndexSet): KnownProblem {
    const { budgetBytes, mostIndexes, isWritten } = this.#limits
    return new KnownProblem(this.#book, {
      budgetBytes,
      mostIndexes,
      without,
      upkeepOf: (ofOneTable) => this.#upkeep(ofOneTable),
      isWritten: ({ design }) => isWritten(design),
      leastGain: this.#leastGain() / 20,
    })
  }

  #exploring(): Exploring {
    const { budgetBytes, mayBe, isTimeUp } = this.#limits
    return { book: this.#book, budgetBytes, mayBe, isTimeUp, leastCost: this.#leastGain() / 4 }
  }

  #pruning(): Pruning {
    return {
      book: this.#book,
      upkeep: (set) => this.#upkeep(set),
      leastGain: this.#leastGain(),
      leastFelt: this.#limits.leastFelt,
      isReadOnly: this.#isReadOnly,
    }
  }

  /** Where nothing is written an index costs its space alone, which the budget has seen to. */
  get #isReadOnly(): boolean {
    return !this.#candidates.some(this.#limits.isWritten)
  }

  #leastGain(): number {
    return Math.min(this.#base * LEAST_GAIN_SHARE, this.#rest * LEAST_GAIN_SHARE_OF_REST)
  }

  async #value(set: IndexSet): Promise<number> {
    return (await this.#book.total(set)) + this.#upkeep(set)
  }

  async #gain(from: IndexSet, to: IndexSet): Promise<number> {
    const changed = from ^ to
    if (changed === 0n) return 0
    const before = await this.#book.total(from, changed)
    const after = await this.#book.total(to, changed)
    return before - after + this.#upkeep(from) - this.#upkeep(to)
  }

  /** Sums over tables: indexes of one matter to no other. */
  #upkeep(set: IndexSet): number {
    const known = this.#upkeeps.get(set)
    if (known !== undefined) return known
    const keeping = this.#book
      .membersOf(set)
      .reduce((sum, { design, sizeBytes }) => sum + (this.#limits.isWritten(design) ? sizeBytes : 0), 0)
    const all = (this.#book.sizeOf(set) / 1024 ** 2) * UNITS_PER_MEGABYTE
    const upkeep = this.#writes(set) + all + keeping * this.#keeping
    this.#upkeeps.set(set, upkeep)
    return upkeep
  }

  #fits(set: IndexSet): boolean {
    const { budgetBytes, mostIndexes } = this.#limits
    return this.#book.sizeOf(set) <= budgetBytes && this.#book.membersOf(set).length <= mostIndexes
  }
}
