import { expect, test } from 'vitest'
import type { StatementRow } from '../../facts/statements.ts'
import { PlanQueue } from './plan-queue.ts'

const row = (queryId: string, calls: number, totalExecMs: number, more: Partial<StatementRow> = {}) =>
  ({ queryId, database: 'shop', user: 'app', calls, totalExecMs, ...more }) as StatementRow
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000)
const ids = (queue: PlanQueue, minutes: number) => queue.next(at(minutes)).map(({ queryId }) => queryId)

test('takes the heaviest since each was last looked at', () => {
  const queue = new PlanQueue()
  queue.note([row('a', 10, 50), row('b', 10, 500), row('c', 10, 5)], 'shop')
  expect(ids(queue, 0)).toEqual(['b', 'a', 'c'])
  queue.looked('b', at(0), 1, false)
  queue.note([row('b', 1, 49)], 'shop')
  expect(ids(queue, 1)).toEqual(['a', 'c'])
  // not before five minutes have passed
  expect(ids(queue, 5)).toEqual(['a', 'b', 'c'])
})

test('takes first, and at once, what became slower or faster by half', () => {
  const queue = new PlanQueue()
  for (let minute = 0; minute < 5; minute++)
    queue.note([row('heavy', 100, 9_000), row('flips', 100, 200), row('mends', 10, 4_000)], 'shop')
  for (const id of ids(queue, 0)) queue.looked(id, at(0), 1, false)
  queue.note([row('heavy', 100, 9_500), row('flips', 100, 900), row('mends', 10, 100)], 'shop')
  expect(queue.next(at(1))).toEqual([
    { queryId: 'flips', database: 'shop', user: 'app', isUrgent: true },
    { queryId: 'mends', database: 'shop', user: 'app', isUrgent: true },
  ])
})

test('is not stirred by few or fast calls', () => {
  const queue = new PlanQueue()
  queue.note([row('few', 2, 2), row('fast', 1000, 5)], 'shop')
  for (const id of ids(queue, 0)) queue.looked(id, at(0), 1, false)
  queue.note([row('few', 2, 40), row('fast', 1000, 15)], 'shop')
  expect(ids(queue, 1)).toEqual([])
})

test('keeps to its budget: a thousandth of a core, and nothing saved up beyond a quarter of a second', () => {
  const queue = new PlanQueue()
  const rows = [...Array(500).keys()].map((n) => row(`q${n}`, 1, 500 - n))
  let spentMs = 0
  for (let minute = 0; minute <= 60; minute++) {
    queue.note(rows, 'shop')
    for (const { queryId } of queue.next(at(minute), 5)) {
      queue.looked(queryId, at(minute), 5, false)
      spentMs += 5
    }
  }
  expect(spentMs).toBeLessThanOrEqual(3_600 + 100)
  expect(spentMs).toBeGreaterThan(3_000)
  // after a quiet day
  expect(queue.next(at(24 * 60), 5).length).toBeLessThanOrEqual(50)
})

test('what was refused waits half an hour, unless something happened that may change plans', () => {
  const queue = new PlanQueue()
  queue.note([row('a', 10, 50)], 'shop')
  queue.looked('a', at(0), 1, true)
  queue.note([row('a', 10, 50)], 'shop')
  expect(ids(queue, 20)).toEqual([])
  expect(ids(queue, 31)).toEqual(['a'])
  queue.looked('a', at(31), 1, true)
  queue.note([row('a', 10, 50)], 'shop')
  queue.reconsider('all')
  expect(ids(queue, 32)).toEqual(['a'])
})

test('leaves out other databases and plans for the role that it takes the most time for', () => {
  const queue = new PlanQueue()
  queue.note(
    [
      row('a', 1, 5, { user: 'admin' }),
      row('a', 100, 900, { user: 'app' }),
      row('b', 1, 9, { database: 'other' }),
    ],
    'shop',
  )
  expect(queue.next(at(0))).toEqual([{ queryId: 'a', database: 'shop', user: 'app', isUrgent: false }])
})
