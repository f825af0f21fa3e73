import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { statementRow, statementTextRow, tableActivityRow, tableRow } from '../../../test/rows.ts'
import { hotRowCounter } from './hot-row-counter.ts'

const COUNT = 'update parcel set views = views + $1 where id = $2'
const facts = (over: { text?: string; calls?: number; waiting?: number; rows?: number } = {}) => {
  const calls = over.calls ?? 600
  return {
    statements: intervalOf([statementRow({ calls, rows: calls })]),
    statementTexts: [statementTextRow(over.text ?? COUNT)],
    statementWaits: {
      isSampled: true,
      rows: [{ queryId: '1', sessions: 1, rowLockSessions: over.waiting ?? 0 }],
    },
    blocking: [],
    tables: [tableRow({ rows: over.rows ?? 1_000_000 })],
    tableActivity: intervalOf([tableActivityRow({ updates: calls, hotUpdates: calls / 2 })]),
  }
}

test.each([
  ['a counter in each of a million rows, for which nobody waits', facts()],
  ['a counter that is rarely touched', facts({ calls: 30, waiting: 1 })],
  ['an update that sets a value', facts({ text: 'update parcel set state = $1 where id = $2', waiting: 1 })],
  [
    'a sum of other columns',
    facts({ text: 'update parcel set total = net + tax where id = $1', waiting: 1 }),
  ],
])('is quiet on %s', (_, given) => {
  expect(judge(hotRowCounter, given)).toEqual([])
})

test('finds a counter whose updates wait for each other (A4)', () => {
  expect(judge(hotRowCounter, facts({ waiting: 0.8 }))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      summary: 'The counter views of parcel is updated by many transactions at once',
      evidence: expect.arrayContaining([
        { label: 'updates that stay on their page (HOT)', value: 0.5, unit: 'ratio' },
      ]),
    },
  ])
})

test('finds one of a few rows that is updated all the time, whether anybody was seen waiting or not', () => {
  expect(judge(hotRowCounter, facts({ rows: 2, calls: 6000 }))).toMatchObject([{ severity: 'info' }])
})
