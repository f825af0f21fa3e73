import { expect, test } from 'vitest'
import { NOBODY, queryRow, readingOf } from '../../../test/application/rows.ts'
import { judge } from '../../../test/judge.ts'
import { deepOffset } from './deep-offset.ts'

const judged = (over: object) => judge(deepOffset, { queries: readingOf([queryRow(over)]), rewrites: [] })

const quiet = {
  'first pages': { count: 100, skippedRows: 100 * 950 },
  'a list without': { count: 100, skippedRows: 0 },
  'somebody who looked for an old entry': { count: 9, skippedRows: 9 * 50_000 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judged(over)).toEqual([])
})

test('is skipped where nobody reports', () => {
  expect(judge(deepOffset, { queries: NOBODY, rewrites: [] })).toHaveProperty('skip')
})

const finds = {
  'a note where it is quick': { p95Ms: 99, severity: 'info' },
  'a warning where it is felt': { p95Ms: 100, severity: 'warning' },
}

test.each(Object.entries(finds))('finds %s, by route, model and line', (_, { p95Ms, severity }) => {
  expect(judged({ count: 20, skippedRows: 20 * 1000, rows: 20 * 50, p95Ms })).toMatchObject([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: Parcel.findMany' },
      severity,
      summary:
        'GET /parcels pages Parcel.findMany by OFFSET, and the server reads everything before, at src/parcels.ts:12',
      evidence: expect.arrayContaining([
        { label: 'rows passed over a call', value: 1000, unit: 'count' },
        { label: 'rows returned a call', value: 50, unit: 'count' },
        { label: 'query id', value: '42', unit: 'text' },
      ]),
    },
  ])
})
