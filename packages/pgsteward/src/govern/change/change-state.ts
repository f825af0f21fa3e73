// What a change is now, worked out from its entries; and what may be added to it.

import type { ChangeState, ChangeWire } from '../../model/change-wire.ts'
import { type GovernanceRecord, type RecordEntry, recordName } from '../../model/governance.ts'
import { ownOf } from '../own-of.ts'
import { openingOf, refused } from '../refused.ts'
import { type ChangeAction, type ChangeBody, changeBody } from './change-entries.ts'

export function changeOf(record: GovernanceRecord): ChangeWire {
  const opening = openingOf(record)
  const proposal = changeBody('opened', opening.body) ?? UNREADABLE
  let change: ChangeWire = {
    ...proposal,
    name: recordName(record),
    targetId: record.targetId,
    state: 'open',
    requestedBy: opening.actor,
    openedAt: opening.at.toISOString(),
    changedAt: opening.at.toISOString(),
    votes: [],
    decision: null,
    applied: [],
    effect: null,
    closedAs: null,
  }
  for (const entry of record.entries.slice(1))
    change = { ...after(change, entry), changedAt: entry.at.toISOString() }
  return change
}

const UNREADABLE: ChangeBody<'opened'> = {
  title: 'A change of another version',
  why: '',
  risk: 'high',
  type: 'normal',
  plan: '',
  rollback: '',
  wished: null,
  findings: [],
  jobs: [],
  migrations: [],
}

type Fold = { readonly [A in ChangeAction]?: (change: ChangeWire, body: ChangeBody<A>, by: By) => ChangeWire }
interface By {
  readonly by: string
  readonly at: string
}

const FOLD: Fold = {
  // those who voted had read something else
  amended: (change, { because: _, ...changes }) => ({
    ...change,
    ...(changes as Partial<ChangeBody<'opened'>>),
    state: 'open',
    votes: [],
    decision: null,
  }),
  voted: (change, { vote, reason }, { by, at }) => ({
    ...change,
    votes: [...change.votes.filter(({ actor }) => actor !== by), { actor: by, at, vote, reason }],
  }),
  decided: (change, { decision, reason, rule, emergency, meeting }, { by, at }) => ({
    ...change,
    state: decision,
    decision: { decision, by, at, reason, rule, isEmergency: emergency, meeting },
  }),
  linked: (change, { jobId }) => ({ ...change, jobs: [...new Set([...change.jobs, jobId])] }),
  applied: (change, { what, jobId, outcome }, { by, at }) => {
    const isUndecided = change.decision?.decision !== 'approved'
    return {
      ...change,
      // what was closed stays so: the entry alone tells
      state: change.state === 'closed' ? 'closed' : outcome === 'done' ? 'applied' : change.state,
      applied: [...change.applied, { what, jobId, outcome, by, at, isUndecided }],
    }
  },
  verified: (change, { worked, effect }, { by, at }) => ({
    ...change,
    state: worked ? 'verified' : 'applied',
    effect: { worked, effect, by, at },
  }),
  'rolled-back': (change) => ({ ...change, state: 'rolled-back' }),
  closed: (change) => ({ ...change, state: 'closed', closedAs: CLOSED_AS[change.state] ?? 'withdrawn' }),
}

const CLOSED_AS: { readonly [S in ChangeState]?: NonNullable<ChangeWire['closedAs']> } = {
  verified: 'done',
  'rolled-back': 'rolled back',
  rejected: 'rejected',
}

function after(change: ChangeWire, entry: RecordEntry): ChangeWire {
  const action = entry.action as ChangeAction
  const fold = ownOf(FOLD, action) as ((change: ChangeWire, body: unknown, by: By) => ChangeWire) | undefined
  const body = fold === undefined ? null : changeBody(action, entry.body)
  return fold === undefined || body === null
    ? change
    : fold(change, body, { by: entry.actor, at: entry.at.toISOString() })
}

const ALLOWED: { readonly [A in ChangeAction]?: readonly ChangeState[] } = {
  amended: ['open', 'deferred', 'approved', 'rejected'],
  voted: ['open', 'deferred'],
  decided: ['open', 'deferred'],
  applied: ['approved', 'applied'],
  verified: ['applied'],
  'rolled-back': ['applied', 'verified'],
  closed: ['open', 'deferred', 'approved', 'rejected', 'verified', 'rolled-back'],
}

/** Throws 'record-changed' where people may not do this to a change that stands so. */
export function refuseChange({ name, state, decision }: ChangeWire, action: ChangeAction): void {
  const allowed = ALLOWED[action]
  if (allowed === undefined || allowed.includes(state)) return
  throw refused(name, `it is ${STATE_WORDS[state]}`, hintFor(action, state, decision))
}

export const STATE_WORDS: Readonly<Record<ChangeState, string>> = {
  open: 'to be decided',
  deferred: 'deferred',
  approved: 'approved',
  rejected: 'rejected',
  applied: 'applied and not verified',
  verified: 'applied and verified',
  'rolled-back': 'rolled back',
  closed: 'closed',
}

function hintFor(action: ChangeAction, state: ChangeState, decision: ChangeWire['decision']): string {
  if (state === 'closed') return 'Open another change.'
  if (action === 'voted' || action === 'decided')
    return decision === null
      ? 'Open another change.'
      : `${decision.by} decided. Amend it to have it voted on anew.`
  if (action === 'applied')
    return state === 'open' || state === 'deferred'
      ? 'Have it approved first: pgsteward change vote, or decide --emergency.'
      : 'Amend it to have it voted on anew, or open another.'
  if (action === 'verified' || action === 'rolled-back')
    return 'Say first what was applied: pgsteward change apply.'
  if (action === 'closed') return 'Say first what came of it: pgsteward change verify or roll-back.'
  return 'What was done cannot be amended: open another change.'
}
