// Which verdicts end with exit code 1. A failure and runs that must not be compared always do, unless a policy says otherwise; what is
// not decided does not block by default, because a noisy machine is not the author's fault.

import { z } from 'zod'
import type { Comparison, Verdict } from '../model/comparison.ts'

const outcome = z.enum(['fail', 'pass'])

export const gatePolicySchema = z.strictObject({
  fail: outcome.prefault('fail').describe('A slowdown of over 15 %, or a rise of errors, with support.'),
  warn: outcome
    .prefault('pass')
    .describe('A slowdown of 10 to 15 % with support, or one that comes and goes.'),
  inconclusive: outcome
    .prefault('pass')
    .describe('A slowdown that would fail is neither shown nor excluded.'),
  invalid: outcome.prefault('fail').describe('The runs must not be compared.'),
})

export interface GatePolicy extends z.output<typeof gatePolicySchema> {}

export const DEFAULT_POLICY: GatePolicy = gatePolicySchema.parse({})

/** `--fail-on`: the mildest verdict that fails; `inconclusive` also where a warning covers it. */
export const FAIL_ON = ['fail', 'warn', 'inconclusive', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export function policyOf(failOn: FailOn): GatePolicy {
  if (failOn === 'never') return { fail: 'pass', warn: 'pass', inconclusive: 'pass', invalid: 'pass' }
  return {
    ...DEFAULT_POLICY,
    warn: failOn === 'fail' ? 'pass' : 'fail',
    inconclusive: failOn === 'inconclusive' ? 'fail' : 'pass',
  }
}

export function isGateReached(
  comparison: Pick<Comparison, 'verdict' | 'inconclusive'>,
  policy: GatePolicy,
): boolean {
  const reached = (verdict: Verdict) => verdict !== 'pass' && policy[verdict] === 'fail'
  return reached(comparison.verdict) || (comparison.inconclusive > 0 && reached('inconclusive'))
}
