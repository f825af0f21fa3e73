import { expect, test } from 'vitest'
import { encodeValue, indexTuple } from './index-tuple.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

// Right sides as PostgreSQL 18 stores them (pageinspect's bt_page_items on x86_64)
test.each([
  ['integer', '-2', 'feffffff'],
  ['bigint', '9007199254740993', '0100000000002000'],
  ['date', '2000-01-02', '01000000'],
  ['timestamp with time zone', '2000-01-01 00:00:01.5+00', '60e3160000000000'],
  ['timestamp without time zone', '1999-12-31 23:59:59', 'c0bdf0ffffffffff'],
  ['text', 'ab', '076162'],
  ['uuid', '00000000-0000-4000-8000-0000000000ff', '000000000000400080000000000000ff'],
  ['numeric(12,2)', '12345.67', '130181010029092c1a'],
  ['numeric', '0.0001', '0b7f820100'],
  ['numeric', '-1', '0b00a00100'],
])('%s %s', (type, text, expected) => {
  expect(hex(encodeValue(type, text)!.bytes)).toBe(expected)
})

test.each([
  ['jsonb', '{}'],
  ['timestamp with time zone', 'infinity'],
  ['date', '0044-03-15 BC'],
  ['numeric', 'NaN'],
  ['text', 'x'.repeat(2000)],
])('%s %s is left to the histogram', (type, text) => {
  expect(encodeValue(type, text)).toBeNull()
})

test('columns behind the first are null', () => {
  const value = encodeValue('integer', '7')!
  expect(hex(indexTuple(value, 1, 1))).toBe('0000000001001000'.concat('0700000000000000'))
  expect(hex(indexTuple(value, 3, 2))).toBe('0000000002001880'.concat('0100000000000000', '0700000000000000'))
})
