// A capacity plan as a workbook: inputs to play with, projections and dates that follow them by formulas, how things are, how it was made.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import { baselineSheet, methodSheet } from './account-sheets.ts'
import type { Sheet } from './cell.ts'
import { datesSheet } from './dates-sheet.ts'
import { inputsSheet } from './inputs-sheet.ts'
import { limitsSheet } from './limits-sheet.ts'
import { projectionsSheet } from './projections-sheet.ts'

export function capacityWorkbook(plan: CapacityPlanWire): readonly Sheet[] {
  const inputs = inputsSheet(plan)
  const projections = projectionsSheet(plan, inputs)
  const dates = datesSheet(plan, inputs, projections)
  const limits = limitsSheet(plan, inputs, projections, dates)
  return [inputs.sheet, projections.sheet, limits, dates.sheet, baselineSheet(plan), methodSheet(plan)]
}
