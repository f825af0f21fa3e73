import { expect, test } from 'vitest'
import type { MaintenanceJob } from '../../model/maintenance.ts'
import { hasBuilt, isReplacement, isUseless, uselessWords } from './useless-index.ts'

const at = (hours: number) => new Date(Date.UTC(2026, 10, 23, hours))
const job = (over: Partial<MaintenanceJob> = {}): Pick<MaintenanceJob, 'state' | 'steps' | 'createdAt'> => ({
  state: 'done',
  createdAt: at(2),
  steps: [
    {
      kind: 'create-index',
      sql: '',
      relation: { schema: 'shop', name: 'by_day' },
      table: { schema: 'shop', name: 'orders' },
    },
  ],
  ...over,
})
const appeared = { schema: 'shop', index: 'by_day', appearedAt: at(3) }

test.each([
  ['no-change', true, true],
  ['worse', true, true],
  ['worse', false, false],
  ['improved', true, false],
  ['too-few-calls', true, false],
  ['disturbed', true, false],
] as const)('%s, complete %s: useless is %s', (verdict, isComplete, expected) => {
  expect(isUseless({ verdict, isComplete })).toBe(expected)
})

test('it is of a job that was done, built an index of that name, and was made before it appeared', () => {
  expect(hasBuilt(job(), appeared)).toBe(true)
  expect(hasBuilt(job({ state: 'failed' }), appeared)).toBe(false)
  expect(hasBuilt(job({ createdAt: at(4) }), appeared)).toBe(false)
  expect(hasBuilt(job(), { ...appeared, schema: 'public' })).toBe(false)
  const [built] = job().steps
  expect(hasBuilt(job({ steps: [{ ...built!, kind: 'reindex' }] }), appeared)).toBe(false)
})

test('one that another index went for is a replacement', () => {
  const [built] = job().steps
  expect(isReplacement(job())).toBe(false)
  expect(isReplacement(job({ steps: [built!, { ...built!, kind: 'drop-index' }] }))).toBe(true)
})

test('what it did is told with how long it was looked at', () => {
  const before = { from: at(0), to: at(20) }
  expect(uselessWords({ index: 'by_day', verdict: 'no-change', measuredRatio: 0.98, before })).toBe(
    'Index by_day did not help the statements that it is for, 98 % of what they took before, measured over 20 h on either side.',
  )
  expect(uselessWords({ index: 'by_day', verdict: 'worse', measuredRatio: 1.3, before })).toMatch(
    /slower, 130 %/,
  )
})
