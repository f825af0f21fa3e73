import { expect, test } from 'vitest'
import { slowQueryRate as ratesOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { criticalQueryRate } from './critical-query-rate.ts'

test.each([
  [3, []],
  [5, ['warning']],
  [25, ['critical']],
])('%d statements over the critical limit within five minutes: %j (N2)', (critical, severities) => {
  expect(judge(criticalQueryRate, { rates: ratesOf({ slow: 100, critical }) })).toEqual(
    severities.map((severity) => expect.objectContaining({ severity })),
  )
})

describeRule(criticalQueryRate, {
  facts: (aMinute) => ({ rates: ratesOf({ slow: 40, critical: 5 * aMinute }) }),
  fires: 1,
  worsens: 5,
  between: 0.8,
  calm: 0.6,
})
