// A log in short: worst first, statements by fingerprint, bounded.

import { expect, test } from 'vitest'
import { logReader } from './log-reader.ts'
import { LogSummarizer, type LogSummary } from './log-summary.ts'
import { eventReader } from './read-event.ts'

function summaryOf(lines: readonly string[]): LogSummary {
  const read = eventReader()
  const summarizer = new LogSummarizer()
  const reader = logReader({ prefix: '%m [%p] %q%u@%d ', onEntry: (entry) => summarizer.add(read(entry)) })
  reader.write(`${lines.join('\n')}\n`)
  reader.end()
  return summarizer.summary()
}

const at = (second: number) => `2026-11-22 14:10:${String(second).padStart(2, '0')}.000 UTC [${second}]`

test('what the catalogue takes to be critical comes first, though PostgreSQL logs it as LOG', () => {
  const { classes } = summaryOf([
    `${at(1)} a@b ERROR:  relation "x" does not exist`,
    `${at(2)} LOG:  server process (PID 5) was terminated by signal 9: Killed`,
    `${at(3)} a@b ERROR:  relation "y" does not exist`,
  ])
  expect(classes.map(({ severity, count }) => [severity, count])).toEqual([
    ['LOG', 1],
    ['ERROR', 2],
  ])
  expect(classes[0]!.grade).toBe('critical')
  expect(classes[1]).toMatchObject({
    firstAt: new Date('2026-11-22T14:10:01Z'),
    lastAt: new Date('2026-11-22T14:10:03Z'),
    line: 1,
    message: 'relation "x" does not exist',
  })
})

test('statements that differ in values and lists alone are one, and the slowest line is named', () => {
  const { slowest } = summaryOf([
    `${at(1)} a@b LOG:  duration: 10 ms  statement: select * from t where id in (5, 6)`,
    `${at(2)} a@b LOG:  duration: 30 ms  statement: select * from t where id in (7, 8, 9)`,
    `${at(3)} a@b LOG:  duration: 35 ms  statement: select 2`,
    `${at(4)} a@b LOG:  duration: 99 ms`,
  ])
  expect(slowest).toMatchObject([
    { calls: 2, totalMs: 40, meanMs: 20, maxMs: 30, line: 2, database: 'b' },
    { calls: 1, totalMs: 35, query: 'select ?' },
  ])
})

test('messages that no class takes are counted by what they look like', () => {
  const { unknown, unknownMessages } = summaryOf([
    `${at(1)} a@b LOG:  the moon is 3 days old`,
    `${at(2)} a@b LOG:  the moon is 14 days old`,
    `${at(3)} a@b LOG:  something else`,
  ])
  expect(unknown).toBe(3)
  expect(unknownMessages).toEqual([
    { message: 'the moon is 3 days old', count: 2, line: 1 },
    { message: 'something else', count: 1, line: 3 },
  ])
})

test('of many different statements the heavy ones are kept', () => {
  const lines = Array.from(
    { length: 12_000 },
    (_, count) =>
      `${at(1)} a@b LOG:  duration: ${count === 5 ? 90_000 : 1} ms  statement: select c${count} from t`,
  )
  const { slowest } = summaryOf(lines)
  expect(slowest[0]).toMatchObject({ totalMs: 90_000, query: 'select c5 from t' })
})

test('nothing gives an empty summary', () => {
  expect(summaryOf([])).toMatchObject({ events: 0, classes: [], slowest: [], fromAt: null, toAt: null })
})
