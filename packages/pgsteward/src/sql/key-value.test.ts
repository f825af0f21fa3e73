import { expect, test } from 'vitest'
import { keyNumber, keyText } from './key-value.ts'

const UTC = 'timestamp with time zone'

test.each([
  [UTC, '2026-03-01 12:30:00.25+00', Date.UTC(2026, 2, 1, 12, 30, 0, 250)],
  ['timestamp(3) without time zone', '2026-03-01 12:30:00', Date.UTC(2026, 2, 1, 12, 30)],
  ['date', '2026-03-01', Date.UTC(2026, 2, 1)],
  ['bigint', '-17', -17],
])('%s %s is a number, and that number the same text again', (type, text, value) => {
  expect(keyNumber(type, text)).toBe(value)
  expect(keyNumber(type, keyText(type, value))).toBe(value)
})

test.each([
  [UTC, 'infinity'],
  ['date', '0044-03-15 BC'],
  ['text', '2026-03-01'],
  ['numeric', '17'],
])('%s %s is none', (type, text) => {
  expect(keyNumber(type, text)).toBeNull()
})
