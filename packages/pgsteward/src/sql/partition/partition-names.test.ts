import { expect, test } from 'vitest'
import type { PartitionStep } from '../../model/partition.ts'
import { partitionNamer } from './partition-names.ts'
import { nextOf, rangeFrom } from './ranges.ts'

const at = (iso: string) => BigInt(Date.parse(iso))
const TABLE = { schema: 'shop', name: 'event' }

/** The name of the one after the latest, of partitions that are called so. */
function next(step: PartitionStep, begins: bigint, ...names: readonly string[]) {
  const ranges = []
  let from = begins
  for (const name of names) {
    ranges.push({ schema: 'parts', name, from, to: nextOf(step, from) })
    from = nextOf(step, from)
  }
  return partitionNamer(TABLE, ranges, step.by)(rangeFrom(step, 'timestamp with time zone', from))
}
const every = (unit: 'day' | 'week' | 'month' | 'quarter' | 'year') => ({ by: 'time', every: unit }) as const

test.each<[PartitionStep, bigint, readonly string[], string]>([
  [every('month'), at('2025-11-01Z'), ['event_2025_11', 'event_2025_12'], 'event_2026_01'],
  [every('month'), at('2025-11-01Z'), ['event_y2025m11', 'event_y2025m12'], 'event_y2026m01'],
  [every('month'), at('2026-02-01Z'), ['202602_event', '202603_event'], '202604_event'],
  [every('month'), at('2026-02-01Z'), ['event-2026-02-01', 'event-2026-03-01'], 'event-2026-04-01'],
  [every('month'), at('2026-02-01Z'), ['event_p2026_02', 'event_p2026_03'], 'event_p2026_04'],
  [every('day'), at('2026-02-27Z'), ['event_20260227', 'event_20260228'], 'event_20260301'],
  [every('week'), at('2026-03-02Z'), ['e2026_03_02', 'e2026_03_09'], 'e2026_03_16'],
  [every('quarter'), at('2026-04-01Z'), ['event_2026q2', 'event_2026q3'], 'event_2026q4'],
  [every('year'), at('2024-01-01Z'), ['event_2024', 'event_2025'], 'event_2026'],
  [{ by: 'number', size: 1000 }, 0n, ['event_p0', 'event_p1000'], 'event_p2000'],
  [{ by: 'number', size: 1000 }, 0n, ['event_to_1000', 'event_to_2000'], 'event_to_3000'],
  [{ by: 'number', size: 1000 }, 8000n, ['event_9', 'event_10'], 'event_11'],
])('%j from %s on, called %j', (step, begins, names, expected) => {
  expect(next(step, begins, ...names)).toEqual({ schema: 'parts', name: expected })
})

test.each<[PartitionStep, bigint, readonly string[], string]>([
  // no way is known that fits both
  [every('month'), at('2026-02-01Z'), ['event_old', 'event_2026_03'], 'event_p2026_04'],
  [every('month'), at('2026-02-01Z'), ['event_feb', 'event_mar'], 'event_p2026_04'],
  // one name proves nothing
  [every('month'), at('2026-03-01Z'), ['event_2026_03'], 'event_p2026_04'],
  [
    { by: 'number', size: 1000 },
    98_000n,
    [`${'e'.repeat(58)}98000`, `${'e'.repeat(58)}99000`],
    'event_p100000',
  ],
])('else by our own way: %j from %s on, called %j', (step, begins, names, expected) => {
  expect(next(step, begins, ...names)).toEqual({ schema: 'parts', name: expected })
})

test('a table without partitions has them beside it', () => {
  const range = rangeFrom(every('month'), 'date', at('2026-03-01Z'))
  expect(partitionNamer(TABLE, [], 'time')(range)).toEqual({ schema: 'shop', name: 'event_p2026_03' })
})
