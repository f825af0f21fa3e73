import { expect, test } from 'vitest'
import { cleanText, fromJson, toJson } from './database.ts'

test.each([
  ['NUL bytes go', 'a\0b\0', 'ab'],
  ['half a surrogate pair is replaced', 'a\ud800b', 'a\ufffdb'],
  ['everything else stays', 'é 🐘 \u0001 \\u0000 \n', 'é 🐘 \u0001 \\u0000 \n'],
])('%s', (_, text, expected) => expect(cleanText(text)).toBe(expected))

test('rows come back from jsonb as they went in, dates as dates', () => {
  const rows = [
    {
      name: 'orders',
      at: new Date(5),
      none: null,
      nested: { list: [1, 'two', new Date(6)], isTrue: true },
      number: 2 ** 53 - 1,
    },
  ]
  expect(fromJson(JSON.parse(toJson(rows)))).toEqual(rows)
})

test('what jsonb cannot hold becomes what it can', () => {
  expect(
    toJson({ 'a\0': 'b\0', big: 12n, bad: new Date(Number.NaN), none: undefined, nan: Number.NaN }),
  ).toBe('{"a":"b","big":"12","bad":null,"nan":null}')
})
