// The sheet of inputs: what may be changed, and all other sheets follow.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import {
  type Cell,
  formatOf,
  heading,
  input,
  inUnit,
  plainCell,
  type Sheet,
  title,
  unitWord,
} from './cell.ts'
import { cellAt, dateSerial, type Term } from './formula.ts'

/** As `connections-near-limit` warns. */
const WARN_RATIO = 0.8
/** As stats/staffing.ts has it. */
const STAFFING_BETA = 2

export interface Inputs {
  readonly sheet: Sheet
  readonly users: Term
  readonly growth: Term
  readonly warnRatio: Term
  readonly beta: Term
  readonly cacheShare: Term
  /** The plan's moment. */
  readonly at: Term
  /** By the limit's id. */
  readonly limits: ReadonlyMap<string, Term>
}

const NAME = 'Inputs'

export function inputsSheet(plan: CapacityPlanWire): Inputs {
  const rows: Cell[][] = [
    [title(`Capacity of ${plan.targetId}`)],
    [plainCell('Cells in yellow may be changed: projections, limits and dates follow.')],
    [heading('Input'), heading('Value'), heading('Unit'), heading('What it does')],
  ]
  const add = (label: string, cell: Cell & { value: number }, unit: string, meaning: string): Term => {
    rows.push([plainCell(label), cell, plainCell(unit), plainCell(meaning)])
    return cellAt(NAME, 1, rows.length - 1, cell.value)
  }
  const given = (value: number, format: Cell['format'] = 'number') => ({ ...input(value, format!), value })
  const users = add('Users', given(plan.users), 'times', 'how many times as many users as now')
  const growth = add('Growth', given(1), 'times', 'how many times as fast as forecast everything grows')
  const warnRatio = add(
    'Warn from',
    given(WARN_RATIO, 'ratio'),
    'share',
    'of a limit: amber from here, red from all of it',
  )
  const beta = add(
    'Margin of connections',
    given(STAFFING_BETA),
    'roots',
    'square roots of the connections at work that are kept free (square-root staffing)',
  )
  const cacheShare = add(
    'Share of data in use',
    given(plan.cache?.share ?? 1, 'ratio'),
    'share',
    'of all data, what memory has to hold',
  )
  const at = add(
    'Made at',
    { ...plainCell(dateSerial(plan.at), 'date'), value: dateSerial(plan.at) },
    'date',
    'now',
  )
  rows.push([], [heading('Limit'), heading('Value'), heading('Unit'), heading('Source')])
  const limits = new Map(
    plan.limits.map(({ id, label, unit, value, source }) => [
      id,
      add(label, given(inUnit(value, unit), formatOf(unit)), unitWord(unit), source),
    ]),
  )
  return {
    sheet: { name: NAME, rows, widths: [38, 16, 18, 70], frozen: 3 },
    users,
    growth,
    warnRatio,
    beta,
    cacheShare,
    at,
    limits,
  }
}
