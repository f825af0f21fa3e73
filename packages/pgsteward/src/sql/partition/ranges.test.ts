import { expect, test } from 'vitest'
import type { PartitionStep, TimeStep } from '../../model/partition.ts'
import { MOST_PARTITIONS, missingRanges, nextOf, partitionRanges, startOf } from './ranges.ts'

const TIMESTAMPTZ = 'timestamp with time zone'
const at = (iso: string) => BigInt(Date.parse(iso))
const ranges = (
  step: PartitionStep,
  type: string,
  min: string | bigint,
  max: string | bigint,
  now = '2026-01-10T12:00:00Z',
  ahead = 1,
) =>
  partitionRanges(
    step,
    type,
    {
      min: typeof min === 'bigint' ? min : at(min),
      max: typeof max === 'bigint' ? max : at(max),
    },
    new Date(now),
    ahead,
  )!.map(({ suffix, from, to }) => `${suffix}: ${from} - ${to}`)

test('months go over the end of a year, up to those ahead of now', () => {
  expect(
    ranges({ by: 'time', every: 'month' }, TIMESTAMPTZ, '2025-11-30T23:59:59.999Z', '2025-12-24T00:00:00Z'),
  ).toEqual([
    'p2025_11: 2025-11-01 00:00:00+00 - 2025-12-01 00:00:00+00',
    'p2025_12: 2025-12-01 00:00:00+00 - 2026-01-01 00:00:00+00',
    'p2026_01: 2026-01-01 00:00:00+00 - 2026-02-01 00:00:00+00',
    'p2026_02: 2026-02-01 00:00:00+00 - 2026-03-01 00:00:00+00',
  ])
})

test('rows of the future have partitions, too, and those ahead come after them', () => {
  expect(
    ranges({ by: 'time', every: 'month' }, 'date', '2026-01-02Z', '2026-03-01Z').map((text) =>
      text.slice(0, 8),
    ),
  ).toEqual(['p2026_01', 'p2026_02', 'p2026_03', 'p2026_04'])
})

test('a week begins on Monday, also over a year and from a Sunday', () => {
  expect(
    ranges(
      { by: 'time', every: 'week' },
      'date',
      '2026-01-04T22:00:00Z',
      '2026-01-04T22:00:00Z',
      '2026-01-04T22:00:00Z',
    ),
  ).toEqual(['p2025_12_29: 2025-12-29 - 2026-01-05', 'p2026_01_05: 2026-01-05 - 2026-01-12'])
})

test('a step begins where the one before it ends, whatever clocks do in between', () => {
  const starts: Readonly<Record<TimeStep, string>> = {
    day: '2026-03-29',
    week: '2026-03-23',
    month: '2026-03-01',
    quarter: '2026-01-01',
    year: '2026-01-01',
  }
  const ends: Readonly<Record<TimeStep, string>> = {
    day: '2026-03-30',
    week: '2026-03-30',
    month: '2026-04-01',
    quarter: '2026-04-01',
    year: '2027-01-01',
  }
  for (const every of Object.keys(starts) as TimeStep[]) {
    const step = { by: 'time', every } as const
    // the night in which summer time begins in Europe
    const start = startOf(step, at('2026-03-29T01:30:00Z'))
    expect(new Date(Number(start)).toISOString()).toBe(`${starts[every]}T00:00:00.000Z`)
    expect(new Date(Number(nextOf(step, start))).toISOString()).toBe(`${ends[every]}T00:00:00.000Z`)
    expect(startOf(step, nextOf(step, start) - 1n)).toBe(start)
  }
})

test('a leap day is a day, February ends after it', () => {
  expect(ranges({ by: 'time', every: 'day' }, 'date', '2028-02-28Z', '2028-02-28Z', '2028-02-28Z')).toEqual([
    'p2028_02_28: 2028-02-28 - 2028-02-29',
    'p2028_02_29: 2028-02-29 - 2028-03-01',
  ])
})

test('quarters and years have names of their own; a timestamp without a zone has none', () => {
  expect(
    ranges({ by: 'time', every: 'quarter' }, 'timestamp without time zone', '2025-12-31Z', '2025-12-31Z'),
  ).toEqual([
    'p2025_q4: 2025-10-01 00:00:00 - 2026-01-01 00:00:00',
    'p2026_q1: 2026-01-01 00:00:00 - 2026-04-01 00:00:00',
    'p2026_q2: 2026-04-01 00:00:00 - 2026-07-01 00:00:00',
  ])
  expect(
    ranges({ by: 'time', every: 'year' }, 'date', '2026-01-01Z', '2026-01-01Z').map((text) =>
      text.slice(0, 5),
    ),
  ).toEqual(['p2026', 'p2027'])
})

test('numbers are divided from 0 on, below it as well, beyond what a double holds', () => {
  const step = { by: 'number', size: 1000 } as const
  expect(ranges(step, 'integer', -1n, 1000n)).toEqual([
    'pn1000: -1000 - 0',
    'p0: 0 - 1000',
    'p1000: 1000 - 2000',
    'p2000: 2000 - 3000',
  ])
  expect(ranges(step, 'bigint', 9_007_199_254_740_993_001n, 9_007_199_254_740_993_001n)[0]).toBe(
    'p9007199254740993000: 9007199254740993000 - 9007199254740994000',
  )
})

test('an empty table begins now; too many partitions are refused', () => {
  const step = { by: 'time', every: 'month' } as const
  expect(partitionRanges(step, 'date', null, new Date('2026-05-05Z'), 3)).toHaveLength(4)
  expect(
    partitionRanges(
      { by: 'number', size: 1 },
      'bigint',
      { min: 0n, max: BigInt(MOST_PARTITIONS) },
      new Date(0),
      1,
    ),
  ).toBeNull()
})

test('what is missing is from the last end to as many ahead of now', () => {
  const missing = (end: string, now: string, ahead: number) =>
    missingRanges({ by: 'time', every: 'month' }, { end: at(end), type: 'date' }, at(now), ahead).map(
      ({ suffix }) => suffix,
    )
  expect(missing('2026-02-01Z', '2025-12-31T23:59:00Z', 3)).toEqual(['p2026_02', 'p2026_03'])
  expect(missing('2026-04-01Z', '2025-12-31Z', 3)).toEqual([])
  // nobody came for a year: those in between, too
  expect(missing('2025-11-01Z', '2026-01-05Z', 1)).toEqual(['p2025_11', 'p2025_12', 'p2026_01', 'p2026_02'])
})
