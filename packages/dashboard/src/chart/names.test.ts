import type { SeriesWire } from 'pgsteward/wire'
import { expect, it } from 'vitest'
import { seriesLabels } from './names.ts'

const series = (labels: Record<string, string>) => ({ labels }) as SeriesWire

it('tells series of one chart apart by what differs, and repeats nothing that all share', () => {
  expect(
    seriesLabels([
      series({ application: 'web', instance: 'a:1', pool: 'primary' }),
      series({ application: 'web', instance: 'b:2', pool: 'primary' }),
    ]),
  ).toEqual(['a:1', 'b:2'])
  expect(seriesLabels([series({ state: 'idle' }), series({})])).toEqual(['idle', ''])
})

it('says of a single series all that is known', () => {
  expect(seriesLabels([series({ pool: 'primary', instance: 'a:1' })])).toEqual(['primary, a:1'])
})
