import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import type { Series } from '../model/fact.ts'
import { partitionKeyGrowth } from './partition-key-growth.ts'

const NOW = new Date('2026-05-31T00:00:00Z')

test('the pace of a key is that of its sequence', async () => {
  const series: Series = {
    name: 'partition.lastValue',
    unit: 'count',
    labels: { key: 'public.ticket' },
    points: Array.from({ length: 9 }, (_, day) => [
      new Date(NOW.getTime() - (8 - day) * 86_400_000),
      1000 + day * 40,
    ]),
  }
  const memory = memoryOf({ series: { 'partition.lastValue': [series], 'table.rows': [] } })
  expect(await partitionKeyGrowth.read(memory, 'shop', NOW)).toEqual(new Map([['public.ticket', 40]]))
})
