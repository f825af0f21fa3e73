// Costs of the workload's statements under sets of indexes, each asked of the planner once, and many in one round trip.

import type { Bytes } from '../model/units.ts'
import type { Asked, NotPlanned, Planned, SketchedIndex, WhatIfPlanner } from '../model/what-if.ts'
import { type IndexDesign, identityOf, sketchOf } from './index-design.ts'
import { type IndexSet, numbersIn } from './index-set.ts'
import { type Answer, KnownPlans } from './known-plans.ts'
import { doubtOf, leanPlan, usedBy } from './plan-reading.ts'
import type { PreparedStatement } from './prepare-statement.ts'

export type { IndexSet } from './index-set.ts'
export type { Answer } from './known-plans.ts'

export interface KnownDesign {
  readonly number: number
  readonly bit: IndexSet
  readonly design: IndexDesign
  readonly handle: string
  readonly sizeBytes: Bytes
  readonly treeHeight: number | null
}

/** One sample of one statement. */
export interface Question {
  readonly number: number
  readonly statement: number
  readonly sample: number
  /** Calls a minute. */
  readonly weight: number
  readonly known: KnownPlans
  /** Designs that may change its plan. */
  relevant: IndexSet
}

/** Questions in one round trip; between two of them the time is looked at. */
const AT_ONCE = 100

export class CostBook {
  readonly statements: readonly PreparedStatement[]
  /** Statements that the planner refused, by number, with its words. */
  readonly refused = new Map<number, string>()
  readonly designs: KnownDesign[] = []
  readonly questions: readonly Question[]
  explains = 0
  answered = 0
  /** Answers that told something new, so far. */
  news = 0
  /** While it says so nothing more is asked, and what is not known is taken for the best that is known to be possible. */
  isHurried: () => boolean = () => false
  readonly #planner: WhatIfPlanner
  readonly #byIdentity = new Map<string, KnownDesign | { readonly problem: string }>()
  readonly #byIndexName = new Map<string, KnownDesign>()
  readonly #questionsOf: readonly (readonly Question[])[]
  /** By design: the questions whose plan it may change. */
  readonly #touchedBy: (readonly Question[])[] = []
  readonly #byTable = new Map<string, readonly Question[]>()

