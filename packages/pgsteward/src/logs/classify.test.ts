import { expect, test } from 'vitest'
import { entryOf, type WrittenMessage } from '../../test/logs/read-corpus.ts'
import { compileText, figuresOf, matchText } from './classes/compile-text.ts'
import { readDeadlock } from './classes/deadlock-detail.ts'
import type { LogRule } from './classes/rule.ts'
import { classify } from './classify.ts'

const of = (message: string, over: Partial<WrittenMessage> = {}) =>
  classify(entryOf({ class: '', message, ...over }))
const RULE: LogRule = { id: 'any', area: 'server', severity: 'info', title: '', texts: [] }

function figures(text: string, message: string) {
  const compiled = compileText(text, RULE)
  const places: number[] = []
  return matchText(compiled, message, places) ? figuresOf(compiled, message, places) : null
}

test('a text takes a message apart, numbers in the unit that their name says', () => {
  expect(figures('limit ({limitBytes#kB}kB)', 'limit (8kB)')).toEqual({ limitBytes: 8192 })
  expect(figures('after {elapsedMs#s} seconds', 'after 60 seconds')).toEqual({ elapsedMs: 60_000 })
  expect(figures('table "{relation}" is {}', 'table "a" is gone, "x"')).toEqual({ relation: 'a' })
  expect(figures('at {lsn}', 'at 0/5A')).toEqual({ lsn: '0/5A' })
})

test('a number is a number, and a text without an open end ends where it ends', () => {
  expect(figures('PID {pid#}', 'PID x')).toBeNull()
  expect(figures('PID {pid#}', 'PID ')).toBeNull()
  expect(figures('PID {pid#}', 'PID 1.5 and more')).toBeNull()
  expect(figures('shutting down', 'shutting down now')).toBeNull()
  expect(figures('"{a}"', '"')).toBeNull()
})

test('a figure is never longer than a name can be', () => {
  expect(String(figures('is {what}', `is ${'x'.repeat(5000)}`)?.what).length).toBe(200)
})

test.each([
  [
    'invalid input syntax for type integer: "4111 1111 1111 1111"',
    'invalid input syntax for type integer: "?"',
  ],
  ['invalid input value for enum state: "jane@example.net"', 'invalid input value for enum state: "?"'],
  ['date/time field value out of range: "2026-02-30"', 'date/time field value out of range: "?"'],
  ['value "99999999999" is out of range for type integer', 'value "?" is out of range for type integer'],
  ['syntax error at or near "hunter2" at character 15', 'syntax error at or near "?" at character 15'],
  [
    'unterminated quoted string at or near "\'sk_live_1" at character 9',
    'unterminated quoted string at or near "?" at character 9',
  ],
  ['malformed array literal: "{a,"b"', 'malformed array literal: "?"'],
])("masks users' values: %s (S5)", (message, masked) => {
  expect(of(message, { severity: 'ERROR' }).message).toBe(masked)
})

test("no figure holds a user's value (S5)", () => {
  const entry = entryOf({
    class: '',
    severity: 'ERROR',
    sqlState: '23505',
    message: 'duplicate key value violates unique constraint "account_email_key"',
    detail: 'Key (tenant_id, lower(email))=(7, jane@example.net) already exists.',
  })
  expect(classify(entry).figures).toEqual({
    constraint: 'account_email_key',
    columns: 'tenant_id, lower(email)',
  })
})

test('the SQLSTATE decides where a text would mislead', () => {
  expect(of('deadlock detected', { severity: 'ERROR', sqlState: '40P01' }).class).toBe('deadlock')
  expect(of('deadlock detected', { severity: 'ERROR' }).class).toBe('deadlock')
  expect(of('deadlock detected', { severity: 'ERROR', sqlState: 'P0001' }).class).toBe('raised-exception')
  expect(of('role "x" does not exist', { severity: 'FATAL', sqlState: '28000' }).class).toBe(
    'login-role-missing',
  )
  expect(of('role "x" does not exist', { severity: 'ERROR', sqlState: '42704' }).class).toBe(
    'undefined-object',
  )
})

test('the text that says most is taken', () => {
  expect(of('column "a" of relation "b" does not exist', { severity: 'ERROR' }).figures).toEqual({
    column: 'a',
    relation: 'b',
  })
  expect(of('server process (PID 1) was terminated by signal 9: Killed').class).toBe('server-process-killed')
  expect(of('server process (PID 1) was terminated by signal 11: Segmentation fault').class).toBe(
    'server-crashed',
  )
})

test('takes huge messages without harm', () => {
  expect(of('x'.repeat(5_000_000)).class).toBe('unknown')
  expect(of(`duration: 1.0 ms  plan:\n${'Seq Scan '.repeat(500_000)}`).class).toBe('auto-explain-plan')
})

test('a deadlock of three names all of them, statements of several lines too', () => {
  const read = readDeadlock(
    [
      'Process 1 waits for ShareLock on transaction 7; blocked by process 2.',
      'Process 2 waits for ExclusiveLock on tuple (0,1) of relation 5 of database 6; blocked by process 3.',
      'Process 3 waits for AccessExclusiveLock on relation 9 of database 6; blocked by process 1.',
      'Process 1: update a',
      'set b = 1',
      'Process 2: select 1',
      'Process 3: <insufficient privilege>',
    ].join('\n'),
  )
  expect(read?.waits.map(({ pid, blockedBy }) => [pid, blockedBy])).toEqual([
    [1, 2],
    [2, 3],
    [3, 1],
  ])
  expect(read?.waits[1]?.object).toBe('tuple (0,1) of relation 5 of database 6')
  expect(read?.statements[0]).toEqual({ pid: 1, text: 'update a\nset b = 1' })
  expect(readDeadlock('something else')).toBeNull()
})
