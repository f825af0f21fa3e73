// Reads EXPLAIN's text format back into what its JSON format says.

import type { PlanNode } from '../model/what-if.ts'

export function readTextPlan(_text: string): PlanNode | null {
  return null
}
