// What an attempt leaves its job in: the next step, another try later, or the end.

import {
  type JobSettlement,
  type MaintenanceJob,
  NAMED_KINDS,
  type StepResult,
} from '../../model/maintenance.ts'
import type { Milliseconds } from '../../model/units.ts'

const FIRST_PAUSE_MS: Milliseconds = 60_000
const LONGEST_PAUSE_MS: Milliseconds = 30 * 60_000
/** Ten nights or so of a window of three hours. */
const MOST_ATTEMPTS = 60
/** Each makes everybody wait for nothing. */
const MOST_OF_NAMED = 3

export function settlementOf(
  { nextStep, steps, attempts }: Pick<MaintenanceJob, 'nextStep' | 'steps' | 'attempts'>,
  { outcome }: Pick<StepResult, 'outcome'>,
  at: Date,
): JobSettlement {
  if (outcome === 'done') {
    const next = nextStep + 1
    return { state: next >= steps.length ? 'done' : 'approved', nextStep: next, attempts: 0, notBefore: null }
  }
  const tried = attempts + 1
  const most = NAMED_KINDS.includes(steps[nextStep]!.kind) ? MOST_OF_NAMED : MOST_ATTEMPTS
  if (outcome === 'failed' || tried >= most)
    return { state: 'failed', nextStep, attempts: tried, notBefore: null }
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, attempts))
  return { state: 'approved', nextStep, attempts: tried, notBefore: new Date(at.getTime() + pauseMs) }
}
