import { expect, test } from 'vitest'
import { loadRun } from '../../test/report/comparisons.ts'
import { disturbedNote, isDisturbed } from './disturbed.ts'

const run = (hostStolenRatio?: number | null) => {
  const { environment, ...rest } = loadRun()
  return {
    ...rest,
    environment: { ...environment, ...(hostStolenRatio === undefined ? {} : { hostStolenRatio }) },
  }
}

test('a run is disturbed from 3 % of stolen time on, and not where nobody tells', () => {
  expect([run(0.029), run(0.03), run(null), run()].map(isDisturbed)).toEqual([false, true, false, false])
})

test('says in how many runs, and how much at worst', () => {
  expect(disturbedNote([run(0.01), run()])).toBeNull()
  expect(disturbedNote([run(0.04), run(0.12), run(0.01)])).toMatch(/^In 2 of 3 runs .* \(up to 12 %\)/)
})
