import { expect, test } from 'vitest'
import type { StatementTotals } from '../../store/store.ts'
import { statementShifts } from './statement-shifts.ts'

const row = (queryId: string, meanMs: number, calls = 1_000, user = 'app'): StatementTotals =>
  ({
    queryId,
    database: 'shop',
    user,
    text: `select ${queryId}`,
    calls,
    totalExecMs: meanMs * calls,
  }) as StatementTotals
const STEADY = [10, 10.1, 9.9, 10]
const weeks = (...means: readonly number[]) => means.map((ms) => [row('1', ms)])

test('slower than steady weeks, with what it costs', () => {
  const { slower, faster, compared } = statementShifts([row('1', 15)], weeks(...STEADY))
  expect(slower).toMatchObject([{ queryId: '1', meanMs: 15, wasMs: 10, ratio: 1.5, moreMs: 5_000 }])
  expect(slower[0]!.pValue).toBeLessThan(0.001)
  expect([faster, compared]).toEqual([[], 1])
})

test('faster is told too', () => {
  expect(statementShifts([row('1', 5)], weeks(...STEADY)).faster).toMatchObject([
    { ratio: 0.5, moreMs: -5_000 },
  ])
})

test('as much as the weeks differ is counted, and not told', () => {
  expect(statementShifts([row('1', 14)], weeks(7, 13, 10, 9))).toMatchObject({
    slower: [],
    compared: 1,
    notSupported: 1,
  })
})

test.each([
  ['two weeks alone', [row('1', 20)], weeks(10, 10)],
  ['few calls', [row('1', 20, 50)], weeks(...STEADY)],
  ['a new statement', [row('2', 20)], weeks(...STEADY)],
])('%s are not compared', (_, week, before) => {
  expect(statementShifts(week, before).compared).toBe(0)
})

test('users of one statement count together', () => {
  const week = [row('1', 20, 500, 'app'), row('1', 10, 500, 'batch')]
  expect(statementShifts(week, weeks(...STEADY)).slower).toMatchObject([{ calls: 1_000, meanMs: 15 }])
})

test('with many statements one in twenty is not told by chance', () => {
  // each is three times the weeks' spread away: alone it would be supported
  const ids = Array.from({ length: 40 }, (_, at) => String(at))
  const before = [10, 10.6, 9.4, 10.2].map((ms) => ids.map((id) => row(id, ms)))
  const odd = ids.map((id, at) => row(id, at === 0 ? 11.8 : 10.1))
  expect(
    statementShifts(
      [odd[0]!],
      before.map((rows) => [rows[0]!]),
    ).slower,
  ).toHaveLength(1)
  expect(statementShifts(odd, before).slower).toHaveLength(0)
})
