import { describe, expect, test } from 'vitest'
import { minutesLater } from '../../../test/notify/alert-rows.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import { type ChangeAction, changeBody } from './change-entries.ts'
import { changeOf, refuseChange } from './change-state.ts'

const PROPOSAL = { title: 'An index', why: 'slow', risk: 'low', plan: 'create', rollback: 'drop' }
type Told = readonly [actor: string, action: string, body: object]

const change = (...entries: readonly Told[]): GovernanceRecord => ({
  kind: 'change',
  number: 12,
  targetId: 'shop',
  origin: null,
  entries: ([['ada', 'opened', PROPOSAL], ...entries] as const).map(([actor, action, body], seq) => ({
    seq,
    at: minutesLater(seq),
    actor,
    action,
    // as the desk keeps it: with its defaults
    body: { ...(changeBody(action as ChangeAction, body) ?? body) },
  })),
})
const vote = (actor: string, told: string): Told => [actor, 'voted', { vote: told, reason: '' }]
const decided = (decision: string): Told => [
  'bob',
  'decided',
  { decision, reason: 'read', rule: 'votes', meeting: null },
]
const APPROVED = decided('approved')
const APPLIED: Told = ['ada', 'applied', { what: 'create index' }]
const VERIFIED: Told = ['ada', 'verified', { worked: true, effect: '40 ms instead of 900' }]
const CLOSED: Told = ['ada', 'closed', { note: 'done' }]
const BACK: Told = ['ada', 'rolled-back', { what: 'dropped', reason: 'writes' }]

describe('a change stands as its entries say', () => {
  test.each<[string, string | null, readonly Told[]]>([
    ['open', null, []],
    ['open', null, [vote('bob', 'approve')]],
    ['approved', null, [APPROVED]],
    ['deferred', null, [decided('deferred')]],
    ['approved', null, [decided('deferred'), APPROVED]],
    ['applied', null, [APPROVED, APPLIED]],
    ['approved', null, [APPROVED, ['ada', 'applied', { what: 'x', outcome: 'failed' }]]],
    ['verified', null, [APPROVED, APPLIED, VERIFIED]],
    ['applied', null, [APPROVED, APPLIED, ['ada', 'verified', { worked: false, effect: 'no faster' }]]],
    ['rolled-back', null, [APPROVED, APPLIED, BACK]],
    ['closed', 'done', [APPROVED, APPLIED, VERIFIED, CLOSED]],
    ['closed', 'rolled back', [APPROVED, APPLIED, BACK, CLOSED]],
    ['closed', 'rejected', [decided('rejected'), CLOSED]],
    ['closed', 'withdrawn', [CLOSED]],
    ['open', null, [APPROVED, ['ada', 'amended', { because: 'another plan', plan: 'create concurrently' }]]],
    ['open', null, [['ada', 'of another version', { any: 1 }]]],
  ])('%s, closed as %s', (state, closedAs, entries) => {
    expect(changeOf(change(...entries))).toMatchObject({ state, closedAs })
  })

  test('an amendment takes votes back, since they were about something else', () => {
    const amended = changeOf(
      change(vote('bob', 'approve'), [
        'ada',
        'amended',
        { because: 'b', plan: 'concurrently', wished: null },
      ]),
    )
    expect(amended).toMatchObject({ votes: [], plan: 'concurrently', title: 'An index', risk: 'low' })
  })

  test('who votes again has changed his mind', () => {
    const { votes } = changeOf(change(vote('bob', 'reject'), vote('eve', 'approve'), vote('bob', 'approve')))
    expect(votes.map(({ actor, vote }) => `${actor} ${vote}`)).toEqual(['eve approve', 'bob approve'])
  })

  test('what maintenance did without an approval is told as such', () => {
    const told = changeOf(change(['pgsteward', 'applied', { what: 'drop index', jobId: '7' }]))
    expect(told).toMatchObject({ state: 'applied', applied: [{ jobId: '7', isUndecided: true }] })
  })

  test('what another version wrote is passed over', () => {
    expect(changeOf(change(['bob', 'voted', { vote: 'perhaps' }])).votes).toEqual([])
  })
})

describe('what a change does not allow is refused with what to do', () => {
  test.each<[ChangeAction, string, readonly Told[]]>([
    ['voted', 'Amend it', [APPROVED]],
    ['decided', 'Amend it', [decided('rejected')]],
    ['applied', 'Have it approved first', []],
    ['applied', 'Amend it', [decided('rejected')]],
    ['verified', 'what was applied', [APPROVED]],
    ['rolled-back', 'what was applied', [APPROVED]],
    ['closed', 'what came of it', [APPROVED, APPLIED]],
    ['amended', 'open another change', [APPROVED, APPLIED]],
    ['amended', 'Open another change', [CLOSED]],
    ['voted', 'Open another change', [CLOSED]],
  ])('%s: %s', (action, hint, entries) => {
    expect(() => refuseChange(changeOf(change(...entries)), action)).toThrow(
      expect.objectContaining({ code: 'record-changed', hint: expect.stringContaining(hint) }),
    )
  })

  test('and nothing else is', () => {
    expect(() => refuseChange(changeOf(change()), 'voted')).not.toThrow()
    expect(() => refuseChange(changeOf(change(APPROVED, APPLIED)), 'applied')).not.toThrow()
  })
})
