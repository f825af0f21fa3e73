import { describe, expect, test } from 'vitest'
import { type BoardRules, standardRule, tallyOf } from './board-rules.ts'

const RULES: BoardRules = { board: [], quorum: null, majority: 'simple', ownVote: false, standard: [] }
const FIVE = { ...RULES, board: ['ada', 'bob', 'eve', 'kim', 'lee'] }

/** `bob+ eve- kim0`: for, against, abstained. */
const votes = (text: string) =>
  text.split(' ').flatMap((each) =>
    each === ''
      ? []
      : [
          {
            actor: each.slice(0, -1),
            at: '2026-01-01T00:00:00Z',
            vote: ({ '+': 'approve', '-': 'reject', '0': 'abstain' } as const)[each.at(-1) as '+'],
            reason: '',
          },
        ],
  )
const tally = (rules: BoardRules, text: string, requestedBy = 'zoe') =>
  tallyOf({ votes: votes(text), requestedBy }, rules)

describe('by the votes so far', () => {
  test.each<[string, BoardRules, string, string | null, boolean]>([
    ['one other person is enough without a board', RULES, 'bob+', 'approved', true],
    ['nobody decides', RULES, '', null, false],
    ['two of five are no quorum', FIVE, 'ada+ bob+', null, false],
    ['three of five for it, nobody can turn it', FIVE, 'ada+ bob+ eve+', 'approved', true],
    ['two of three, two may still turn it', FIVE, 'ada+ bob+ eve-', 'approved', false],
    ['all five', FIVE, 'ada+ bob+ eve- kim- lee+', 'approved', true],
    ['a draw is no majority, and one may still turn it', FIVE, 'ada+ bob+ eve- kim-', 'rejected', false],
    ['three against', FIVE, 'ada- bob- eve-', 'rejected', true],
    ['abstentions make a quorum, not a majority', FIVE, 'ada0 bob0 eve0', null, false],
    ['one for it among those who abstain', FIVE, 'ada0 bob0 eve+ kim0 lee0', 'approved', true],
    ['two thirds', { ...FIVE, majority: 'two-thirds' }, 'ada+ bob+ eve- kim0 lee0', 'approved', true],
    [
      'less than two thirds',
      { ...FIVE, majority: 'two-thirds' },
      'ada+ bob+ eve+ kim- lee-',
      'rejected',
      true,
    ],
    ['one against', { ...FIVE, majority: 'unanimous' }, 'ada+ bob+ eve+ kim+ lee-', 'rejected', true],
    ['one against early', { ...FIVE, majority: 'unanimous' }, 'ada- bob+ eve+', 'rejected', true],
    ['a quorum of its own', { ...FIVE, quorum: 2 }, 'ada+ bob+', 'approved', false],
  ])('%s', (_, rules, text, outcome, isCertain) => {
    expect(tally(rules, text)).toMatchObject({ outcome, isCertain })
  })

  test('strangers and who asked for it are left out, and told', () => {
    expect(tally(FIVE, 'ada+ mallory+ bob+', 'ada')).toMatchObject({
      approve: 1,
      members: 4,
      quorum: 3,
      uncounted: [
        { actor: 'ada', because: 'ada asked for it' },
        { actor: 'mallory', because: 'mallory is not on the board' },
      ],
    })
    expect(tally(RULES, 'ada+', 'ada').outcome).toBeNull()
    expect(tally({ ...RULES, ownVote: true }, 'ada+', 'ada').outcome).toBe('approved')
  })

  test('of a board of two, the other one decides on what one asks for', () => {
    expect(tally({ ...RULES, board: ['ada', 'bob'], quorum: 2 }, 'bob+', 'ada')).toMatchObject({
      quorum: 1,
      outcome: 'approved',
      isCertain: true,
    })
  })

  test('in words', () => {
    expect(tally(FIVE, 'ada+ bob-').words).toBe(
      '1 for, 1 against, 0 abstained; it takes 3 of 5 and more for than against',
    )
  })
})

test('a standard change is one of its type up to its risk', () => {
  const rules = { standard: [{ type: 'create-index', upTo: 'medium' }] } as const
  expect(standardRule({ type: 'create-index', risk: 'low' }, rules)).toContain('of medium risk at most')
  expect(standardRule({ type: 'create-index', risk: 'high' }, rules)).toBeNull()
  expect(standardRule({ type: 'release', risk: 'low' }, rules)).toBeNull()
})
