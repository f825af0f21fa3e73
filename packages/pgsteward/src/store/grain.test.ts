import { describe, expect, test } from 'vitest'
import { alignedWindow, cover, GRAINS } from './grain.ts'

const HOUR = 3_600_000
const day = (text: string) => new Date(`2026-11-${text}Z`)
const window = (from: string, to: string) => ({ from: day(from), to: day(to) })

describe('a window is put together from', () => {
  test.each([
    [
      'readings alone, before anything is folded',
      window('02T10:00', '02T12:00'),
      null,
      '',
      ['02T10:00-02T12:00'],
    ],
    [
      'readings alone within an hour',
      window('02T10:05', '02T10:20'),
      day('05T00:00'),
      '',
      ['02T10:05-02T10:20'],
    ],
    [
      'whole hours, and readings before and after',
      window('02T09:40', '02T12:20'),
      day('05T00:00'),
      'hour 2',
      ['02T09:40-02T10:00', '02T12:00-02T12:20'],
    ],
    [
      'the hour under way, when the window reaches past all that is folded',
      window('02T09:00', '02T12:25'),
      day('02T12:20'),
      'hour 3, 6h 1',
      ['02T12:20-02T12:25'],
    ],
    [
      'days and weeks, and what is under way of each',
      window('02T10:10', '30T12:05'),
      day('30T12:00'),
      'day 3, week 4',
      ['30T12:00-30T12:05'],
    ],
    [
      'full hours of a long window in the past',
      window('02T10:10', '03T10:40'),
      day('30T12:00'),
      'hour 7, 6h 3',
      [],
    ],
  ])('%s', (_, asked, foldedUntil, buckets, raw) => {
    const covered = cover(asked, foldedUntil)
    const counts = GRAINS.toReversed().flatMap(({ table }) => {
      const found = covered.buckets.find((each) => each.table === table)
      return found === undefined ? [] : [`${table.replace('statement_', '')} ${found.starts.length}`]
    })
    expect(counts.join(', ')).toBe(buckets)
    const short = (at: Date) => at.toISOString().slice(8, 16)
    expect(covered.raw.map((each) => `${short(each.from)}-${short(each.to)}`)).toEqual(raw)
  })
})

test('buckets and readings neither overlap nor leave a gap, whatever the window', () => {
  let state = 1
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  for (let round = 0; round < 500; round++) {
    const folded = Math.floor((Date.UTC(2026, 10, 1) + random() * 40 * 24 * HOUR) / 600_000) * 600_000
    const from = folded - Math.floor(random() * 40 * 24 * HOUR)
    const to = from + Math.floor(random() * (folded + HOUR - from))
    const asked = { from: new Date(from), to: new Date(to) }
    const foldedUntil = new Date(folded)
    const exact = alignedWindow(asked, foldedUntil)
    const covered = cover(asked, foldedUntil)
    const spans = [
      ...covered.raw.map((each) => [each.from.getTime(), each.to.getTime()] as const),
      ...covered.buckets.flatMap(({ table, starts }) => {
        const { ms } = GRAINS.find((grain) => grain.table === table)!
        // nothing is in a bucket beyond what is folded
        return starts.map((start) => [start.getTime(), Math.min(start.getTime() + ms, folded)] as const)
      }),
    ].sort(([a], [b]) => a - b)
    let at = exact.from.getTime()
    for (const [start, end] of spans) {
      expect(start).toBe(at)
      at = end
    }
    expect(at).toBe(exact.to.getTime())
  }
})

test.each([
  ['six hours: not at all', window('02T10:31', '02T16:31'), window('02T10:31', '02T16:31')],
  ['a day: to the hour', window('02T10:31', '03T10:31'), window('02T11:00', '03T11:00')],
  ['a week: to the quarter of a day', window('02T10:31', '09T10:31'), window('02T12:00', '09T12:00')],
  ['four weeks: to the day', window('01T10:31', '29T13:31'), window('01T00:00', '30T00:00')],
])('a window is moved: %s', (_, asked, expected) => {
  expect(alignedWindow(asked, day('30T00:00'))).toEqual(expected)
  // its end stays where it reaches up to now
  expect(alignedWindow(asked, asked.to)).toEqual({ from: expected.from, to: asked.to })
})
