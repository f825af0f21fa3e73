// Questions worth asking around a set: table by table all that might serve becomes visible together, so that each statement's plan
// chooses for itself; then again without the largest of the chosen, for what a tighter budget would take, and without all of them.

import type { Bytes } from '../model/units.ts'
import type { CostBook, IndexSet, KnownDesign, Question } from './cost-book.ts'
import type { IndexDesign } from './index-design.ts'
import { grown, shrunk } from './variations.ts'

export interface Exploring {
  readonly book: CostBook
  readonly budgetBytes: Bytes
  readonly mayBe: (design: IndexDesign) => boolean
  readonly isTimeUp: () => boolean
  /** Weighted cost that a statement must have to be asked about. */
  readonly leastCost: number
}

/** Of what the workload costs: a table whose statements could save less than this is not varied. */
const LEAST_LEFT_SHARE = 0.005

/** Variations of one table looked at in one pass. */
const MOST_VARIATIONS = 60

/** Rounds, each without indexes nearly as large as the largest that the one before chose. */
const SMALLER_ROUNDS = 3
const SMALLER = 0.7

interface Task {
  readonly questions: readonly Question[]
  /** The set's indexes on other tables. */
  readonly others: IndexSet
  readonly offered: readonly KnownDesign[]
}

/** Makes variations of the set's indexes known: longer, shorter, in another order, with other predicates. */
export async function vary(around: IndexSet, exploring: Exploring): Promise<IndexSet> {
  const { book, mayBe, isTimeUp } = exploring
  const total = await book.total(around)
  const relatives = Map.groupBy(book.designs, tableOf)
  let varied = 0n
  for (const [table, members] of Map.groupBy(book.membersOf(around), tableOf)) {
    if (isTimeUp()) return varied
    const designs = relatives.get(table)!.map(({ design }) => design)
    const open = members.filter(({ bit }) => book.beyondOneRow(around, bit) >= total * LEAST_LEFT_SHARE)
    const larger = inTurn(open.map(({ design }) => grown(design, designs).filter(mayBe)))
    const smaller = members.flatMap(({ design }) => shrunk(design).filter(mayBe))
    for (const known of await book.knowAll([...larger.slice(0, MOST_VARIATIONS), ...smaller]))
      varied |= known?.bit ?? 0n
  }
  return varied
}

/** Asks what the statements' plans choose from `offered` when the rest of `around` is there. */
export async function explore(around: IndexSet, offered: IndexSet, exploring: Exploring): Promise<IndexSet> {
  const { book, budgetBytes, isTimeUp, leastCost } = exploring
  const tasks: Task[] = []
  const own = Map.groupBy(book.membersOf(around | offered), tableOf)
  for (const members of own.values()) {
    const fitting = members.filter(({ sizeBytes }) => sizeBytes <= budgetBytes)
    const bits = bitsOf(members)
    const others = around & ~bits
    const questions = book
      .touched(bits)
      .filter((question) => question.weight * book.costAtMost(question, others) >= leastCost)
    if (questions.length > 0 && fitting.length > 0) tasks.push({ questions, others, offered: fitting })
  }
  let chosen = 0n
  let rounds: readonly Task[] = tasks
  for (let round = 0; round <= SMALLER_ROUNDS && rounds.length > 0 && !isTimeUp(); round += 1) {
    const used = await chosenIn(rounds, book)
    chosen |= used.reduce((all, each) => all | each, 0n)
    rounds = rounds.flatMap((task, place) => {
      const largest = Math.max(0, ...book.membersOf(used[place]!).map(({ sizeBytes }) => sizeBytes))
      const smaller = task.offered.filter(({ sizeBytes }) => sizeBytes <= largest * SMALLER)
      return smaller.length === 0 ? [] : [{ ...task, offered: smaller }]
    })
  }
  if (isTimeUp()) return chosen
  const first = await chosenIn(tasks, book)
  const seconds = tasks.map((task, place) => ({
    ...task,
    offered: task.offered.filter(({ bit }) => (bit & first[place]! & ~around) === 0n),
  }))
  for (const used of await chosenIn(seconds, book)) chosen |= used
  return chosen
}

/** Known plans of one statement that are taken apart. */
const MOST_TAKEN_APART = 2

/** Where a better plan needs several indexes that `around` lacks: what it costs without each of them, which is often nearly the same. */
export async function takeApart(around: IndexSet, exploring: Exploring): Promise<void> {
  const { book, leastCost } = exploring
  const wanted = book.questions.flatMap((question) => {
    const now = book.costAtMost(question, around)
    const better = question.known.plans
      .filter(({ used, cost }) => {
        const lacking = used & ~around
        return (lacking & (lacking - 1n)) !== 0n && question.weight * (now - cost) >= leastCost
      })
      .slice(0, MOST_TAKEN_APART)
    return better.flatMap(({ used }) =>
      book
        .membersOf(used & ~around)
        .map(({ bit }) => ({ questions: [question], set: around | (used & ~bit) })),
    )
  })
  await book.answerAll(wanted)
}

/** What each task's plans use of its own offer. */
async function chosenIn(tasks: readonly Task[], book: CostBook): Promise<readonly IndexSet[]> {
  const sets = tasks.map(({ others, offered }) => others | bitsOf(offered))
  await book.answerAll(tasks.map(({ questions }, place) => ({ questions, set: sets[place]! })))
  return tasks.map(({ questions, offered }, place) => book.usedNow(questions, sets[place]!) & bitsOf(offered))
}

export function bitsOf(designs: readonly KnownDesign[]): IndexSet {
  return designs.reduce((all, { bit }) => all | bit, 0n)
}

function tableOf({ design }: KnownDesign): string {
  return `${design.schema}.${design.table}`
}

/** The first of each list, then the second of each ... */
function inTurn<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat()
}
