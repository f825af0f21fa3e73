// The best set as far as plans are known: local search over the indexes that known plans use together, without asking the planner.

import { DraftSet } from './draft-set.ts'
import type { IndexSet } from './index-set.ts'
import type { KnownProblem } from './known-problem.ts'

export interface Choosing {
  readonly problem: KnownProblem
  /** A change that saves less is not made. */
  readonly leastGain: number
  /** Statements that may be weighed. */
  readonly mostWork: number
  readonly isTimeUp: () => boolean
}

/** Indexes that some plan uses together and that the set lacks. */
interface Missing {
  readonly numbers: readonly number[]
  readonly potential: number
}

/** Plans that need more new indexes at once are reached in steps or not at all. */
const MOST_TOGETHER = 4

/** Of one pass, those that promise most. */
const MOST_MISSING = 600

/** Deliberate detours, each into one thing that the best set has not. */
const MOST_DETOURS = 40

export function chooseSet(starts: readonly IndexSet[], choosing: Choosing): IndexSet {
  const { problem } = choosing
  const until = problem.weighed + choosing.mostWork
  const isOver = () => problem.weighed > until || choosing.isTimeUp()
  let best: DraftSet | null = null
  for (const start of starts) {
    const draft = new DraftSet(problem, start)
    improve(draft, choosing, isOver, NOTHING)
    if (best === null || draft.value < best.value - choosing.leastGain) best = draft
  }
  if (best === null) return 0n
  for (let hasFound = true; hasFound && !isOver(); ) {
    const better = detour(best, choosing, isOver)
    hasFound = better !== null
    best = better ?? best
  }
  return best.set
}

const NOTHING: ReadonlySet<number> = new Set()

/** The first better set found by going without one of its indexes for a while, or with something it lacks. */
function detour(best: DraftSet, choosing: Choosing, isOver: () => boolean): DraftSet | null {
  const { leastGain } = choosing
  const isBetter = (draft: DraftSet) => draft.value < best.value - leastGain
  for (const member of best.members) {
    if (isOver()) return null
    const draft = best.copy()
    draft.apply([], [member])
    improve(draft, choosing, isOver, new Set([member]))
    if (!isBetter(draft)) improve(draft, choosing, isOver, NOTHING)
    if (isBetter(draft)) return draft
  }
  for (const { numbers } of missingOf(best, choosing).slice(0, MOST_DETOURS)) {
    if (isOver()) return null
    const draft = best.copy()
    const room = evictionsFor(draft, numbers, [], lossesOf(draft).byRatio)
    if (room === null) continue
    draft.apply(numbers, room)
    improve(draft, choosing, isOver, new Set(room))
    if (!isBetter(draft)) improve(draft, choosing, isOver, NOTHING)
    if (isBetter(draft)) return draft
  }
  return null
}

/** Until no change saves anything. */
function improve(
  draft: DraftSet,
  choosing: Choosing,
  isOver: () => boolean,
  banned: ReadonlySet<number>,
): void {
  const { leastGain } = choosing
  for (let hasMoved = true; hasMoved && !isOver(); ) {
    hasMoved = false
    for (const member of draft.members) {
      if (draft.gain([], [member]) <= leastGain) continue
      draft.apply([], [member])
      hasMoved = true
    }
    let losses: Losses | null = null
    for (const { numbers } of missingOf(draft, choosing)) {
      if (isOver()) return
      const add = numbers.filter((number) => !draft.has(number))
      if (add.length === 0 || add.some((number) => banned.has(number))) continue
      losses ??= lossesOf(draft)
      const remove = bestPlace(draft, add, losses, leastGain)
      if (remove === null) continue
      draft.apply(add, remove)
      losses = null
      hasMoved = true
    }
  }
}

/** What to take out for `add`; null when nothing makes it worth while. */
function bestPlace(
  draft: DraftSet,
  add: readonly number[],
  losses: Losses,
  leastGain: number,
): readonly number[] | null {
  const { tableOf } = draft.problem
  // taking something out can only make reads dearer
  const mostOfReads = draft.gain(add, [])
  let best: readonly number[] | null = null
  let most = leastGain
  const consider = (remove: readonly number[] | null) => {
    if (remove === null) return
    const spared = remove.length === 0 ? 0 : draft.upkeepAround(remove)
    if (mostOfReads + spared <= most) return
    const gain = remove.length === 0 ? mostOfReads : draft.gain(add, remove)
    if (gain <= most) return
    most = gain
    best = remove
  }
  if (draft.fits(add, [])) consider([])
  else {
    consider(evictionsFor(draft, add, [], losses.byRatio))
    consider(evictionsFor(draft, add, [], losses.byLoss))
    consider(oneFor(draft, add, losses.byLoss))
  }
  const tables = new Set(add.map((number) => tableOf[number]!))
  for (const { number } of losses.byLoss)
    if (tables.has(tableOf[number]!)) consider(evictionsFor(draft, add, [number], losses.byRatio))
  return best
}

interface Loss {
  readonly number: number
  readonly loss: number
  readonly ratio: number
}

interface Losses {
  readonly byLoss: readonly Loss[]
  readonly byRatio: readonly Loss[]
}

/** What going without each member would cost, the least first. */
function lossesOf(draft: DraftSet): Losses {
  const all = draft.members.map((number) => {
    const loss = -draft.gain([], [number])
    return { number, loss, ratio: loss / Math.max(8192, draft.problem.sizes[number]!) }
  })
  return {
    byLoss: [...all].sort((a, b) => a.loss - b.loss),
    byRatio: all.sort((a, b) => a.ratio - b.ratio),
  }
}

/** `place`, and what else must go so that `add` fits; null when nothing does. */
function evictionsFor(
  draft: DraftSet,
  add: readonly number[],
  place: readonly number[],
  losses: readonly Loss[],
): readonly number[] | null {
  if (draft.fits(add, place)) return place
  const remove = [...place]
  for (const { number } of losses) {
    if (place.includes(number)) continue
    remove.push(number)
    if (draft.fits(add, remove)) return withoutNeedless(draft, add, remove, place.length)
  }
  return null
}

/** The one whose going makes room and costs least. */
function oneFor(draft: DraftSet, add: readonly number[], losses: readonly Loss[]): readonly number[] | null {
  const found = losses.find(({ number }) => draft.fits(add, [number]))
  return found === undefined ? null : [found.number]
}

/** Taking out a large one at last may make the small ones before it needless. */
function withoutNeedless(
  draft: DraftSet,
  add: readonly number[],
  remove: readonly number[],
  fixed: number,
): readonly number[] {
  let kept = remove
  for (const number of remove.slice(fixed)) {
    const fewer = kept.filter((each) => each !== number)
    if (draft.fits(add, fewer)) kept = fewer
  }
  return kept
}

/** What cheaper known plans need that the set lacks, the most promising first. */
function missingOf(draft: DraftSet, { problem, leastGain }: Choosing): readonly Missing[] {
  const found: Missing[] = []
  for (const { uses, plans } of problem.combinations) {
    let lacking = 0
    for (const number of uses) if (!draft.has(number)) lacking += 1
    if (lacking === 0 || lacking > MOST_TOGETHER) continue
    let potential = 0
    for (const { question, cost } of plans) {
      const saved = draft.costOf(question) - cost
      if (saved > 0) potential += saved * problem.weights[question]!
    }
    if (potential <= leastGain) continue
    found.push({ numbers: uses.filter((number) => !draft.has(number)), potential })
  }
  return found.sort((a, b) => b.potential - a.potential).slice(0, MOST_MISSING)
}
