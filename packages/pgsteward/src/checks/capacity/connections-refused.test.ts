import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import { logged, logRecord } from '../../../test/log-rows.ts'
import { connectionsRefused } from './connections-refused.ts'

const MINUTE = 60_000
const refused = (minutes: number, over = {}) =>
  logRecord({ class: 'too-many-connections', severity: 'FATAL', at: ago(minutes * MINUTE), ...over })

test.each([
  ['none refused', logged([])],
  ['a burst that has been over for half an hour', logged([refused(30), refused(31)])],
])('is quiet on %s', (_, facts) => {
  expect(judge(connectionsRefused, { logged: facts })).toEqual([])
})

test('is skipped where no log is read', () => {
  expect(judge(connectionsRefused, { logged: logged([], { isRead: false }) })).toHaveProperty('skip')
})

test('one is a warning, five are critical, with who was refused', () => {
  expect(judge(connectionsRefused, { logged: logged([refused(1)]) })).toMatchObject([
    { subject: { kind: 'server' }, severity: 'warning' },
  ])
  const five = [1, 2, 3, 4, 5].map((minutes) => refused(minutes, { user: `user${minutes}` }))
  expect(judge(connectionsRefused, { logged: logged(five) })).toMatchObject([
    {
      severity: 'critical',
      evidence: expect.arrayContaining([
        { label: 'refused', value: 5, unit: 'count' },
        { label: 'users', value: 'user1, user2, user3 and 2 more', unit: 'text' },
        { label: 'limit', value: 'max_connections', unit: 'text' },
      ]),
    },
  ])
})
