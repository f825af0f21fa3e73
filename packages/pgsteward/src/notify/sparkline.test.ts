import { expect, test } from 'vitest'
import { sparkline } from './sparkline.ts'

test.each([
  { it: 'rises from zero to the largest', values: [0, 1, 2, 4, 7], line: '▁▂▃▅█' },
  { it: 'is not stretched: small swings of a large value look small', values: [95, 100, 98], line: '███' },
  { it: 'shows where nothing is known', values: [null, 3, null], line: '·█·' },
  { it: 'is flat at zero', values: [0, 0], line: '▁▁' },
  { it: 'takes what is below zero for zero', values: [-5, 5], line: '▁█' },
  { it: 'is empty of nothing', values: [], line: '' },
])('$it', ({ values, line }) => {
  expect(sparkline(values)).toBe(line)
})
