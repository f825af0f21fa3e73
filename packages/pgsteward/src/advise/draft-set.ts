// A set of indexes being worked on, with what its statements cost as far as plans are known: changed and weighed thousands of times a
// second without asking the planner. A statement costs the first plan whose indexes are all there; the planner may know a better one.

import type { Bytes } from '../model/units.ts'
import type { IndexSet } from './index-set.ts'
import type { KnownProblem } from './known-problem.ts'

export class DraftSet {
  readonly problem: KnownProblem
  /** Reads and upkeep, a minute. */
  value = 0
  bytes: Bytes = 0
  count = 0
  readonly #isIn: Uint8Array
  readonly #costs: Float64Array
  /** By question: where its present plan begins among its uses. */
  readonly #chosen: Int32Array
  /** By table: the sum of its members' marks, and what they cost in upkeep. */
  readonly #keys: Float64Array
  readonly #upkeeps: Float64Array
  /** Marks questions already looked at in one weighing. */
  readonly #seen: Uint32Array
  #stamp = 0
  #found = 0

  constructor(problem: KnownProblem, set: IndexSet) {
    this.problem = problem
    this.#isIn = new Uint8Array(problem.sizes.length)
    this.#costs = new Float64Array(problem.costs.length)
    this.#chosen = new Int32Array(problem.costs.length)
    this.#seen = new Uint32Array(problem.costs.length)
    this.#keys = new Float64Array(problem.tables)
    this.#upkeeps = new Float64Array(problem.tables)
    for (let question = 0; question < problem.costs.length; question += 1) {
      this.#costs[question] = this.#costNow(question)
      this.#chosen[question] = this.#found
      this.value += problem.weights[question]! * this.#costs[question]!
    }
    this.apply(problem.numbersOf(set), [])
  }

  copy(): DraftSet {
    return new DraftSet(this.problem, this.set)
  }

  get set(): IndexSet {
    return this.problem.setOf(this.members)
  }

  get members(): readonly number[] {
    const members: number[] = []
    for (let number = 0; number < this.#isIn.length; number += 1)
      if (this.#isIn[number] === 1) members.push(number)
    return members
  }

  has(number: number): boolean {
    return this.#isIn[number] === 1
  }

  costOf(question: number): number {
    return this.#costs[question]!
  }

  fits(add: readonly number[], remove: readonly number[]): boolean {
    const { budgetBytes, mostIndexes } = this.problem
    return (
      this.#bytesWith(add, remove) <= budgetBytes && this.count + add.length - remove.length <= mostIndexes
    )
  }

  #bytesWith(add: readonly number[], remove: readonly number[]): Bytes {
    let { bytes } = this
    for (const number of add) bytes += this.problem.sizes[number]!
    for (const number of remove) bytes -= this.problem.sizes[number]!
    return bytes
  }

  /** Of the tables of these designs, all that their indexes cost in upkeep. */
  upkeepAround(numbers: readonly number[]): number {
    let sum = 0
    for (const number of numbers) sum += this.#upkeeps[this.problem.tableOf[number]!]!
    return sum
  }

  /** What the change saves a minute. `add` is out of the set, `remove` in it. */
  gain(add: readonly number[], remove: readonly number[]): number {
    const { weights } = this.problem
    let gain = 0
    this.#flip(add, remove)
    this.#eachTouched(add, remove, (question) => {
      gain += weights[question]! * (this.#costs[question]! - this.#costNow(question))
    })
    this.#eachTable(add, remove, (table, _, upkeep) => {
      gain += this.#upkeeps[table]! - upkeep
    })
    this.#flip(remove, add)
    return gain
  }

  apply(add: readonly number[], remove: readonly number[]): void {
    const { weights } = this.problem
    this.#flip(add, remove)
    this.#eachTouched(add, remove, (question) => {
      const cost = this.#costNow(question)
      this.value += weights[question]! * (cost - this.#costs[question]!)
      this.#costs[question] = cost
      this.#chosen[question] = this.#found
    })
    this.#eachTable(add, remove, (table, key, upkeep) => {
      this.value += upkeep - this.#upkeeps[table]!
      this.#keys[table] = key
      this.#upkeeps[table] = upkeep
    })
    this.bytes = this.#bytesWith(add, remove)
    this.count += add.length - remove.length
  }

  #flip(add: readonly number[], remove: readonly number[]): void {
    for (const number of add) this.#isIn[number] = 1
    for (const number of remove) this.#isIn[number] = 0
  }

  /** Questions whose plan may have changed; the set is changed already. */
  #eachTouched(add: readonly number[], remove: readonly number[], visit: (question: number) => void): void {
    const { questionsOf } = this.problem
    this.#stamp += 1
    for (const number of add) {
      for (const question of questionsOf[number]!) {
        if (this.#seen[question] === this.#stamp) continue
        this.#seen[question] = this.#stamp
        visit(question)
      }
    }
    for (const number of remove) {
      for (const question of questionsOf[number]!) {
        if (this.#seen[question] === this.#stamp) continue
        this.#seen[question] = this.#stamp
        if (!this.#isPossible(this.problem.uses[question]!, this.#chosen[question]!)) visit(question)
      }
    }
  }

  #eachTable(
    add: readonly number[],
    remove: readonly number[],
    visit: (table: number, key: number, upkeep: number) => void,
  ): void {
    const { tableOf } = this.problem
    const seen: number[] = []
    for (const numbers of [add, remove]) {
      for (const first of numbers) {
        const table = tableOf[first]!
        if (seen.includes(table)) continue
        seen.push(table)
        this.#weighTable(table, add, remove, visit)
      }
    }
  }

  #weighTable(
    table: number,
    add: readonly number[],
    remove: readonly number[],
    visit: (table: number, key: number, upkeep: number) => void,
  ): void {
    const { tableOf, marks, isWritten, upkeepAlone } = this.problem
    let key = this.#keys[table]!
    let upkeep = this.#upkeeps[table]!
    for (const number of add) {
      if (tableOf[number] !== table) continue
      key += marks[number]!
      upkeep += upkeepAlone[number]!
    }
    for (const number of remove) {
      if (tableOf[number] !== table) continue
      key -= marks[number]!
      upkeep -= upkeepAlone[number]!
    }
    if (isWritten[table])
      upkeep = this.problem.upkeepOf(key, () => this.members.filter((number) => tableOf[number] === table))
    visit(table, key, upkeep)
  }

  #costNow(question: number): number {
    const uses = this.problem.uses[question]!
    const costs = this.problem.costs[question]!
    this.problem.weighed += 1
    let at = 0
    for (let plan = 0; plan < costs.length; plan += 1) {
      if (this.#isPossible(uses, at)) {
        this.#found = at
        return costs[plan]!
      }
      at += uses[at]! + 1
    }
    this.#found = 0
    return 0
  }

  #isPossible(uses: Int32Array, at: number): boolean {
    const until = at + (uses[at] ?? 0)
    for (let place = at + 1; place <= until; place += 1) if (this.#isIn[uses[place]!] === 0) return false
    return true
  }
}
