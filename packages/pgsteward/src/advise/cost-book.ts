// Costs of the workload's statements under sets of indexes, each asked of the planner once. A plan costed while the set R was
// visible, which used U, holds for every set between U and R: most questions of a search are answered without asking.

import type { Bytes } from '../model/units.ts'
import type { PlanNode, WhatIfPlanner } from '../model/what-if.ts'
import { type IndexDesign, identityOf, sketchOf } from './index-design.ts'
import type { PreparedStatement } from './prepare-statement.ts'

/** A set of designs as bits: bit n is the design with number n. */
export type IndexSet = bigint

export interface KnownDesign {
  readonly number: number
  readonly bit: IndexSet
  readonly design: IndexDesign
  readonly handle: string
  readonly sizeBytes: Bytes
  readonly treeHeight: number | null
}

interface Question {
  readonly statement: number
  readonly sample: number
  readonly weight: number
  readonly answers: Answer[]
  readonly exact: Map<IndexSet, Answer>
  relevant: IndexSet
}

export interface Answer {
  readonly visible: IndexSet
  readonly used: IndexSet
  readonly cost: number
  readonly plan: PlanNode
}

export class CostBook {
  readonly statements: readonly PreparedStatement[]
  /** Statements that the planner refused, by number, with its words. */
  readonly refused = new Map<number, string>()
  readonly designs: KnownDesign[] = []
  explains = 0
  answered = 0
  readonly #planner: WhatIfPlanner
  readonly #byIdentity = new Map<string, KnownDesign | { readonly problem: string }>()
  readonly #byIndexName = new Map<string, KnownDesign>()
  readonly #questions: Question[]

