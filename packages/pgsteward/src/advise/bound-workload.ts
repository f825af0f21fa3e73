// A workload that is a log rather than a list is made a list: statements that differ in their literals alone are told together.

import { normaliseSql } from '../sql/fingerprint.ts'
import type { Workload, WorkloadStatement } from './workload.ts'

/** As many as pg_stat_statements holds by default would take minutes to plan; beyond these, the least called say little. */
export const MOST_STATEMENTS = 2_000

/** Of the same shape; their literals are its samples. */
const MOST_ALIKE = 5

export interface Bounded {
  readonly workload: Workload
  /** What was put together and what was dropped; empty: nothing. */
  readonly notes: readonly string[]
}

/** Up to MOST_STATEMENTS nothing changes. Calls a minute stay what they are in sum, but for statements that are dropped. */
export function boundWorkload(workload: Workload): Bounded {
  const { statements } = workload
  if (statements.length <= MOST_STATEMENTS) return { workload, notes: [] }
  const shapes = Map.groupBy(statements, ({ sql }) => normaliseSql(sql))
  const alike = [...shapes.values()].flatMap(folded)
  const kept = alike.toSorted((a, b) => b.callsPerMinute - a.callsPerMinute).slice(0, MOST_STATEMENTS)
  const dropped = alike.length - kept.length
  const count = (value: number) => value.toLocaleString('en-US')
  return {
    workload: { ...workload, statements: kept },
    notes: [
      `${count(statements.length)} statements have ${count(shapes.size)} shapes, of which up to ${MOST_ALIKE} texts each were planned.` +
        (dropped === 0
          ? ''
          : ` Of these the ${count(kept.length)} most called were looked at, and ${count(dropped)} were not.`),
    ],
  }
}

/** The first few texts, sharing the calls of all. */
function folded(alike: readonly WorkloadStatement[]): readonly WorkloadStatement[] {
  const texts = new Map<string, WorkloadStatement>()
  for (const each of alike) if (!texts.has(each.sql)) texts.set(each.sql, each)
  const chosen = [...texts.values()].slice(0, MOST_ALIKE)
  const calls = alike.reduce((sum, { callsPerMinute }) => sum + callsPerMinute, 0)
  return chosen.map((each) => ({ ...each, callsPerMinute: calls / chosen.length }))
}
