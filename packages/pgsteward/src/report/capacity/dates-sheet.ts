// The sheet behind the dates: for each limit the forecast's steps, and at which of them the inputs make it reached.

import type { CapacityLimitWire, CapacityMeasureWire, CapacityPlanWire } from '../../model/capacity.ts'
import { type Cell, formatOf, formulaCell, heading, inUnit, plainCell, type Sheet, title } from './cell.ts'
import {
  cellAt,
  columnName,
  dateSerial,
  type Result,
  type Term,
  text,
  times,
  whereReached,
} from './formula.ts'
import type { Inputs } from './inputs-sheet.ts'
import { busyId, needed, type Projections, projected, projectedWithUsers } from './projections-sheet.ts'

export interface ReachedRange {
  readonly text: string
  readonly values: readonly Result[]
}

/** Which column of a block holds the dates of what. */
export interface LimitDates {
  readonly expected: ReachedRange
  readonly earliest: ReachedRange
  readonly latest: ReachedRange
  readonly expectedWithUsers: ReachedRange
  readonly earliestWithUsers: ReachedRange
  /** The last step. */
  readonly until: string
}

export interface Dates {
  readonly sheet: Sheet
  /** By the limit's id; a limit without a forecast is not in it. */
  readonly limits: ReadonlyMap<string, LimitDates>
}

const NAME = 'Dates'
const FIRST_ROW = 2
const COLUMNS = [
  'date',
  'change, likely',
  'change, at most',
  'change, at least',
  'likely reached',
  'earliest',
  'latest',
  'with more users: likely',
  'with more users: earliest',
  '',
] as const

export function datesSheet(plan: CapacityPlanWire, inputs: Inputs, projections: Projections): Dates {
  const grid: Cell[][] = [[title('Steps of the forecast at which limits are reached')], []]
  const limits = new Map<string, LimitDates>()
  let first = 0
  for (const limit of plan.limits) {
    const measure = measureOf(plan, limit)
    const row = measure === undefined ? undefined : projections.rows.get(measure.id)
    if (measure === undefined || row === undefined || measure.future.length === 0) continue
    limits.set(limit.id, placeBlock(grid, first, { limit, measure, now: row.now, inputs }))
    first += COLUMNS.length
  }
  return {
    sheet: {
      name: NAME,
      rows: grid.map((row) => Array.from(row, (cell) => cell ?? plainCell(null))),
      widths: Array.from({ length: first }, () => 12),
      frozen: FIRST_ROW,
    },
    limits,
  }
}

interface Block {
  readonly limit: CapacityLimitWire
  readonly measure: CapacityMeasureWire
  readonly now: Term
  readonly inputs: Inputs
}

function placeBlock(grid: Cell[][], first: number, { limit, measure, now, inputs }: Block): LimitDates {
  const { unit, scales, future } = measure
  const against = heldAgainst(limit, inputs)
  const bound = inputs.limits.get(limit.id)!
  const reached: Result[][] = [[], [], [], [], []]
  grid[1]![first] = heading(`${limit.label}: ${COLUMNS[0]}`)
  for (let column = 1; column < COLUMNS.length - 1; column += 1)
    grid[1]![first + column] = heading(COLUMNS[column]!)
  for (const [step, point] of future.entries()) {
    const at = FIRST_ROW + step
    grid[at] ??= []
    const date = cellAt(NAME, first, at, dateSerial(point.at))
    const [likely, most, least] = [point.value, point.upper, point.lower].map((value, column) =>
      cellAt(NAME, first + 1 + column, at, inUnit(value, unit) - now.value),
    ) as [Term, Term, Term]
    const formulas = [
      ...[likely, most, least].map((change) => projected(now, change, inputs)),
      ...[likely, most].map((change) => projectedWithUsers(scales, now, change, inputs)),
    ].map((value) => whereReached(against(value), bound, date, text('')))
    formulas.forEach(({ value }, column) => {
      reached[column]!.push(value)
    })
    const cells = [
      plainCell(date.value, 'date'),
      ...[likely, most, least].map(({ value }) => plainCell(value, formatOf(unit))),
      ...formulas.map((term) => formulaCell(term, 'date')),
    ]
    cells.forEach((cell, column) => {
      grid[at]![first + column] = cell
    })
  }
  const range = (column: number): ReachedRange => {
    const name = columnName(first + 4 + column)
    return {
      text: `${NAME}!$${name}$${FIRST_ROW + 1}:$${name}$${FIRST_ROW + future.length}`,
      values: reached[column]!,
    }
  }
  return {
    expected: range(0),
    earliest: range(1),
    latest: range(2),
    expectedWithUsers: range(3),
    earliestWithUsers: range(4),
    until: future.at(-1)!.at.slice(0, 10),
  }
}

/** What of the measure is compared: of connections at work, those that are needed; of data, the part in use. */
function heldAgainst({ measure }: CapacityLimitWire, inputs: Inputs): (term: Term) => Term {
  if (measure === 'pool') return (term) => needed(term, inputs)
  return measure === 'cache' ? (term) => times(term, inputs.cacheShare) : (term) => term
}

function measureOf(plan: CapacityPlanWire, { measure }: CapacityLimitWire): CapacityMeasureWire | undefined {
  const id = measure === 'pool' ? busyId(plan) : measure === 'cache' ? 'storage' : measure
  return plan.measures.find((each) => each.id === id)
}
