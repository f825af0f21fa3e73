// The sheet of limits: how much of each is used, and when it is reached, by the inputs as they stand.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import { type Cell, formatOf, formulaCell, heading, plainCell, type Sheet, title, unitWord } from './cell.ts'
import type { Dates, ReachedRange } from './dates-sheet.ts'
import { by, earliestOf, type Result, type Term, text, whereReached } from './formula.ts'
import type { Inputs } from './inputs-sheet.ts'
import type { Projections } from './projections-sheet.ts'

const HEADINGS = [
  'Limit',
  'Unit',
  'Limit at',
  'Now',
  'Used',
  'State',
  'Now, with more users',
  'Used, with more users',
  'State, with more users',
  'Likely reached',
  'At the earliest',
  'At the latest',
  'Likely reached, with more users',
  'At the earliest, with more users',
] as const
const FIRST_ROW = 2
/** Columns of the shares and the dates' states. */
const STATE_COLUMNS = ['F', 'I'] as const

export function limitsSheet(
  plan: CapacityPlanWire,
  inputs: Inputs,
  projections: Projections,
  dates: Dates,
): Sheet {
  const rows = plan.limits.map((limit): Cell[] => {
    const { id, label, unit, measure } = limit
    const value = inputs.limits.get(id)!
    const { now, nowWithUsers } = projections.rows.get(measure)!
    const format = formatOf(unit)
    const its = dates.limits.get(id)
    const dated = (held: Term, range: ReachedRange | undefined): Cell =>
      formulaCell(
        whereReached<number, Result>(
          held,
          value,
          inputs.at,
          range === undefined ? text('not projected') : earliestOf(range, text(`not by ${its!.until}`)),
        ),
        'date',
      )
    return [
      plainCell(label),
      plainCell(unitWord(unit)),
      formulaCell(value, format),
      formulaCell(now, format),
      formulaCell(by(now, value), 'ratio'),
      formulaCell(stateOf(by(now, value), inputs)),
      formulaCell(nowWithUsers, format),
      formulaCell(by(nowWithUsers, value), 'ratio'),
      formulaCell(stateOf(by(nowWithUsers, value), inputs)),
      dated(now, its?.expected),
      dated(now, its?.earliest),
      dated(now, its?.latest),
      dated(nowWithUsers, its?.expectedWithUsers),
      dated(nowWithUsers, its?.earliestWithUsers),
    ]
  })
  const last = FIRST_ROW + rows.length
  return {
    name: 'Limits',
    rows: [[title('Limits')], HEADINGS.map(heading), ...rows],
    widths: [42, 16, ...Array.from({ length: 12 }, () => 16)],
    frozen: FIRST_ROW,
    highlights:
      rows.length === 0
        ? []
        : STATE_COLUMNS.flatMap((column) => {
            const range = `${column}${FIRST_ROW + 1}:${column}${last}`
            return [
              { range, formula: `${column}${FIRST_ROW + 1}="reached"`, colour: 'critical' as const },
              { range, formula: `${column}${FIRST_ROW + 1}="near"`, colour: 'warning' as const },
            ]
          }),
  }
}

const ALL: Term = { text: '1', value: 1 }

/** Within its sheet, so that every program can colour by it. */
function stateOf(used: Term, { warnRatio }: Inputs): Term<string> {
  return whereReached(used, ALL, text('reached'), whereReached(used, warnRatio, text('near'), text('free')))
}
