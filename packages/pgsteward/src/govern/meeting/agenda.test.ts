import { expect, test } from 'vitest'
import type { ChangeWire } from '../../model/change-wire.ts'
import { agendaOf } from './agenda.ts'
import { decisionsOf, meetingQuorum } from './meeting-state.ts'

const change = (number: number, over: Partial<ChangeWire> = {}): ChangeWire => ({
  name: `CHG-${number}`,
  targetId: null,
  state: 'open',
  title: `Change ${number}`,
  why: '',
  risk: 'low',
  type: 'normal',
  plan: '',
  rollback: '',
  wished: null,
  findings: [],
  jobs: [],
  migrations: [],
  requestedBy: 'ada',
  openedAt: '2026-01-01T00:00:00Z',
  changedAt: '2026-01-01T00:00:00Z',
  votes: [],
  decision: null,
  applied: [],
  effect: null,
  closedAs: null,
  ...over,
})
const decision = (over: Partial<NonNullable<ChangeWire['decision']>>): ChangeWire['decision'] => ({
  decision: 'approved',
  by: 'bob',
  at: '2026-01-05T00:00:00Z',
  reason: 'read',
  rule: 'votes',
  isEmergency: false,
  meeting: null,
  ...over,
})
const wished = (day: number) => ({ from: `2026-02-0${day}T00:00:00Z`, until: '2026-03-01T00:00:00Z' })

test('the riskiest first, then what is wished soonest, then the oldest', () => {
  const changes = [
    change(1),
    change(2, { wished: wished(3) }),
    change(3, { wished: wished(2) }),
    change(10),
    change(4, { risk: 'high', state: 'deferred' }),
  ]
  expect(agendaOf(changes, null).map(({ change, because }) => `${change} ${because}`)).toEqual([
    'CHG-4 was deferred',
    'CHG-3 to decide',
    'CHG-2 to decide',
    'CHG-1 to decide',
    'CHG-10 to decide',
  ])
})

test('emergencies since the last meeting and what failed come up; what went well does not', () => {
  const emergency = { state: 'verified', decision: decision({ isEmergency: true }) } as const
  const changes = [
    change(1, { state: 'verified', decision: decision({}) }),
    change(2, emergency),
    change(3, { state: 'rolled-back', decision: decision({}) }),
    change(4, { state: 'closed' }),
  ]
  const names = (since: string | null) => agendaOf(changes, since).map(({ change }) => change)
  expect(names('2026-01-04T00:00:00Z')).toEqual(['CHG-2', 'CHG-3'])
  expect(names('2026-01-06T00:00:00Z')).toEqual(['CHG-3'])
  expect(names(null)).toEqual(['CHG-2', 'CHG-3'])
})

test('who is there may be enough to decide', () => {
  const rules = { board: ['ada', 'bob', 'eve'], quorum: null }
  expect(meetingQuorum(['ada', 'bob', 'guest'], rules)).toEqual({
    isReached: true,
    words: '2 of 3 members there, it takes 2; missing: eve',
  })
  expect(meetingQuorum(['ada', 'guest'], rules).isReached).toBe(false)
  expect(meetingQuorum(['guest'], { board: [], quorum: null }).isReached).toBe(true)
})

test('minutes tell what this meeting decided', () => {
  const agenda = agendaOf([change(1), change(2)], null)
  const after = [
    change(1, { decision: decision({ meeting: 'MTG-3' }) }),
    change(2, { decision: decision({ meeting: 'MTG-2' }) }),
  ]
  expect(decisionsOf(agenda, after, 'MTG-3').map(({ words }) => words)).toEqual([
    'approved: read (votes)',
    'Nothing was decided.',
  ])
})
