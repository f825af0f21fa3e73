import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import { logged, logRecord } from '../../../test/log-rows.ts'
import { logServerCrash } from './log-server-crash.ts'

const HOUR = 3_600_000
const killed = logRecord({
  class: 'server-process-killed',
  severity: 'LOG',
  message: 'client backend (PID 4711) was terminated by signal 9: Killed',
  detail: 'Failed process was running: select * from parcel where owner = ?',
  database: null,
})
const recovery = logRecord({
  class: 'crash-recovery',
  severity: 'LOG',
  message: 'database system was not properly shut down; automatic recovery in progress',
})

test.each([
  ['a day without a crash', logged([])],
  ['a crash of yesterday', logged([{ ...killed, at: ago(25 * HOUR) }])],
])('is quiet on %s', (_, facts) => {
  expect(judge(logServerCrash, { logged: facts })).toEqual([])
})

test('is skipped where no log is read', () => {
  expect(judge(logServerCrash, { logged: logged([], { isRead: false }) })).toHaveProperty('skip')
})

test('finds a killed process, with what it was running', () => {
  expect(judge(logServerCrash, { logged: logged([recovery, killed]) })).toMatchObject([
    {
      subject: { kind: 'server' },
      severity: 'critical',
      summary: expect.stringContaining('killed'),
      evidence: expect.arrayContaining([
        { label: 'the log says', value: killed.message, unit: 'text' },
        { label: 'it was running', value: 'select * from parcel where owner = ?', unit: 'text' },
        { label: 'crashes', value: 1, unit: 'count' },
      ]),
    },
  ])
})

test('finds a recovery without a known cause, and a PANIC', () => {
  expect(judge(logServerCrash, { logged: logged([recovery]) })).toMatchObject([
    { summary: expect.stringContaining('not shut down properly') },
  ])
  const panic = logRecord({ class: 'server-panic', severity: 'PANIC', message: 'could not write' })
  expect(judge(logServerCrash, { logged: logged([panic]) })).toMatchObject([
    { summary: expect.stringContaining('PANIC') },
  ])
})
