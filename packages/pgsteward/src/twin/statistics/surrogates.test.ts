import { expect, test } from 'vitest'
import { surrogatesFor } from './surrogates.ts'

test('surrogates keep the order of values and share none of them', () => {
  const surrogates = surrogatesFor('integer', ['-5', '3', '1000'], ['7', '-9'], true)!
  const inOrder = ['-9', '-5', '3', '7', '1000'].map((value) => Number(surrogates.get(value)))
  expect(inOrder).toEqual([0, 1, 2, 3, 4])
})

test('texts, moments and uuids keep it too', () => {
  const cases: readonly [string, string[]][] = [
    ['text', ['Anna', 'Bert', 'anna']],
    ['date', ['1950-01-01', '1999-12-31', '2026-02-03']],
    ['timestamp with time zone', ['-infinity', '2026-01-01 00:00:00+00', 'infinity']],
    ['uuid', ['0aaa', 'b000']],
  ]
  for (const [type, values] of cases) {
    const surrogates = values.map((value) => surrogatesFor(type, [], values, true)!.get(value)!)
    expect(surrogates).toEqual(surrogates.toSorted())
    for (const value of values) expect(surrogates).not.toContain(value)
  }
})

test('a type without surrogates has none', () => {
  expect(surrogatesFor('jsonb', ['{}'], [], true)).toBeNull()
})
