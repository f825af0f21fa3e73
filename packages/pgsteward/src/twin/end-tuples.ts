// The first and last entry of an index, from the real ends of its leading column.

import type { IndexSketch } from '../model/what-if.ts'
import { encodeValue, indexTuple } from './pages/index-tuple.ts'
import { columnOf } from './sketch-figures.ts'
import type { ColumnStatistics, IndexStatistics, TableStatistics } from './statistics/statistics-file.ts'

/** In the index's order; empty: not known, or of a type that is not encoded. The planner looks at no partial index's ends. */
export function endTuples(index: IndexStatistics, table: TableStatistics): readonly Uint8Array[] {
  const key = index.keys[0]
  if (index.method !== 'btree' || index.isPartial || key === undefined) return []
  const number = table.columns.find((column) => column.name === key.column)?.number
  const statistics =
    key.column === null
      ? index.statistics.find((each) => each.number === 1)
      : table.statistics.find((each) => each.number === number && !each.inherited)
  return tuples(statistics, key.type, index.keys.length + index.include.length, key.isDescending)
}

/** Where another index shows the column's ends on the target. */
export function sketchEnds(sketch: IndexSketch, table: TableStatistics): readonly Uint8Array[] {
  const name = columnOf(sketch.keys[0] ?? '')
  const column = table.columns.find((each) => each.name === name)
  if (sketch.method !== 'btree' || sketch.where !== null || column === undefined) return []
  const statistics = table.statistics.find((each) => each.number === column.number && !each.inherited)
  const isDescending = /\bdesc\b/i.test(sketch.keys[0]!.slice(name!.length))
  return tuples(statistics, column.type, sketch.keys.length + sketch.include.length, isDescending)
}

function tuples(
  statistics: ColumnStatistics | undefined,
  type: string,
  columns: number,
  isDescending: boolean,
): readonly Uint8Array[] {
  if (statistics?.lowest == null || statistics.highest == null) return []
  const ends = [statistics.lowest, statistics.highest].map((text) => encodeValue(type, text))
  if (ends.some((end) => end === null)) return []
  return (isDescending ? ends.toReversed() : ends).map((end, place) => indexTuple(end!, columns, place + 1))
}
