import { expect, test } from 'vitest'
import type { ComparedSeries, Comparison } from '../model/comparison.ts'
import { nextStep } from './next-step.ts'
import { supportLevel } from './support-level.ts'

const comparison = (verdict: Comparison['verdict'], ...series: Partial<ComparedSeries>[]) =>
  ({ verdict, series, comparisons: series.length }) as unknown as Comparison
const passed = { verdict: 'pass', band: 'none', ratio: 1, upper: 1.04 } as const
const undecided = { verdict: 'inconclusive', band: null, ratio: 1.1, upper: 1.4 } as const

test.each([
  ['begins with three', null, 0, { step: 'continue', repetitions: 3 }],
  ['completes the first three', comparison('pass', passed), 1, { step: 'continue', repetitions: 2 }],
  [
    'two more while something is undecided',
    comparison('inconclusive', passed, undecided),
    3,
    { step: 'continue', repetitions: 2 },
  ],
  ['nine at most', comparison('inconclusive', undecided), 9, { step: 'done' }],
  [
    'one more where two would be too many',
    comparison('inconclusive', undecided),
    8,
    { step: 'continue', repetitions: 1 },
  ],
  ['ends when everything is decided', comparison('pass', passed), 3, { step: 'done' }],
  ['ends at a failure', comparison('fail', undecided, { verdict: 'fail' }), 5, { step: 'done' }],
  ['ends when runs cannot be compared', comparison('invalid'), 3, { step: 'done' }],
  [
    'looks further where a pass leaves a slowdown over 10 % open',
    comparison('pass', { ...passed, band: null, ratio: 1.11, upper: 1.14 }),
    3,
    { step: 'continue', repetitions: 2 },
  ],
  [
    'gives up where none over 10 % is left (futility)',
    comparison('pass', { ...passed, band: null, ratio: 1.06, upper: 1.09 }),
    3,
    { step: 'done' },
  ],
] as const)('%s', (_name, so, repetitions, expected) => {
  expect(nextStep(so, repetitions)).toMatchObject(expected)
})

test('the looks together spend little more than a hundredth, and later ones more than earlier', () => {
  const spent = [3, 5, 7, 9].map((repetitions) => supportLevel({ repetitions, isSequential: true }))
  expect(spent).toEqual([...spent].sort((a, b) => a - b))
  expect(spent.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.015)
  expect(supportLevel({ repetitions: 40, isSequential: true })).toBe(spent[3])
  expect(supportLevel({ repetitions: 3, isSequential: false })).toBe(0.01)
})
