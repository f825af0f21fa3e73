// Changes and the meetings of their board, as the API speaks of them (G1).

import { z } from 'zod'
import {
  actionDone,
  actionItemWire,
  actorWire,
  line,
  moment,
  newActionItem,
  prose,
  toldEntryWire,
} from './record-wire.ts'

export const RISKS = ['low', 'medium', 'high'] as const
export type Risk = (typeof RISKS)[number]
export const VOTES = ['approve', 'reject', 'abstain'] as const
export const DECISIONS = ['approved', 'rejected', 'deferred'] as const
export const CHANGE_STATES = [
  'open',
  'deferred',
  'approved',
  'rejected',
  'applied',
  'verified',
  'rolled-back',
  'closed',
] as const
export type ChangeState = (typeof CHANGE_STATES)[number]

const wished = z
  .object({ from: moment, until: moment })
  .refine(({ from, until }) => Date.parse(from) < Date.parse(until), { path: ['until'], error: 'after from' })
const links = () => z.array(z.string().trim().min(1).max(2_000)).max(50)
const proposalShape = {
  title: line,
  why: prose,
  risk: z.enum(RISKS),
  plan: prose,
  rollback: prose,
}

export const changeProposal = z.object({
  ...proposalShape,
  /** What sort of change it is, by which standard ones need no vote: 'release', 'create-index'. */
  type: line.prefault('normal'),
  wished: wished.nullable().prefault(null),
  /** Keys of findings of the record's target. */
  findings: links().prefault([]),
  /** Numbers of maintenance jobs. */
  jobs: links().prefault([]),
  /** Paths of migrations within the project. */
  migrations: links().prefault([]),
})

export const changeAmendment = z
  .object({
    ...proposalShape,
    type: line,
    wished: wished.nullable(),
    findings: links(),
    jobs: links(),
    migrations: links(),
  })
  .partial()
  .extend({ because: prose })
export const changeVote = z.object({
  vote: z.enum(VOTES),
  reason: z.string().trim().max(20_000).prefault(''),
})
export const changeDecision = z.object({
  decision: z.enum(DECISIONS),
  reason: prose,
  /** Approved without a quorum, by one member of the board; the next meeting looks back on it. */
  emergency: z.boolean().prefault(false),
})
export const changeApplied = z.object({
  what: prose,
  jobId: z.string().nullable().prefault(null),
  outcome: z.enum(['done', 'failed']).prefault('done'),
})
export const changeVerified = z.object({ worked: z.boolean(), effect: prose })
export const changeRolledBack = z.object({ what: prose, reason: prose })
export const changeClosed = z.object({ note: prose })

/** What may be asked of a change, by the last part of its address. */
export const CHANGE_REQUESTS = {
  amend: changeAmendment,
  vote: changeVote,
  decide: changeDecision,
  apply: changeApplied,
  verify: changeVerified,
  'roll-back': changeRolledBack,
  close: changeClosed,
} as const
export type ChangeRequest = keyof typeof CHANGE_REQUESTS

export const openChangeWire = changeProposal.extend({
  target: z.string().nullable().prefault(null),
  actor: actorWire,
})

export const tallyWire = z.object({
  approve: z.number(),
  reject: z.number(),
  abstain: z.number(),
  /** Votes that do not count, and why. */
  uncounted: z.array(z.object({ actor: z.string(), because: z.string() })),
  /** How many votes it takes. */
  quorum: z.number(),
  /** Members that may vote; null: anybody may. */
  members: z.number().nullable(),
  /** By the votes so far; null: too few, or nobody for or against. */
  outcome: z.enum(['approved', 'rejected']).nullable(),
  /** No vote that is still out can turn it. */
  isCertain: z.boolean(),
  words: z.string(),
})
export type TallyWire = z.output<typeof tallyWire>

