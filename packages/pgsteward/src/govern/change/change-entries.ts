// What each entry of a change says.

import { z } from 'zod'
import {
  changeAmendment,
  changeApplied,
  changeClosed,
  changeDecision,
  changeProposal,
  changeRolledBack,
  changeVerified,
  changeVote,
} from '../../model/change-wire.ts'
import { readBody } from '../read-body.ts'

export const CHANGE_BODIES = {
  opened: changeProposal,
  amended: changeAmendment,
  voted: changeVote,
  decided: changeDecision.extend({
    /** The rule with its numbers, as it was then. */
    rule: z.string(),
    meeting: z.string().nullable(),
  }),
  /** Maintenance decided on a job whose finding it names. */
  linked: z.object({ jobId: z.string(), state: z.string(), words: z.string() }),
  applied: changeApplied,
  verified: changeVerified,
  'rolled-back': changeRolledBack,
  closed: changeClosed,
} as const

export type ChangeAction = keyof typeof CHANGE_BODIES
export type ChangeBody<A extends ChangeAction> = z.output<(typeof CHANGE_BODIES)[A]>

/** Null: it is of another version, and is left as it stands. */
export function changeBody<A extends ChangeAction>(action: A, body: unknown): ChangeBody<A> | null {
  if (!Object.hasOwn(CHANGE_BODIES, action)) return null
  return readBody(CHANGE_BODIES[action], body) as ChangeBody<A> | null
}
