// Takes out, one by one, what does not pay for its writes or helps nobody noticeably.

import type { CostBook, IndexSet, KnownDesign } from './cost-book.ts'
import { type IndexDesign, isPrefixOf } from './index-design.ts'

export interface Pruning {
  readonly book: CostBook
  readonly upkeep: (set: IndexSet) => number
  readonly leastGain: number
  /** Share of some statement's cost that an index must save to be worth it. */
  readonly leastFelt: (design: IndexDesign) => number
  /** Nothing is written, and many indexes do no harm. */
  readonly isReadOnly: boolean
}

/** An index must save this many times what it costs in writes; both are estimates. */
const LEAST_RETURN = 1.3

/**
 * Of all that the set saves a statement: a second index that finishes what another one did is one index too many, unless what it saves
 * is a good part of what the whole workload still costs.
 */
const LEAST_OF_SAVED = 0.1
const MUCH_OF_REST = 0.02

export async function prune(start: IndexSet, pruning: Pruning): Promise<IndexSet> {
  const { book } = pruning
  let set = start
  for (;;) {
    const before = set
    await askWithoutEach(set, book)
    let doubtful = await marginsOf(book.membersOf(set), set, pruning)
    while (doubtful.length > 0) {
      const worst = doubtful.reduce((a, b) => (b.margin < a.margin ? b : a)).member
      set &= ~worst.bit
      // what was worth keeping beside it is looked at again at the end
      const others = doubtful.flatMap(({ member }) => (member === worst ? [] : [member]))
      doubtful = await marginsOf(others, set, pruning)
    }
    if (set === before) return set
  }
}

/** Of those that are not worth keeping: by how much. */
async function marginsOf(
  members: readonly KnownDesign[],
  set: IndexSet,
  pruning: Pruning,
): Promise<readonly { readonly member: KnownDesign; readonly margin: number }[]> {
  const { book, upkeep, leastGain } = pruning
  const doubtful: { member: KnownDesign; margin: number }[] = []
  const much = MUCH_OF_REST * (await book.total(set))
  for (const member of members) {
    const without = set & ~member.bit
    const reads = (await book.total(without, member.bit)) - (await book.total(set, member.bit))
    const margin = reads - LEAST_RETURN * Math.max(0, upkeep(set) - upkeep(without)) - leastGain
    const isCovered = book.membersOf(without).some((other) => isBeginningOf(member, other))
    const isNeeded = !isCovered || pruning.isReadOnly || reads >= much
    const isFelt =
      margin > 0 && isNeeded && (await isFeltBySome(member, set, without, reads >= much, pruning))
    if (!isFelt) doubtful.push({ member, margin: Math.min(margin, -1e-9) })
  }
  return doubtful
}

function isBeginningOf({ design }: KnownDesign, { design: other }: KnownDesign): boolean {
  return design.schema === other.schema && design.table === other.table && isPrefixOf(design, other)
}

/** What the set costs without each of its indexes, all in one round trip. */
export function askWithoutEach(set: IndexSet, book: CostBook): Promise<void> {
  return book.answerAll(
    book.membersOf(set).map(({ bit }) => ({ questions: book.touched(bit), set: set & ~bit })),
  )
}

async function isFeltBySome(
  member: KnownDesign,
  set: IndexSet,
  without: IndexSet,
  savesMuch: boolean,
  { book, leastFelt, isReadOnly }: Pruning,
): Promise<boolean> {
  const least = leastFelt(member.design)
  const statements = new Set(book.touched(member.bit).map(({ statement }) => statement))
  for (const number of statements) {
    const answers = await book.answersOf(number, set)
    if (answers.every(({ used }) => (used & member.bit) === 0n)) continue
    const before = await book.costOf(number, without)
    const after = await book.costOf(number, set)
    if (after >= before * (1 - least)) continue
    if (savesMuch || isReadOnly) return true
    // what other indexes save already is saved without it
    const saved = (await book.costOf(number, 0n)) - after
    if (before - after >= saved * LEAST_OF_SAVED) return true
  }
  return false
}