  constructor(planner: WhatIfPlanner, statements: readonly PreparedStatement[]) {
    this.#planner = planner
    this.statements = statements
    this.#questions = statements.flatMap((statement, index) =>
      statement.isPlanned
        ? statement.samples.map((sample, number) => ({
            statement: index,
            sample: number,
            weight: sample.weight * statement.callsPerMinute,
            answers: [],
            exact: new Map(),
            relevant: 0n,
          }))
        : [],
    )
  }

  /** Makes a design known to the planner; null where the planner refuses it. */
  async know(design: IndexDesign): Promise<KnownDesign | null> {
    const identity = identityOf(design)
    const before = this.#byIdentity.get(identity)
    if (before !== undefined) return 'problem' in before ? null : before
    const sketched = await this.#planner.sketch(sketchOf(design))
    if ('error' in sketched) {
      this.#byIdentity.set(identity, { problem: sketched.error.message })
      return null
    }
    const { handle, indexNames, sizeBytes, treeHeight } = sketched
    const number = this.designs.length
    const known = { number, bit: 1n << BigInt(number), design, handle, sizeBytes, treeHeight }
    this.designs.push(known)
    this.#byIdentity.set(identity, known)
    for (const name of indexNames) this.#byIndexName.set(name, known)
    for (const question of this.#questions) {
      if (mayServe(design, this.statements[question.statement]!)) question.relevant |= known.bit
    }
    return known
  }

  /** Weighted cost of all statements, or of those that any of `touching` could serve. */
  async total(set: IndexSet, touching?: IndexSet): Promise<number> {
    const asked = this.#questions.filter(
      (question) => touching === undefined || (question.relevant & touching) !== 0n,
    )
    await this.#answerAll(asked, set)
    return asked.reduce(
      (sum, question) => sum + question.weight * (this.#lookUp(question, set)?.cost ?? 0),
      0,
    )
  }

  /** Null when something would have to be asked. */
  peek(set: IndexSet, touching: IndexSet): number | null {
    let sum = 0
    for (const question of this.#questions) {
      if ((question.relevant & touching) === 0n) continue
      const answer = this.#lookUp(question, set)
      if (answer === undefined) return null
      sum += question.weight * answer.cost
    }
    return sum
  }

  /** Answers of a statement's samples; empty for one that is not planned or was refused. */
  async answersOf(statement: number, set: IndexSet): Promise<readonly Answer[]> {
    const asked = this.#questions.filter((question) => question.statement === statement)
    await this.#answerAll(asked, set)
    return asked.flatMap((question) => this.#lookUp(question, set) ?? [])
  }

  async costOf(statement: number, set: IndexSet): Promise<number> {
    const answers = await this.answersOf(statement, set)
    const samples = this.statements[statement]!.samples
    return answers.reduce((sum, { cost }, index) => sum + cost * (samples[index]?.weight ?? 0), 0)
  }

  /** All that plans use when `set` is visible. */
  async usedOf(set: IndexSet): Promise<IndexSet> {
    await this.#answerAll(this.#questions, set)
    return this.#questions.reduce((used, question) => used | (this.#lookUp(question, set)?.used ?? 0n), 0n)
  }

  /** Whether some statement uses both, in one plan or in those of its samples. */
  async serveTogether(a: KnownDesign, b: KnownDesign, set: IndexSet): Promise<boolean> {
    for (const number of this.statements.keys()) {
      const answers = await this.answersOf(number, set)
      const used = answers.reduce((all, answer) => all | answer.used, 0n)
      if ((used & a.bit) !== 0n && (used & b.bit) !== 0n) return true
    }
    return false
  }

  /** Whether `other` may serve every statement whose plans, as far as they are known, use `member`. */
  servesAllOf(member: KnownDesign, other: KnownDesign, set: IndexSet): boolean {
    return this.#questions.every((question) => {
      const isUsed = ((this.#lookUp(question, set)?.used ?? 0n) & member.bit) !== 0n
      const mentioned = this.statements[question.statement]!.columns.get(
        `${other.design.schema}.${other.design.table}`,
      )
      const keys = other.design.keys.slice(0, other.design.equalityKeys)
      return !isUsed || keys.every(({ on }) => on.columns.every((column) => mentioned?.has(column) ?? false))
    })
  }

  /** The least that a cost can become: what the statements cost with everything known so far visible. */
  lowest(touching: IndexSet): number {
    let sum = 0
    for (const question of this.#questions) {
      if ((question.relevant & touching) === 0n) continue
      let least = Number.POSITIVE_INFINITY
      for (const { cost } of question.answers) least = Math.min(least, cost)
      sum += question.weight * (Number.isFinite(least) ? least : 0)
    }
    return sum
  }

  /** The design that plans call so; null for an index that is there already. */
  designNamed(indexName: string): KnownDesign | null {
    return this.#byIndexName.get(indexName) ?? null
  }

  /** What is left to gain at best, by the statements that the designs of `touching` may serve. Known answers only. */
  beyondOneRow(set: IndexSet, touching: IndexSet): number {
    let sum = 0
    for (const question of this.#questions) {
      if ((question.relevant & touching) === 0n) continue
      const cost = this.#lookUp(question, set)?.cost ?? 0
      sum += question.weight * Math.max(0, cost - ONE_ROW)
    }
    return sum
  }

  sizeOf(set: IndexSet): Bytes {
    return this.membersOf(set).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  membersOf(set: IndexSet): readonly KnownDesign[] {
    return this.designs.filter(({ bit }) => (set & bit) !== 0n)
  }

  /** Costs with existing indexes hidden, past the cache. */
  async totalWithout(
    existing: ReadonlySet<string>,
    set: IndexSet,
    statements: readonly number[],
  ): Promise<number> {
    await this.#planner.show(this.#handles(set), existing)
    let sum = 0
    for (const question of this.#questions) {
      if (!statements.includes(question.statement) || this.refused.has(question.statement)) continue
      const answer = await this.#ask(question, set)
      sum += question.weight * (answer?.cost ?? 0)
    }
    await this.#planner.show(this.#handles(set))
    return sum
  }

  #handles(set: IndexSet): ReadonlySet<string> {
    return new Set(this.membersOf(set).map(({ handle }) => handle))
  }

  #lookUp(question: Question, set: IndexSet): Answer | undefined {
    const relevant = set & question.relevant
    const exact = question.exact.get(relevant)
    if (exact !== undefined) return exact
    for (const answer of question.answers) {
      if ((answer.used & ~relevant) === 0n && (relevant & ~answer.visible) === 0n) {
        question.exact.set(relevant, answer)
        return answer
      }
    }
    return undefined
  }

  async #answerAll(questions: readonly Question[], set: IndexSet): Promise<void> {
    const open = questions.filter(
      (question) => !this.refused.has(question.statement) && this.#lookUp(question, set) === undefined,
    )
    this.answered += questions.length - open.length
    if (open.length === 0) return
    await this.#planner.show(this.#handles(set))
    for (const question of open) {
      if (this.refused.has(question.statement)) continue
      const answer = await this.#ask(question, set)
      if (answer === null) continue
      question.answers.push(answer)
      question.exact.set(answer.visible, answer)
    }
  }

  async #ask(question: Question, set: IndexSet): Promise<Answer | null> {
    const sample = this.statements[question.statement]!.samples[question.sample]!
    this.explains += 1
    const planned = await this.#planner.explain(sample.sql, sample.parameters)
    if ('error' in planned) {
      const before = question.answers[0]
      // planned before, so the fault is not the statement's: nothing is gained by this set
      if (before !== undefined) return { ...before, visible: set & question.relevant, used: 0n }
      this.refused.set(question.statement, planned.error.message)
      return null
    }
    return {
      visible: set & question.relevant,
      used: this.#used(planned.plan),
      cost: planned.plan['Total Cost'] + this.#doubt(planned.plan),
      plan: planned.plan,
    }
  }

  /**
   * A BitmapAnd multiplies the shares of its arms as if they had nothing to do with each other, and so looks better than one
   * index on both: half of what it promises beyond its best arm is not believed, where an index of ours has part in it.
   */
  #doubt(node: PlanNode): number {
    const below = (node.Plans ?? []).reduce((sum, child) => sum + this.#doubt(child), 0)
    const and = node.Plans?.[0]
    if (node['Node Type'] !== 'Bitmap Heap Scan' || and?.['Node Type'] !== 'BitmapAnd') return below
    if (this.#used(and) === 0n) return below
    const fewest = Math.min(...(and.Plans ?? []).map((arm) => arm['Plan Rows']))
    const heap = node['Total Cost'] - and['Total Cost']
    const ratio = Math.max(1, fewest / Math.max(1, node['Plan Rows']))
    return below + heap * (ratio - 1) * DISBELIEF
  }

  #used(node: PlanNode): IndexSet {
    const name = node['Index Name']
    const own = name === undefined ? 0n : (this.#byIndexName.get(name)?.bit ?? 0n)
    return (node.Plans ?? []).reduce((used, child) => used | this.#used(child), own)
  }
}

/** About what finding one row by an index costs, at the default costs. */
const ONE_ROW = 9

/** Of the promised saving. */
const DISBELIEF = 0.5

/** An index on another table, or about none of the statement's columns, changes none of its plans. */
function mayServe(design: IndexDesign, statement: PreparedStatement): boolean {
  const columns = statement.columns.get(`${design.schema}.${design.table}`)
  if (columns === undefined) return false
  const first = design.keys[0]?.on.columns ?? []
  const predicate = design.where?.columns ?? []
  return (
    first.some((column) => columns.has(column)) ||
    (predicate.length > 0 && predicate.every((column) => columns.has(column)))
  )
}
