import { expect, test } from 'vitest'
import { outageRow, spendingRow } from '../../../test/availability/rows.ts'
import { ago, judge, NOW } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import type { ProbeSpending } from '../../facts/availability.ts'
import { errorBudgetBurn } from './error-budget-burn.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const found = (spending: ProbeSpending, options = {}) =>
  judge(errorBudgetBurn, { spending: [spending] }, { options })
/** Burning over these windows alone. */
const burning = (rates: Readonly<Record<number, number>>, over: Partial<ProbeSpending> = {}) =>
  spendingRow((ms) => rates[ms] ?? 0, over)

test('skips where nothing is probed and nobody reports', () => {
  expect(judge(errorBudgetBurn, { spending: [] })).toMatchObject({ skip: expect.stringContaining('nothing') })
})

test.each([
  ['both windows of an hour burn 14.4 times', { [HOUR]: 14.5, [5 * MINUTE]: 20 }, 'critical'],
  ['both of six hours burn six times', { [6 * HOUR]: 6.1, [30 * MINUTE]: 6.1 }, 'critical'],
  ['both of three days burn at all', { [72 * HOUR]: 1.1, [6 * HOUR]: 1.1 }, 'warning'],
] as const)('finds: %s (N5)', (_, rates, severity) => {
  expect(found(burning(rates))).toMatchObject([{ severity, subject: { kind: 'probe', name: 'health' } }])
})

test.each([
  ['it burned, and no longer does', { [HOUR]: 40, [5 * MINUTE]: 0 }],
  ['it burns since a moment', { [HOUR]: 2, [5 * MINUTE]: 30 }],
  ['windows of different pairs burn', { [HOUR]: 15, [30 * MINUTE]: 6.5 }],
  ['nothing was tried', {}],
] as const)('quiet: %s', (_, rates) => {
  expect(found(burning(rates))).toEqual([])
})

test('evidence tells both burns, the objective, what is left, and how long that lasts', () => {
  const rates = { [HOUR]: 20, [5 * MINUTE]: 30, [720 * HOUR]: 0.5 }
  expect(found(burning(rates))).toMatchObject([
    {
      summary: 'health was down so much that its error budget is spent too fast',
      evidence: [
        { label: 'burn over 1 h', value: expect.closeTo(20) },
        { label: 'burn over 5 min', value: expect.closeTo(30) },
        { label: 'reported from', value: 14.4 },
        { label: 'objective', value: '99.9 %', unit: 'text' },
        { label: 'down in 30 days', value: expect.closeTo(21.6 * MINUTE, -1), unit: 'ms' },
        { label: 'allowed', value: expect.closeTo(43.2 * MINUTE, -1), unit: 'ms' },
        { label: 'budget left', value: expect.closeTo(0.5), unit: 'ratio' },
        { label: 'lasts at this rate', value: expect.closeTo(18 * HOUR, -1), unit: 'ms' },
        { label: 'seen of the 30 days', value: 1, unit: 'ratio' },
      ],
    },
  ])
})

test('requests of an application burn by their share of errors, from so many on', () => {
  const requests = { kind: 'requests', name: 'shop' } as const
  const rates = { [HOUR]: 20, [5 * MINUTE]: 20 }
  expect(found(burning(rates, requests))).toMatchObject([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'critical',
      summary: 'Requests of shop fail so often that their error budget is spent too fast',
    },
  ])
  expect(found(burning(rates, requests), { minFailures: 5_000 })).toEqual([])
})

test('an outage that is told already is no second page; one that ended before the short window is forgotten', () => {
  const rates = { [HOUR]: 100, [5 * MINUTE]: 100 }
  const withOutage = (endedAt: Date | null) => found(burning(rates, { outages: [outageRow({ endedAt })] }))
  expect(withOutage(null)).toMatchObject([{ severity: 'warning' }])
  expect(withOutage(NOW)).toMatchObject([{ severity: 'warning' }])
  expect(withOutage(ago(6 * MINUTE))).toMatchObject([{ severity: 'critical' }])
})

test('between its limits, and when nobody asks any more, it keeps what is open', () => {
  const rates = { [HOUR]: 14, [5 * MINUTE]: 14 }
  expect(found(burning(rates))).toMatchObject([{ sustains: true }])
  expect(found(burning({ [HOUR]: 20, [5 * MINUTE]: 0 }, { isStale: true }))).toMatchObject([
    { sustains: true },
  ])
  expect(found(burning({ [HOUR]: 1 }, { isStale: true }))).toEqual([])
})

describeRule(errorBudgetBurn, {
  facts: (burn) => ({ spending: [spendingRow(() => burn)] }),
  fires: 1.05,
  worsens: 15,
  between: 0.9,
  calm: 0.1,
})
