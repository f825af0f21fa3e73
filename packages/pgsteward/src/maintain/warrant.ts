// Nothing is changed without a warrant: a decision that was recorded, and a window that is open.

import { StewardError } from '../model/error.ts'
import { type MaintenanceStep, NAMED_KINDS } from '../model/maintenance.ts'

export interface Warrant {
  /** Of the store's record of decisions. */
  readonly decisionId: string
  /** The window's end. What runs then is cancelled. */
  readonly until: Date
  /** Who approved a request that names the table; null: nobody did, or a rule. */
  readonly namedBy?: string | null
}

/** Throws 'maintenance-refused' when it does not hold (any more). `step` null: a person at a terminal does work of another kind. */
export function requireWarrant(
  warrant: Warrant,
  now: Date,
  step: Pick<MaintenanceStep, 'kind'> | null,
): void {
  if (warrant.decisionId === '')
    throw new StewardError('maintenance-refused', 'nobody decided on this', {
      detail: 'A decision is recorded before anything on a target is changed.',
      hint: 'pgsteward maintain approve JOB --reason "..."',
    })
  if (step !== null && NAMED_KINDS.includes(step.kind) && (warrant.namedBy ?? null) === null)
    throw new StewardError('maintenance-refused', `nobody named a table for ${step.kind}`, {
      detail: 'It locks everybody out of the table: no rule and no finding decides on that.',
      hint: 'pgsteward maintain request --vacuum-full SCHEMA.TABLE, then approve the job.',
    })
  if (now >= warrant.until)
    throw new StewardError('maintenance-refused', 'the maintenance window is over', {
      detail: `It ended at ${warrant.until.toISOString()}.`,
      hint: 'It is tried again in the next window.',
    })
}