  constructor(planner: WhatIfPlanner, statements: readonly PreparedStatement[]) {
    this.#planner = planner
    this.statements = statements
    let number = 0
    this.#questionsOf = statements.map((statement, index) =>
      statement.isPlanned
        ? statement.samples.map((sample, place) => ({
            number: number++,
            statement: index,
            sample: place,
            weight: sample.weight * statement.callsPerMinute,
            known: new KnownPlans(),
            relevant: 0n,
          }))
        : [],
    )
    this.questions = this.#questionsOf.flat()
    const byTable = new Map<string, Question[]>()
    for (const question of this.questions) {
      for (const table of statements[question.statement]!.columns.keys()) {
        const list = byTable.get(table)
        if (list === undefined) byTable.set(table, [question])
        else list.push(question)
      }
    }
    this.#byTable = byTable
  }

  /** Makes a design known to the planner; null where the planner refuses it. */
  async know(design: IndexDesign): Promise<KnownDesign | null> {
    return (await this.knowAll([design]))[0]!
  }

  /** As know, in one round trip. */
  async knowAll(designs: readonly IndexDesign[]): Promise<readonly (KnownDesign | null)[]> {
    const news = new Map<string, IndexDesign>()
    for (const design of designs) {
      const identity = identityOf(design)
      if (!this.#byIdentity.has(identity)) news.set(identity, design)
    }
    const sketched = news.size === 0 ? [] : await this.#planner.sketchAll([...news.values()].map(sketchOf))
    for (const [place, [identity, design]] of [...news].entries()) {
      const answer = sketched[place]!
      this.#byIdentity.set(
        identity,
        'error' in answer ? { problem: answer.error.message } : this.#add(design, answer),
      )
    }
    return designs.map((design) => {
      const found = this.#byIdentity.get(identityOf(design))!
      return 'problem' in found ? null : found
    })
  }

  #add(design: IndexDesign, { handle, indexNames, sizeBytes, treeHeight }: SketchedIndex): KnownDesign {
    const number = this.designs.length
    const known = { number, bit: 1n << BigInt(number), design, handle, sizeBytes, treeHeight }
    this.designs.push(known)
    for (const name of indexNames) this.#byIndexName.set(name, known)
    const touched = (this.#byTable.get(`${design.schema}.${design.table}`) ?? []).filter((question) =>
      mayServe(design, this.statements[question.statement]!),
    )
    for (const question of touched) question.relevant |= known.bit
    this.#touchedBy.push(touched)
    return known
  }

  /** Questions that any design of `touching` may serve, in order. */
  touched(touching: IndexSet): readonly Question[] {
    const numbers = numbersIn(touching)
    if (numbers.length === 1) return this.#touchedBy[numbers[0]!] ?? []
    const found = new Set<Question>()
    for (const number of numbers) for (const question of this.#touchedBy[number] ?? []) found.add(question)
    return [...found].sort((a, b) => a.number - b.number)
  }

  /** Weighted cost of all statements, or of those that any of `touching` could serve. */
  async total(set: IndexSet, touching?: IndexSet): Promise<number> {
    const asked = touching === undefined ? this.questions : this.touched(touching)
    await this.answer(asked, set)
    return asked.reduce((sum, question) => sum + question.weight * (this.#now(question, set)?.cost ?? 0), 0)
  }

  /** Answers of a statement's samples; empty for one that is not planned or was refused. */
  async answersOf(statement: number, set: IndexSet): Promise<readonly Answer[]> {
    const asked = this.#questionsOf[statement]!
    await this.answer(asked, set)
    return asked.flatMap((question) => this.#now(question, set) ?? [])
  }

  async costOf(statement: number, set: IndexSet): Promise<number> {
    const answers = await this.answersOf(statement, set)
    const samples = this.statements[statement]!.samples
    return answers.reduce((sum, { cost }, index) => sum + cost * (samples[index]?.weight ?? 0), 0)
  }

  /** All that plans use when `set` is visible. */
  async usedOf(set: IndexSet): Promise<IndexSet> {
    await this.answer(this.questions, set)
    return this.questions.reduce((used, question) => used | (this.#now(question, set)?.used ?? 0n), 0n)
  }

  /** What `questions` use under `set`, as far as it is known. */
  usedNow(questions: readonly Question[], set: IndexSet): IndexSet {
    return questions.reduce((used, question) => used | (this.#now(question, set)?.used ?? 0n), 0n)
  }

  /** What is known without asking; the planner may do better. */
  costAtMost(question: Question, set: IndexSet): number {
    return this.#now(question, set)?.cost ?? 0
  }

  /** Whether some statement uses both, in one plan or in those of its samples. */
  async serveTogether(a: KnownDesign, b: KnownDesign, set: IndexSet): Promise<boolean> {
    const numbers = new Set(this.#touchedBy[a.number]!.map(({ statement }) => statement))
    for (const number of numbers) {
      const answers = await this.answersOf(number, set)
      const used = answers.reduce((all, answer) => all | answer.used, 0n)
      if ((used & a.bit) !== 0n && (used & b.bit) !== 0n) return true
    }
    return false
  }

  /** Whether `other` may serve every statement whose plans, as far as they are known, use `member`. */
  servesAllOf(member: KnownDesign, other: KnownDesign, set: IndexSet): boolean {
    return this.#touchedBy[member.number]!.every((question) => {
      const isUsed = ((this.#now(question, set)?.used ?? 0n) & member.bit) !== 0n
      const mentioned = this.statements[question.statement]!.columns.get(
        `${other.design.schema}.${other.design.table}`,
      )
      const keys = other.design.keys.slice(0, other.design.equalityKeys)
      return !isUsed || keys.every(({ on }) => on.columns.every((column) => mentioned?.has(column) ?? false))
    })
  }

  /** The design that plans call so; null for an index that is there already. */
  designNamed(indexName: string): KnownDesign | null {
    return this.#byIndexName.get(indexName) ?? null
  }

  /** What is left to gain at best, by the statements that the designs of `touching` may serve. Known answers only. */
  beyondOneRow(set: IndexSet, touching: IndexSet): number {
    return this.touched(touching).reduce((sum, question) => {
      const cost = this.#now(question, set)?.cost ?? 0
      return sum + question.weight * Math.max(0, cost - ONE_ROW)
    }, 0)
  }

  sizeOf(set: IndexSet): Bytes {
    return this.membersOf(set).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  membersOf(set: IndexSet): readonly KnownDesign[] {
    return numbersIn(set).map((number) => this.designs[number]!)
  }

  /** Costs with existing indexes hidden, past the cache. */
  async totalWithout(
    existing: ReadonlySet<string>,
    set: IndexSet,
    statements: readonly number[],
  ): Promise<number> {
    const asked = statements
      .filter((statement) => !this.refused.has(statement))
      .flatMap((statement) => this.#questionsOf[statement]!)
    this.explains += asked.length
    await this.#planner.show(this.#handles(set), existing)
    const planned = await this.#planner.explainAll(
      asked.map(({ statement, sample }) => {
        const { sql, parameters } = this.statements[statement]!.samples[sample]!
        return { sql, parameters }
      }),
    )
    await this.#planner.show(this.#handles(set))
    return planned.reduce(
      (sum, answer, place) =>
        sum +
        ('error' in answer
          ? 0
          : asked[place]!.weight *
            (answer.plan['Total Cost'] + doubtOf(answer.plan, this.#bitNamed, this.#standsAlone))),
      0,
    )
  }

  /** Asks what is not known yet of `questions` under `set`. */
  answer(questions: readonly Question[], set: IndexSet): Promise<void> {
    return this.answerAll([{ questions, set }])
  }

  /** As answer, of many sets together. */
  async answerAll(
    wanted: readonly { readonly questions: readonly Question[]; readonly set: IndexSet }[],
  ): Promise<void> {
    const open: { readonly question: Question; readonly set: IndexSet; readonly asked: Asked }[] = []
    for (const { questions, set } of wanted) {
      let seeing: ReadonlySet<string> | null = null
      for (const question of questions) {
        const { statement, sample, known, relevant } = question
        if (this.refused.has(statement)) continue
        if (known.lookUp(set & relevant) !== undefined) {
          this.answered += 1
          continue
        }
        seeing ??= this.#handles(set)
        const { sql, parameters } = this.statements[statement]!.samples[sample]!
        open.push({ question, set, asked: { sql, parameters, seeing } })
      }
    }
    for (let from = 0; from < open.length && !this.isHurried(); from += AT_ONCE) {
      const batch = open.slice(from, from + AT_ONCE)
      this.explains += batch.length
      const planned = await this.#planner.explainAll(batch.map(({ asked }) => asked))
      for (const [place, { question, set }] of batch.entries()) this.#record(question, set, planned[place]!)
    }
  }

  #record(question: Question, set: IndexSet, answer: Planned | NotPlanned): void {
    const { known, relevant, statement } = question
    const visible = set & relevant
    if ('error' in answer) {
      const before = known.first
      // planned before, so the fault is not the statement's: nothing is gained by this set
      if (before !== undefined) known.record({ ...before, visible, used: 0n })
      else this.refused.set(statement, answer.error.message)
      return
    }
    const planned = answer.plan['Total Cost']
    const isNews = known.record({
      visible,
      used: usedBy(answer.plan, this.#bitNamed),
      planned,
      cost: planned + doubtOf(answer.plan, this.#bitNamed, this.#standsAlone),
      plan: leanPlan(answer.plan),
    })
    if (isNews) this.news += 1
  }

  #now({ known, relevant, statement }: Question, set: IndexSet): Answer | undefined {
    if (this.refused.has(statement)) return undefined
    return known.lookUp(set & relevant) ?? known.atMost(set & relevant)?.answer
  }

  readonly #bitNamed = (name: string): IndexSet => this.#byIndexName.get(name)?.bit ?? 0n
  readonly #standsAlone = (indexName: string): boolean => {
    const known = this.#byIndexName.get(indexName)
    return known !== undefined && known.design.method !== 'btree'
  }

  #handles(set: IndexSet): ReadonlySet<string> {
    return new Set(this.membersOf(set).map(({ handle }) => handle))
  }
}

/** About what finding one row by an index costs, at the default costs. */
const ONE_ROW = 9

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