export const changeWire = z.object({
  /** CHG-12. */
  name: z.string(),
  targetId: z.string().nullable(),
  state: z.enum(CHANGE_STATES),
  title: z.string(),
  why: z.string(),
  risk: z.enum(RISKS),
  type: z.string(),
  plan: z.string(),
  rollback: z.string(),
  wished: z.object({ from: moment, until: moment }).nullable(),
  findings: z.array(z.string()),
  jobs: z.array(z.string()),
  migrations: z.array(z.string()),
  requestedBy: z.string(),
  openedAt: moment,
  changedAt: moment,
  /** The last of each voter since it was last amended. */
  votes: z.array(z.object({ actor: z.string(), at: moment, vote: z.enum(VOTES), reason: z.string() })),
  decision: z
    .object({
      decision: z.enum(DECISIONS),
      by: z.string(),
      at: moment,
      reason: z.string(),
      /** By which it was decided, with its numbers. */
      rule: z.string(),
      isEmergency: z.boolean(),
      meeting: z.string().nullable(),
    })
    .nullable(),
  applied: z.array(
    z.object({
      what: z.string(),
      jobId: z.string().nullable(),
      outcome: z.enum(['done', 'failed']),
      by: z.string(),
      at: moment,
      /** It was done though nobody had approved it. */
      isUndecided: z.boolean(),
    }),
  ),
  effect: z.object({ worked: z.boolean(), effect: z.string(), by: z.string(), at: moment }).nullable(),
  closedAs: z.enum(['done', 'rolled back', 'rejected', 'withdrawn']).nullable(),
})
export type ChangeWire = z.output<typeof changeWire>

export const changeDetailWire = changeWire.extend({
  tally: tallyWire,
  entries: z.array(toldEntryWire),
  /** Meetings that had it on their agenda. */
  meetings: z.array(z.string()),
})
export type ChangeDetailWire = z.output<typeof changeDetailWire>

export const changesWire = z.object({
  /** The latest opened first. */
  changes: z.array(changeWire),
  board: z.array(z.string()),
})
export type ChangesWire = z.output<typeof changesWire>

export const agendaItemWire = z.object({
  change: z.string(),
  title: z.string(),
  risk: z.enum(RISKS),
  because: z.enum(['to decide', 'was deferred', 'an emergency, to look back on', 'failed or rolled back']),
  wished: z.object({ from: moment, until: moment }).nullable(),
})
export type AgendaItemWire = z.output<typeof agendaItemWire>

export const meetingPlan = z.object({
  title: line.prefault('Change board'),
  meetsAt: moment,
  place: z.string().trim().max(300).prefault(''),
})
export const meetingHeld = z.object({ present: z.array(line).min(1, 'who was there?') })
export const meetingMinutes = z.object({
  notes: z.string().trim().max(20_000).prefault(''),
  /** Beside those that are there already. */
  actions: z.array(newActionItem).max(50).prefault([]),
})
export const MEETING_REQUESTS = {
  move: meetingPlan,
  hold: meetingHeld,
  minutes: meetingMinutes,
  'action-done': actionDone,
  close: z.object({ note: prose }),
} as const
export type MeetingRequest = keyof typeof MEETING_REQUESTS
export const planMeetingWire = meetingPlan.extend({ actor: actorWire })

export const minutesWire = z.object({
  at: moment,
  by: z.string(),
  notes: z.string(),
  decisions: z.array(z.object({ change: z.string(), title: z.string(), words: z.string() })),
})

export const meetingWire = z.object({
  name: z.string(),
  state: z.enum(['planned', 'held', 'minuted', 'closed', 'cancelled']),
  title: z.string(),
  meetsAt: moment,
  place: z.string(),
  /** As it stands; since it was held: as it was then. */
  agenda: z.array(agendaItemWire),
  present: z.array(z.string()),
  /** Null: not held. */
  hasQuorum: z.boolean().nullable(),
  quorumWords: z.string(),
  minutes: minutesWire.nullable(),
  actions: z.array(actionItemWire),
})
export type MeetingWire = z.output<typeof meetingWire>
export const meetingDetailWire = meetingWire.extend({ entries: z.array(toldEntryWire) })
export type MeetingDetailWire = z.output<typeof meetingDetailWire>
