import { expect, test } from 'vitest'
import { isOwnText, marked } from './own-statements.ts'

test.each([
  ['\n  select 1', 'select /* pgsteward:wal */ 1'],
  ['with a as (select 1) select * from a', 'with /* pgsteward:wal */ a as (select 1) select * from a'],
])('the mark stands behind the first word: %j', (sql, expected) => {
  expect(marked('wal', sql)).toBe(expected)
})

interface Example {
  readonly name: string
  readonly text: string
  readonly isOwnRole?: boolean
  readonly isOwn: boolean
}

const examples: readonly Example[] = [
  { name: 'marked behind the first word', text: 'select /* pgsteward:wal */ $1', isOwn: true },
  { name: 'marked before it, as 14 to 17 keep it', text: '/* pgsteward:wal */ select $1', isOwn: true },
  {
    name: 'marked, by another role: the store on the same server',
    text: 'insert /* pgsteward:store */ into series',
    isOwnRole: false,
    isOwn: true,
  },
  { name: 'the settings of a session', text: 'set statement_timeout = $1', isOwn: true },
  {
    name: 'the same by another role is an application',
    text: 'set statement_timeout = $1',
    isOwnRole: false,
    isOwn: false,
  },
  { name: 'another setting by the same role', text: 'set work_mem = $1', isOwn: false },
  { name: 'what anyone may run', text: 'select * from pg_stat_activity', isOwn: false },
  { name: 'a table that happens to be named so', text: 'select * from pgsteward', isOwn: false },
]

test.each(examples)('$name', ({ text, isOwnRole = true, isOwn }) => {
  expect(isOwnText(text, isOwnRole)).toBe(isOwn)
})
