import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { logCount, logRecord } from '../../../test/log-rows.ts'
import type { LoggedErrors } from '../../facts/log-errors.ts'
import { logErrorBurst } from './log-error-burst.ts'

const HOUR = 3_600_000
const count = (id: string, errors: number) => logCount({ class: id, count: errors })

const errors = (over: Partial<LoggedErrors> = {}): LoggedErrors => ({
  isRead: true,
  recentMs: HOUR / 6,
  recent: [count('undefined-column', 50)],
  usualMs: 24 * HOUR,
  usual: [],
  events: [
    logRecord({
      class: 'undefined-column',
      message: 'column "colour" does not exist',
      query: 'select colour from parcel where id = ?',
    }),
  ],
  ...over,
})

test.each([
  ['a few errors', errors({ recent: [count('undefined-column', 19)] })],
  ['as many as always', errors({ usual: [count('undefined-column', 50 * 144)] })],
  ['deadlocks, which have a check of their own', errors({ recent: [count('deadlock', 50)] })],
  ['no errors', errors({ recent: [] })],
])('is quiet on %s', (_, logged) => {
  expect(judge(logErrorBurst, { logged })).toEqual([])
})

test.each([
  ['no log is read', errors({ isRead: false })],
  ['what is usual is not known', errors({ usualMs: 60_000 })],
])('is skipped where %s', (_, logged) => {
  expect(judge(logErrorBurst, { logged })).toHaveProperty('skip')
})

test('finds errors that begin, dated, with a message and its statement', () => {
  expect(judge(logErrorBurst, { logged: errors() })).toMatchObject([
    {
      subject: { kind: 'database', name: 'app' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'errors', value: 50, unit: 'count' },
        { label: 'since', value: '2026-03-10T11:55:00.000Z', unit: 'text' },
        { label: 'undefined-column', value: 50, unit: 'count' },
        { label: 'the log says', value: 'column "colour" does not exist', unit: 'text' },
        { label: 'statement', value: 'select colour from parcel where id = ?', unit: 'text' },
      ]),
    },
  ])
})

test('finds errors that multiply, and not those that merely grow', () => {
  const usual = [count('undefined-column', 5 * 144)]
  expect(judge(logErrorBurst, { logged: errors({ usual }) })).toHaveLength(1)
  expect(
    judge(logErrorBurst, { logged: errors({ usual, recent: [count('undefined-column', 24)] }) }),
  ).toEqual([])
})
