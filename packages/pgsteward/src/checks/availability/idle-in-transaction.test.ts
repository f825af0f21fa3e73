import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { activityRow } from '../../../test/rows.ts'
import { idleInTransaction } from './idle-in-transaction.ts'

const MINUTE = 60_000
const idle = (minutes: number, over = {}) =>
  activityRow({
    state: 'idle in transaction',
    stateAgeMs: minutes * MINUTE,
    transactionAgeMs: minutes * MINUTE,
    ...over,
  })
const holder = {
  kind: 'backend' as const,
  name: '100',
  database: 'app',
  user: 'web',
  xminAge: 7,
  heldMs: 1,
  detail: '',
}

const quiet = {
  'a pause within a transaction': idle(4),
  'a session idle without one': idle(90, { state: 'idle' }),
  'a transaction at work': idle(90, { state: 'active' }),
  'a session of another database': idle(90, { database: 'other' }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(idleInTransaction, { activity: [row], xminHolders: [holder] })).toEqual([])
})

const finds = {
  'one that was forgotten': { activity: [idle(6)], xminHolders: [], severity: 'warning' },
  'one whose statement failed': {
    activity: [idle(6, { state: 'idle in transaction (aborted)' })],
    xminHolders: [],
    severity: 'warning',
  },
  'one forgotten for hours that holds nothing back': {
    activity: [idle(300)],
    xminHolders: [],
    severity: 'warning',
  },
  'one that holds vacuum back for long': {
    activity: [idle(31)],
    xminHolders: [holder],
    severity: 'critical',
  },
  'one that others wait for': {
    activity: [idle(6), activityRow({ pid: 200, blockedBy: [100] })],
    xminHolders: [],
    severity: 'critical',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { severity, ...facts }) => {
  expect(judge(idleInTransaction, facts)).toMatchObject([{ subject: { kind: 'backend' }, severity }])
})

test('names the session by pid and start, so that a reused pid is another finding and is never terminated', () => {
  const startedAt = new Date('2026-03-10T09:00:00.123Z')
  expect(judge(idleInTransaction, { activity: [idle(6, { startedAt })], xminHolders: [] })).toMatchObject([
    {
      subject: { name: '100@2026-03-10T09:00:00.123Z' },
      remedy: { sql: [expect.stringContaining("a.backend_start) = '2026-03-10T09:00:00.123Z'")], undo: null },
    },
  ])
})

test('shows the last statement without its literals', () => {
  const query = "update member set phone = '+4912345' where id = 9"
  expect(judge(idleInTransaction, { activity: [idle(6, { query })], xminHolders: [] })).toMatchObject([
    {
      evidence: expect.arrayContaining([
        { label: 'statement', value: "update member set phone = '?' where id = ?", unit: 'text' },
      ]),
    },
  ])
})
