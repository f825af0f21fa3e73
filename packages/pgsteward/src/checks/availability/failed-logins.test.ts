import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { logCount, logged, logRecord } from '../../../test/log-rows.ts'
import { failedLogins } from './failed-logins.ts'

const failures = (count: number, user: string | null = 'app') =>
  Array.from({ length: count }, () =>
    logRecord({
      class: 'password-failed',
      severity: 'FATAL',
      user,
      message: `password authentication failed for user "${user ?? 'other'}"`,
      figures: { role: user ?? 'other' },
    }),
  )

test.each([
  ['none', logged([])],
  ['a person who mistypes', logged(failures(4))],
  ['many roles with a few each', logged([1, 2, 3, 4].flatMap((each) => failures(3, `role${each}`)))],
])('is quiet on %s', (_, facts) => {
  expect(judge(failedLogins, { logged: facts })).toEqual([])
})

test('is skipped where no log is read', () => {
  expect(judge(failedLogins, { logged: logged([], { isRead: false }) })).toHaveProperty('skip')
})

test.each([
  ['five of a role', 5, 'info'],
  ['twenty of a role', 20, 'warning'],
])('finds %s', (_, count, severity) => {
  expect(
    judge(failedLogins, { logged: logged([...failures(count), ...failures(1, 'other')]) }),
  ).toMatchObject([{ subject: { kind: 'role', name: 'app' }, severity }])
})

test('takes the role from the message where the line names none, and counts those not kept', () => {
  const events = failures(5, null)
  const counts = [logCount({ class: 'password-failed', severity: 'FATAL', count: 500 })]
  expect(judge(failedLogins, { logged: logged(events, { counts }) })).toMatchObject([
    {
      subject: { kind: 'role', name: 'other' },
      severity: 'warning',
      evidence: expect.arrayContaining([{ label: 'failures', value: 500, unit: 'count' }]),
    },
  ])
})
