// Nothing is changed without a warrant: a decision that was recorded, and a window that is open.

import { StewardError } from '../model/error.ts'

export interface Warrant {
  /** Of the store's record of decisions. */
  readonly decisionId: string
  /** The window's end. What runs then is cancelled. */
  readonly until: Date
}

/** Throws 'maintenance-refused' when it does not hold (any more). */
export function requireWarrant(warrant: Warrant, now: Date): void {
  if (warrant.decisionId === '')
    throw new StewardError('maintenance-refused', 'nobody decided on this', {
      detail: 'A decision is recorded before anything on a target is changed.',
      hint: 'pgsteward maintain approve JOB --reason "..."',
    })
  if (now >= warrant.until)
    throw new StewardError('maintenance-refused', 'the maintenance window is over', {
      detail: `It ended at ${warrant.until.toISOString()}.`,
      hint: 'It is tried again in the next window.',
    })
}
