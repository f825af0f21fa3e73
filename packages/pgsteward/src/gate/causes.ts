// Why head is slower (or faster) than base, by what the database said on both sides.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'

export function findCauses(base: readonly LoadRun[], head: readonly LoadRun[]): readonly Cause[] {
  return base.length === 0 || head.length === 0 ? [] : []
}
