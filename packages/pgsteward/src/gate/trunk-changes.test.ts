import { expect, test } from 'vitest'
import { runRow, seriesRow } from '../../test/gate/runs.ts'
import { noiseFloors } from './noise-floor.ts'
import { trunkChanges } from './trunk-changes.ts'

const noise = (at: number) => (Math.sin(at * 12.9898) * 43758.5453) % 1
const nightly = (level: (at: number) => number) =>
  Array.from({ length: 60 }, (_, at) => level(at) * (1 + 0.03 * noise(at)))

test('a step of a quarter is told with its place and size', () => {
  const [change, ...more] = trunkChanges(nightly((at) => (at < 40 ? 20 : 25)))
  expect(more).toEqual([])
  expect(change!.index).toBe(40)
  expect(change!.ratio).toBeCloseTo(1.25, 1)
})

test.each([
  ['no step', nightly(() => 20)],
  ['a step of 3 %', nightly((at) => (at < 40 ? 20 : 20.6))],
  ['two bad nights', nightly((at) => (at === 30 || at === 31 ? 60 : 20))],
  ['too short', [1, 2, 3]],
])('%s: nothing is told', (_name, values) => {
  expect(trunkChanges(values)).toEqual([])
})

test('noise floors are learnt from identical runs: what 95 of 100 pairs stay within', () => {
  const runs = [1, 1.1, 1.2, 1].map((factor) => runRow({ series: [seriesRow({ medianMs: 20 * factor })] }))
  const [p50] = noiseFloors(runs, ['p50'])
  expect(p50).toMatchObject({ series: 'all', quantile: 'p50', pairs: 6 })
  expect(p50!.logRatio).toBeCloseTo(Math.log(1.2), 2)
  expect(noiseFloors(runs.slice(0, 2))).toEqual([])
})
