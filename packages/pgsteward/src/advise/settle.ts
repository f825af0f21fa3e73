// The last touches. The planner's figures are estimates: among sets that cost nearly the same, the better one is that which would
// still be right if they were a little wrong: smaller, and made of indexes that the statements themselves ask for.

import type { CostBook, IndexSet, KnownDesign } from './cost-book.ts'

/** Of what an index gains: an equally good one that is half as large, or that a statement's own shape asks for. */
const TOLERATED_LOSS = 0.03
/** Of what two indexes gain together, for one instead of them. */
const TOLERATED_LOSS_OF_TWO = 0.07
/** And never more than this of what the whole workload still costs: what is next to nothing of a great gain may be a lot. */
const TOLERATED_OF_ALL = 0.0025
/** The same for a shape that no statement asks for, where rows are written: data change, and the planner's reasons for it with them. */
const TOLERATED_LOSS_OF_ODD = 0.1
const TOLERATED_OF_ALL_OF_ODD = 0.01
/** INCLUDE columns make every entry larger and end deduplication: they must save this much of all that the workload still costs. */
const LEAST_OF_INCLUDE = 0.02
const TOLERATED_OF_SHADOW = 0.05
const MUCH_SMALLER = 0.5
const SLIGHTLY_LARGER = 1.6

export interface Settling {
  readonly book: CostBook
  /** What a set saves over another, upkeep included. */
  readonly gain: (from: IndexSet, to: IndexSet) => Promise<number>
  readonly fits: (set: IndexSet) => boolean
  /** Made from a statement's shape, not by varying another index. */
  readonly isPlain: (known: KnownDesign) => boolean
  readonly isWritten: (known: KnownDesign) => boolean
  readonly isTimeUp: () => boolean
}

export async function settle(start: IndexSet, settling: Settling): Promise<IndexSet> {
  const { book, isTimeUp } = settling
  let set = start
  for (const member of book.membersOf(start)) {
    if (isTimeUp()) return set
    if (await isShadowed(member, set, settling)) set &= ~member.bit
  }
  for (const member of [...book.membersOf(set)].sort((a, b) => b.sizeBytes - a.sizeBytes)) {
    if (isTimeUp()) return set
    for (const partner of book.membersOf(set)) {
      const isLater = partner.number > member.number && (set & member.bit) !== 0n
      if (isLater && isSameTable(member, partner)) set = await oneForTwo(member, partner, set, settling)
    }
  }
  for (const member of [...book.membersOf(set)].sort((a, b) => b.sizeBytes - a.sizeBytes)) {
    if (isTimeUp()) return set
    set = await plainOrSmaller(member, set, settling)
  }
  return set
}

/**
 * (created_at) beside (tenant_id, created_at): for the largest tenant the planner may like reading all tenants' rows in order better
 * than its own in places all over the table. The data grow and such likings change; the narrower search stays right.
 */
async function isShadowed(member: KnownDesign, set: IndexSet, { book, gain }: Settling): Promise<boolean> {
  const { keys, equalityKeys, where } = member.design
  if (equalityKeys > 0) return false
  const others = book
    .membersOf(set & ~member.bit)
    .filter(
      (other) =>
        isSameTable(other, member) &&
        other.design.equalityKeys > 0 &&
        (other.design.where?.sql ?? null) === (where?.sql ?? null) &&
        keys.every(
          ({ on }, index) => other.design.keys[other.design.equalityKeys + index]?.on.sql === on.sql,
        ),
    )
  if (!others.some((other) => book.servesAllOf(member, other, set))) return false
  const rest = set & ~member.bit
  return (await gain(rest, set)) <= TOLERATED_OF_SHADOW * (await book.total(set))
}

async function oneForTwo(
  a: KnownDesign,
  b: KnownDesign,
  set: IndexSet,
  settling: Settling,
): Promise<IndexSet> {
  const { book, gain } = settling
  if (!(await book.serveTogether(a, b, set))) return set
  const rest = set & ~a.bit & ~b.bit
  const joint = await gain(rest, set)
  const chosen = await bestOf(await offers(a, rest, settling), rest, settling)
  if (chosen === null) return set
  const tolerated = Math.min(TOLERATED_LOSS_OF_TWO * joint, 2 * TOLERATED_OF_ALL * (await book.total(set)))
  return joint - chosen.gain <= tolerated ? rest | chosen.known.bit : set
}

async function plainOrSmaller(member: KnownDesign, set: IndexSet, settling: Settling): Promise<IndexSet> {
  const rest = set & ~member.bit
  const own = await settling.gain(rest, set)
  const isOddlyShaped = !settling.isPlain(member)
  const better = (await offers(member, rest, settling)).filter(
    (known) =>
      known.sizeBytes <= member.sizeBytes * MUCH_SMALLER ||
      (isOddlyShaped && known.sizeBytes <= member.sizeBytes * SLIGHTLY_LARGER),
  )
  const chosen = await bestOf(better, rest, settling)
  const total = await settling.book.total(set)
  const bare =
    member.design.include.length === 0 ? null : await settling.book.know({ ...member.design, include: [] })
  if (bare !== null && (rest & bare.bit) === 0n && settling.fits(rest | bare.bit)) {
    const loss = own - (await settling.gain(rest, rest | bare.bit))
    if (loss <= LEAST_OF_INCLUDE * total) return rest | bare.bit
  }
  const isFragile = isOddlyShaped && settling.isWritten(member)
  const tolerated = isFragile
    ? Math.min(TOLERATED_LOSS_OF_ODD * own, TOLERATED_OF_ALL_OF_ODD * total)
    : Math.min(TOLERATED_LOSS * own, TOLERATED_OF_ALL * total)
  return chosen !== null && own - chosen.gain <= tolerated ? rest | chosen.known.bit : set
}

/** Plain designs of the member's table that plans choose when it is not there, in three rounds of second thoughts. */
async function offers(
  member: KnownDesign,
  rest: IndexSet,
  settling: Settling,
): Promise<readonly KnownDesign[]> {
  const { book, isPlain, isTimeUp } = settling
  let open = book.designs
    .filter(
      (known) =>
        known !== member && isSameTable(known, member) && isPlain(known) && (rest & known.bit) === 0n,
    )
    .reduce((all, { bit }) => all | bit, 0n)
  let chosen = 0n
  for (let round = 0; round < 3 && !isTimeUp(); round += 1) {
    const used = (await book.usedOf(rest | open)) & open
    if (used === 0n) break
    chosen |= used
    open &= ~used
  }
  return book.membersOf(chosen)
}

async function bestOf(
  offered: readonly KnownDesign[],
  rest: IndexSet,
  { gain, fits }: Settling,
): Promise<{ readonly known: KnownDesign; readonly gain: number } | null> {
  let best: { known: KnownDesign; gain: number } | null = null
  for (const known of offered) {
    if (!fits(rest | known.bit)) continue
    const found = await gain(rest, rest | known.bit)
    if (best === null || found > best.gain) best = { known, gain: found }
  }
  return best
}

function isSameTable(a: KnownDesign, b: KnownDesign): boolean {
  return a.design.schema === b.design.schema && a.design.table === b.design.table
}
