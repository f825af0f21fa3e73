import { expect, test } from 'vitest'
import { slowQueryRate as ratesOf, slowQueryGroup } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { slowQueryRate } from './slow-query-rate.ts'

const judged = (slow: number, options = {}) => judge(slowQueryRate, { rates: ratesOf({ slow }) }, { options })

test.each([
  [0, []],
  [22, []],
  [25, ['warning']],
  [49, ['warning']],
  [50, ['critical']],
])('%d slow statements within five minutes: %j (N2)', (slow, severities) => {
  expect(judged(slow)).toEqual(severities.map((severity) => expect.objectContaining({ severity })))
})

test('limits are a minute', () => {
  expect(judged(25, { warning: 6, clear: 6 })).toEqual([])
})

test('says which statements, of which places', () => {
  const groups = [
    slowQueryGroup({ count: 20, maxMs: 1_900 }),
    // the database told of it, and knows no route
    slowQueryGroup({
      count: 6,
      maxMs: 300,
      application: null,
      route: null,
      model: null,
      action: null,
      caller: null,
    }),
  ]
  expect(judge(slowQueryRate, { rates: ratesOf({ slow: 26, critical: 2, groups }) })).toMatchObject([
    {
      subject: { kind: 'server' },
      evidence: [
        { label: 'slow statements a minute', value: 5.2 },
        { label: 'reported from', value: 5 },
        { label: 'within', value: 300_000, unit: 'ms' },
        { label: 'slow statements', value: 26 },
        { label: 'of them critical', value: 2 },
        { label: 'slowest', value: 1_900 },
        { label: 'mostly', value: '20 × GET /parcels: Parcel.findMany' },
        { label: 'mostly', value: '6 × select * from parcel where place = ?' },
        { label: 'heaviest statement', value: 'select * from parcel where place = ?' },
        { label: 'application', value: 'shop' },
        { label: 'sent at', value: 'src/parcels.ts:12' },
      ],
    },
  ])
})

describeRule(slowQueryRate, {
  facts: (aMinute) => ({ rates: ratesOf({ slow: 5 * aMinute }) }),
  fires: 5,
  worsens: 10,
  between: 4.6,
  calm: 4.4,
})
