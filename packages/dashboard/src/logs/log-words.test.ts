import type { LogClassCountWire, LogEventWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { eventLine, figureWords, logSentence } from './log-words.ts'

const counted = (severity: string, count: number) => ({ severity, count }) as LogClassCountWire
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('the sentence', () => {
  it.each([
    [[], 'The log says nothing in this range.'],
    [[counted('info', 1)], '1 message in this range, none that needs someone.'],
    [[counted('warning', 1), counted('info', 5)], '1 warning among 6 messages in this range.'],
    [
      [counted('critical', 2), counted('warning', 40), counted('warning', 1)],
      '2 critical messages and 41 warnings among 43 messages in this range.',
    ],
  ])('%# says what needs someone first', (classes, expected) => {
    expect(plain(logSentence(classes))).toBe(expected)
  })
})

it.each([
  ['sizeBytes', 2048, ['Size', '2 kB']],
  ['waitedMs', 1500, ['Waited', '1.5 s']],
  ['otherPid', 12345, ['Other pid', '12345']],
  ['lockMode', 'ShareLock', ['Lock mode', 'ShareLock']],
  ['tuples', 12345, ['Tuples', '12,345']],
] as const)('the figure %s is said in its unit', (name, value, expected) => {
  expect(figureWords(name, value).map(plain)).toEqual(expected)
})

it('an event is its first line, a slow statement its time and text', () => {
  const event = { message: 'a\nb', query: null, durationMs: null } as LogEventWire
  expect(eventLine(event)).toBe('a')
  expect(plain(eventLine({ ...event, durationMs: 1200, query: 'select 1' }))).toBe('1.2 s  select 1')
})
