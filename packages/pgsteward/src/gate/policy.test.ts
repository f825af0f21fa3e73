import { expect, test } from 'vitest'
import type { Verdict } from '../model/comparison.ts'
import { DEFAULT_POLICY, type FailOn, isGateReached, policyOf } from './policy.ts'

test.each<[FailOn, Verdict[]]>([
  ['fail', ['fail', 'invalid']],
  ['warn', ['warn', 'fail', 'invalid']],
  ['inconclusive', ['warn', 'fail', 'inconclusive', 'invalid']],
  ['never', []],
])('--fail-on %s', (failOn, reached) => {
  for (const verdict of ['pass', 'warn', 'fail', 'inconclusive', 'invalid'] as const)
    expect(isGateReached({ verdict, inconclusive: 0 }, policyOf(failOn))).toBe(reached.includes(verdict))
})

test('a single undecided comparison counts where undecided ones do', () => {
  const comparison = { verdict: 'pass', inconclusive: 1 } as const
  expect(isGateReached(comparison, policyOf('inconclusive'))).toBe(true)
  expect(isGateReached(comparison, DEFAULT_POLICY)).toBe(false)
})
