// The rule by which a change board decides: who may vote, how many it takes, what a majority is.

import { type ChangeWire, RISKS, type Risk, type TallyWire } from '../../model/change-wire.ts'

export interface BoardRules {
  /** Names of its members; empty: anybody may vote. */
  readonly board: readonly string[]
  /** How many votes it takes, abstentions too. Null: more than half of the members, or one where there is no board. */
  readonly quorum: number | null
  /** Of the votes for and against. */
  readonly majority: 'simple' | 'two-thirds' | 'unanimous'
  /** Who asked for a change may vote on it. */
  readonly ownVote: boolean
  /** Changes that need no vote, by their type and up to a risk. */
  readonly standard: readonly { readonly type: string; readonly upTo: Risk }[]
}

type Voted = Pick<ChangeWire, 'votes' | 'requestedBy'>

export function tallyOf({ votes, requestedBy }: Voted, rules: BoardRules): TallyWire {
  const counted: Voted['votes'] = []
  const uncounted: { actor: string; because: string }[] = []
  for (const vote of votes) {
    const because = mayNotVote(vote.actor, requestedBy, rules)
    if (because === null) counted.push(vote)
    else uncounted.push({ actor: vote.actor, because })
  }
  const count = (wanted: string) => counted.filter(({ vote }) => vote === wanted).length
  const [approve, reject, abstain] = [count('approve'), count('reject'), count('abstain')]
  const members =
    rules.board.length === 0
      ? null
      : rules.board.filter((name) => mayNotVote(name, requestedBy, rules) === null).length
  const quorum = quorumOf(rules, members)
  const passes = (yes: number, no: number) => isMajority(rules.majority, yes, no)
  const isReached = counted.length >= quorum && approve + reject > 0
  const outcome = isReached ? (passes(approve, reject) ? 'approved' : 'rejected') : null
  // without a board nobody knows who is still to vote
  const out = members === null ? 0 : Math.max(0, members - counted.length)
  const isCertain =
    outcome === 'approved'
      ? passes(approve, reject + out)
      : outcome === 'rejected' && !passes(approve + out, reject)
  const words =
    `${approve} for, ${reject} against, ${abstain} abstained; it takes ${quorum} of ` +
    `${members ?? 'anybody'} and ${MAJORITY_WORDS[rules.majority]}`
  return { approve, reject, abstain, uncounted, quorum, members, outcome, isCertain, words }
}

export const MAJORITY_WORDS: Readonly<Record<BoardRules['majority'], string>> = {
  simple: 'more for than against',
  'two-thirds': 'two thirds for',
  unanimous: 'nobody against',
}

/** Null: may. */
export function mayNotVote(
  actor: string,
  requestedBy: string,
  { board, ownVote }: Pick<BoardRules, 'board' | 'ownVote'>,
): string | null {
  if (board.length > 0 && !board.includes(actor)) return `${actor} is not on the board`
  if (!ownVote && actor === requestedBy) return `${actor} asked for it`
  return null
}

/** Of a board of two of whom one asked for it, one is all there is. */
export function quorumOf({ quorum }: Pick<BoardRules, 'quorum'>, members: number | null): number {
  const wanted = quorum ?? (members === null ? 1 : Math.floor(members / 2) + 1)
  return Math.max(1, Math.min(wanted, members ?? wanted))
}

function isMajority(majority: BoardRules['majority'], yes: number, no: number): boolean {
  switch (majority) {
    case 'simple':
      return yes > no
    case 'two-thirds':
      return yes > 0 && yes * 3 >= (yes + no) * 2
    case 'unanimous':
      return yes > 0 && no === 0
  }
}

/** The words of the rule that lets it be done without a vote; null: none does. */
export function standardRule(
  { type, risk }: Pick<ChangeWire, 'type' | 'risk'>,
  { standard }: Pick<BoardRules, 'standard'>,
): string | null {
  const rule = standard.find((each) => each.type === type && RISKS.indexOf(risk) <= RISKS.indexOf(each.upTo))
  return rule === undefined
    ? null
    : `a standard change: ${type} of ${rule.upTo} risk at most is approved beforehand`
}
