// What is known at one moment, laid out for weighing sets by the million: plans as numbers, cheapest first.

import type { Bytes } from '../model/units.ts'
import type { CostBook, KnownDesign, Question } from './cost-book.ts'
import { type IndexSet, numbersIn } from './index-set.ts'

/** Indexes that some plan uses together. */
export interface Combination {
  readonly uses: readonly number[]
  /** Which questions have a plan with it, and what that costs. */
  readonly plans: readonly { readonly question: number; readonly cost: number }[]
}

export interface ProblemLimits {
  readonly budgetBytes: Bytes
  readonly mostIndexes: number
  /** Plans that use any of these are left out. */
  readonly without: IndexSet
  /** What it costs to keep indexes of one table; their bytes alone matter where nothing is written. */
  readonly upkeepOf: (ofOneTable: IndexSet) => number
  readonly isWritten: (known: KnownDesign) => boolean
  /** A plan that saves less a minute is left out. */
  readonly leastGain: number
}

export class KnownProblem {
  readonly budgetBytes: Bytes
  readonly mostIndexes: number
  readonly sizes: Float64Array
  /** By design: its table, as a number. */
  readonly tableOf: Int32Array
  readonly isWritten: readonly boolean[]
  /** By design: its upkeep when it is alone. */
  readonly upkeepAlone: Float64Array
  readonly weights: Float64Array
  /** By question: of each plan, how many indexes it uses and which. */
  readonly uses: readonly Int32Array[]
  readonly costs: readonly Float64Array[]
  /** By design: the questions of which some plan uses it. */
  readonly questionsOf: readonly Int32Array[]
  readonly combinations: readonly Combination[]
  /** Sums of these tell sets apart. */
  readonly marks: Float64Array
  readonly tables: number
  /** Statements weighed so far: work done, of which a search has a limit that no clock decides. */
  weighed = 0
  readonly #bits: readonly IndexSet[]
  readonly #upkeepOf: (ofOneTable: IndexSet) => number
  readonly #upkeeps = new Map<number, number>()

  constructor(book: CostBook, limits: ProblemLimits) {
    const { designs, questions, refused } = book
    this.budgetBytes = limits.budgetBytes
    this.mostIndexes = limits.mostIndexes
    this.#upkeepOf = limits.upkeepOf
    this.#bits = designs.map(({ bit }) => bit)
    this.sizes = Float64Array.from(designs, ({ sizeBytes }) => sizeBytes)
    const numbers = new Map<string, number>()
    this.tableOf = Int32Array.from(designs, ({ design: { schema, table } }) => {
      const name = `${schema}.${table}`
      const number = numbers.get(name) ?? numbers.size
      numbers.set(name, number)
      return number
    })
    this.tables = numbers.size
    const isWritten: boolean[] = []
    for (const known of designs) isWritten[this.tableOf[known.number]!] ??= limits.isWritten(known)
    this.isWritten = isWritten
    this.upkeepAlone = Float64Array.from(designs, ({ bit }) => limits.upkeepOf(bit))
    this.weights = Float64Array.from(questions, ({ weight }) => weight)
    const plans = questions.map((question) =>
      refused.has(question.statement) ? [] : worthwhile(question, limits),
    )
    this.costs = plans.map((own) => Float64Array.from(own, ({ cost }) => cost))
    this.uses = plans.map((own) => Int32Array.from(own.flatMap(({ uses }) => [uses.length, ...uses])))
    const touched: number[][] = designs.map(() => [])
    for (const [question, own] of plans.entries()) {
      for (const design of new Set(own.flatMap(({ uses }) => uses))) touched[design]!.push(question)
    }
    this.questionsOf = touched.map((own) => Int32Array.from(own))
    const combinations = new Map<
      IndexSet,
      { uses: readonly number[]; plans: Combination['plans'][number][] }
    >()
    for (const [question, own] of plans.entries()) {
      for (const { used, uses, cost } of own) {
        if (uses.length === 0) continue
        const before = combinations.get(used)
        if (before === undefined) combinations.set(used, { uses, plans: [{ question, cost }] })
        else before.plans.push({ question, cost })
      }
    }
    this.combinations = [...combinations.values()]
    this.marks = marksOf(designs.length)
  }

  /** `key` is the sum of the members' marks. */
  upkeepOf(key: number, members: () => readonly number[]): number {
    const before = this.#upkeeps.get(key)
    if (before !== undefined) return before
    const upkeep = this.#upkeepOf(members().reduce((set, number) => set | this.#bits[number]!, 0n))
    this.#upkeeps.set(key, upkeep)
    return upkeep
  }

  setOf(numbers: readonly number[]): IndexSet {
    return numbers.reduce((set, number) => set | this.#bits[number]!, 0n)
  }

  numbersOf(set: IndexSet): readonly number[] {
    return numbersIn(set)
  }
}

function worthwhile({ known, weight }: Question, { without, leastGain }: ProblemLimits) {
  const plain = known.plans.find(({ uses }) => uses.length === 0)?.cost ?? Number.POSITIVE_INFINITY
  return known.plans.filter(
    ({ used, uses, cost }) =>
      uses.length === 0 || ((used & without) === 0n && weight * (plain - cost) > leastGain),
  )
}

/** Far apart and always the same; sums of a hundred stay exact. */
function marksOf(count: number): Float64Array {
  const marks = new Float64Array(count)
  let state = 0x2545f491
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  for (let number = 0; number < count; number += 1) marks[number] = next() * 2 ** 13 + (next() >>> 19)
  return marks
}
