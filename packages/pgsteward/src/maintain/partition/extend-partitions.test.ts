import { expect, test } from 'vitest'
import { missingRanges, upperBound } from './extend-partitions.ts'

const MONTHLY = { by: 'time', every: 'month' } as const
const at = (iso: string) => BigInt(Date.parse(iso))

test('what is missing is from the last end to as many ahead of now', () => {
  const missing = (end: string, now: string, ahead: number) =>
    missingRanges(MONTHLY, { end: at(end), type: 'date' }, at(now), ahead).map(({ suffix }) => suffix)
  expect(missing('2026-02-01Z', '2025-12-31T23:59:00Z', 3)).toEqual(['p2026_02', 'p2026_03'])
  expect(missing('2026-04-01Z', '2025-12-31Z', 3)).toEqual([])
  // nobody came for a year: those in between, too
  expect(missing('2025-11-01Z', '2026-01-05Z', 1)).toEqual(['p2025_11', 'p2025_12', 'p2026_01', 'p2026_02'])
})

test('bounds are read as the server writes them', () => {
  const bound = (to: string) => `FOR VALUES FROM ('2026-01-01 00:00:00+00') TO (${to})`
  expect(upperBound(bound("'2026-02-01 00:00:00+00'"), MONTHLY)).toBe(at('2026-02-01Z'))
  expect(upperBound(bound("'2026-02-01 00:00:00'"), MONTHLY)).toBe(at('2026-02-01Z'))
  expect(upperBound(bound("'2026-02-01'"), MONTHLY)).toBe(at('2026-02-01Z'))
  for (const text of ['DEFAULT', bound('MAXVALUE'), null]) expect(upperBound(text, MONTHLY)).toBeNull()
  const step = { by: 'number', size: 10 } as const
  expect(upperBound("FOR VALUES FROM ('-10') TO ('0')", step)).toBe(0n)
  expect(upperBound('FOR VALUES FROM (10) TO (20)', step)).toBe(20n)
})
