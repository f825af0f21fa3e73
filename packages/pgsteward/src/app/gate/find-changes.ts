// Where a series in a file changes, for the command `changes`.

import { type ChangePoint, changePoints } from '../../stats/change-points.ts'
import { type ReadSeries, readSeries } from './read-series.ts'

export interface FoundChanges extends ReadSeries {
  readonly changes: readonly ChangePoint[]
}

/** Throws 'series-file'. */
export async function findChanges(path: string): Promise<FoundChanges> {
  const series = await readSeries(path)
  const [first] = series.dimensions
  return { ...series, changes: changePoints(series.dimensions.length === 1 ? first! : series.dimensions) }
}
