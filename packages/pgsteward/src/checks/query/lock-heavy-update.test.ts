import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { blockingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import { lockHeavyUpdate } from './lock-heavy-update.ts'

const UPDATE = 'update parcel set state = $1 where id = $2'
const facts = (waits: { sessions: number; rowLockSessions: number } | null, text = UPDATE) => ({
  statements: intervalOf([statementRow({ calls: 100, totalExecMs: 50_000 })]),
  statementTexts: [statementTextRow(text)],
  statementWaits:
    waits === null ? { isSampled: false, rows: [] } : { isSampled: true, rows: [{ queryId: '1', ...waits }] },
  blocking: [blockingRow({ waitingQueryId: '1' })],
})
const waiting = (count: number, lockType = 'transactionid') =>
  Array.from({ length: count }, (_, at) =>
    blockingRow({ waitingQueryId: '1', waitingPid: 200 + at, lockType }),
  )

test.each([
  ['a statement that works more than it waits', facts({ sessions: 2, rowLockSessions: 0.4 })],
  ['a wait now and then', facts({ sessions: 0.1, rowLockSessions: 0.1 })],
  [
    'a counter, which is a case of its own',
    facts({ sessions: 2, rowLockSessions: 2 }, 'update parcel set n = n + $1 where id = $2'),
  ],
  ['two sessions that meet, where nothing is sampled', { ...facts(null), blocking: waiting(2) }],
  ['waits for a table lock', { ...facts(null), blocking: waiting(5, 'relation') }],
])('is quiet on %s', (_, given) => {
  expect(judge(lockHeavyUpdate, given)).toEqual([])
})

test('finds a statement that mostly waits for rows, and names who holds them (A4)', () => {
  expect(judge(lockHeavyUpdate, facts({ sessions: 2, rowLockSessions: 1.6 }))).toMatchObject([
    {
      subject: { kind: 'query', queryId: '1' },
      severity: 'warning',
      summary: 'A statement on parcel mostly waits for rows that other transactions hold',
      evidence: expect.arrayContaining([
        { label: 'of its time', value: 0.8, unit: 'ratio' },
        {
          label: 'now held by a transaction idle after',
          value: 'update parcel set weight = ? where id = ?',
          unit: 'text',
        },
      ]),
    },
  ])
})

test('without samples it is who waits at this moment', () => {
  expect(judge(lockHeavyUpdate, { ...facts(null), blocking: waiting(3) })).toMatchObject([
    { severity: 'info' },
  ])
})
