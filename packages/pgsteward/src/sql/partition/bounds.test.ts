import { expect, test } from 'vitest'
import { boundsOf, divisionOf, type RangeBounds, stepOfBounds } from './bounds.ts'

const at = (iso: string) => BigInt(Date.parse(iso))
const range = (from: string, to: string): RangeBounds => ({ from: at(from), to: at(to) })

test('bounds are read as the server writes them', () => {
  const january = { from: at('2026-01-01Z'), to: at('2026-02-01Z') }
  const bound = (from: string, to: string) => boundsOf(`FOR VALUES FROM (${from}) TO (${to})`, 'time')
  expect(bound("'2026-01-01 00:00:00+00'", "'2026-02-01 00:00:00+00'")).toEqual(january)
  expect(bound("'2026-01-01 00:00:00'", "'2026-02-01 00:00:00'")).toEqual(january)
  expect(bound("'2026-01-01'", "'2026-02-01'")).toEqual(january)
  expect(bound('MINVALUE', 'MAXVALUE')).toEqual({ from: null, to: null })
  expect(bound("'2026-01-01'", "'infinity'")).toEqual({ from: at('2026-01-01Z'), to: null })
  expect(boundsOf("FOR VALUES FROM ('-10') TO ('0')", 'number')).toEqual({ from: -10n, to: 0n })
  expect(boundsOf('FOR VALUES FROM (10) TO (20)', 'number')).toEqual({ from: 10n, to: 20n })
  for (const text of ['DEFAULT', null, "FOR VALUES IN ('a')", "FOR VALUES FROM (1, 'a') TO (2, 'b')"])
    expect(boundsOf(text, 'number')).toBeNull()
  expect([divisionOf('date'), divisionOf('bigint')]).toEqual(['time', 'number'])
})

const steps: Readonly<Record<string, readonly [readonly RangeBounds[], ReturnType<typeof stepOfBounds>]>> = {
  days: [[range('2026-03-01Z', '2026-03-02Z')], { by: 'time', every: 'day' }],
  'weeks from Monday on': [[range('2026-03-02Z', '2026-03-09Z')], { by: 'time', every: 'week' }],
  'weeks from Sunday on': [[range('2026-03-01Z', '2026-03-08Z')], null],
  months: [
    [range('2026-02-01Z', '2026-03-01Z'), range('2026-01-01Z', '2026-02-01Z')],
    { by: 'time', every: 'month' },
  ],
  'months after a first one that held all before': [
    [
      { from: null, to: at('2026-01-01Z') },
      range('2026-01-01Z', '2026-02-01Z'),
      range('2026-02-01Z', '2026-03-01Z'),
    ],
    { by: 'time', every: 'month' },
  ],
  'one year after quarters': [
    [range('2025-10-01Z', '2026-01-01Z'), range('2026-01-01Z', '2027-01-01Z')],
    null,
  ],
  'months of another zone': [[range('2026-01-31T23:00Z', '2026-02-28T23:00Z')], null],
  hours: [[range('2026-01-31T23:00Z', '2026-02-01T00:00Z')], null],
  'nothing with an end': [[{ from: at('2026-01-01Z'), to: null }], null],
}
test.each(Object.entries(steps))('the step of %s', (_, [bounds, step]) => {
  expect(stepOfBounds(bounds, 'time')).toEqual(step)
})

test('a step of numbers is where each range begins at a multiple of it', () => {
  expect(stepOfBounds([{ from: 1000n, to: 2000n }], 'number')).toEqual({ by: 'number', size: 1000 })
  expect(stepOfBounds([{ from: 1n, to: 1001n }], 'number')).toBeNull()
  expect(stepOfBounds([{ from: 0n, to: 2n ** 60n }], 'number')).toBeNull()
})
