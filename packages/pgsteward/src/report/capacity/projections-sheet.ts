// The sheet of projections: what the forecast adds by each horizon is given, everything else follows from the inputs.

import type { CapacityMeasureWire, CapacityPlanWire } from '../../model/capacity.ts'
import {
  type Cell,
  formatOf,
  formulaCell,
  heading,
  inUnit,
  plainCell,
  type Sheet,
  title,
  unitWord,
} from './cell.ts'
import { atLeast, cellAt, plus, root, roundedUp, type Term, times } from './formula.ts'
import type { Inputs } from './inputs-sheet.ts'

type Bound = 'lower' | 'value' | 'upper'
const BOUNDS: readonly Bound[] = ['lower', 'value', 'upper']
const BOUND_WORDS = { lower: 'at least', value: 'likely', upper: 'at most' } as const

/** What is held against limits, now and with the inputs' users. */
export interface ProjectedRow {
  readonly now: Term
  readonly nowWithUsers: Term
}

export interface Projections {
  readonly sheet: Sheet
  /** By the measure's id; `pool` and `cache` beside them. */
  readonly rows: ReadonlyMap<string, ProjectedRow>
}

const NAME = 'Projections'
const FIRST_ROW = 2
const NOW_COLUMN = 3

export function projectionsSheet(plan: CapacityPlanWire, inputs: Inputs): Projections {
  const rows: Cell[][] = [[title('Projections')], headings(plan)]
  const found = new Map<string, ProjectedRow>()
  const terms = new Map<string, MeasureTerms>()
  for (const measure of plan.measures) {
    const { cells, ...its } = measureRow(plan, measure, inputs, rows.length)
    rows.push([...cells])
    found.set(measure.id, its)
    terms.set(measure.id, its)
  }
  const derive = (
    id: string,
    label: string,
    of: string,
    unit: CapacityMeasureWire['unit'],
    map: (term: Term) => Term,
  ) => {
    const base = terms.get(of)
    if (base === undefined) return
    const at = rows.length
    const columns = columnsOf(plan)
    const mapped = (term: Term | null, format = formatOf(unit)): Cell =>
      term === null ? plainCell('not projected') : formulaCell(map(term), format)
    const cells: Cell[] = [
      plainCell(label),
      plainCell(unitWord(unit)),
      plainCell('follows'),
      mapped(base.now),
    ]
    for (const _ of plan.horizons) cells.push(plainCell(null), plainCell(null), plainCell(null))
    for (const horizon of base.horizons) for (const term of horizon) cells.push(mapped(term))
    cells.push(mapped(base.nowWithUsers))
    for (const horizon of base.horizonsWithUsers) for (const term of horizon) cells.push(mapped(term))
    rows.push(cells)
    found.set(id, {
      now: cellAt(NAME, NOW_COLUMN, at, map(base.now).value),
      nowWithUsers: cellAt(NAME, columns.nowWithUsers, at, map(base.nowWithUsers).value),
    })
  }
  if (plan.pool !== null)
    derive('pool', 'Connections needed', busyId(plan), 'count', (term) => needed(term, inputs))
  if (plan.cache !== null)
    derive('cache', 'Memory for the data in use', 'storage', 'bytes', (term) =>
      times(term, inputs.cacheShare),
    )
  return {
    sheet: {
      name: NAME,
      rows,
      widths: [38, 16, 9, ...Array.from({ length: 24 }, () => 13)],
      frozen: FIRST_ROW,
    },
    rows: found,
  }
}

/** Id of the measure that the size of pools is worked out of. */
export function busyId(plan: CapacityPlanWire): string {
  return plan.pool?.source === 'pools' ? 'pool-connections' : 'busy-connections'
}

/** As stats/staffing.ts. */
export function needed(offered: Term, { beta }: Inputs): Term {
  return atLeast(1, roundedUp(plus(offered, times(beta, root(offered)))))
}

/** At a change since now, as it goes and with the inputs' users. */
export function projected(now: Term, change: Term, { growth }: Inputs): Term {
  return atLeast(0, plus(now, times(change, growth)))
}

export function projectedWithUsers(
  scales: CapacityMeasureWire['scales'],
  now: Term,
  change: Term,
  inputs: Inputs,
): Term {
  const { growth, users } = inputs
  if (scales === 'users') return times(projected(now, change, inputs), users)
  if (scales === 'none') return projected(now, change, inputs)
  return atLeast(0, plus(now, times(change, times(growth, users))))
}

interface MeasureTerms extends ProjectedRow {
  /** By horizon, its bounds; null: not projected. */
  readonly horizons: readonly (readonly (Term | null)[])[]
  readonly horizonsWithUsers: readonly (readonly (Term | null)[])[]
}

function columnsOf({ horizons }: CapacityPlanWire) {
  const each = horizons.length * BOUNDS.length
  const changes = NOW_COLUMN + 1
  return {
    changes,
    asIs: changes + each,
    nowWithUsers: changes + 2 * each,
    withUsers: changes + 2 * each + 1,
  }
}

function measureRow(
  plan: CapacityPlanWire,
  { label, unit, scales, now, projections }: CapacityMeasureWire,
  inputs: Inputs,
  row: number,
): MeasureTerms & { readonly cells: readonly Cell[] } {
  const columns = columnsOf(plan)
  const format = formatOf(unit)
  const nowTerm = cellAt(NAME, NOW_COLUMN, row, inUnit(now, unit))
  const changes: (Term | null)[] = projections.flatMap((projection, horizon) =>
    BOUNDS.map((bound, at) =>
      projection.now === null
        ? null
        : cellAt(
            NAME,
            columns.changes + horizon * BOUNDS.length + at,
            row,
            inUnit(projection.now[bound], unit) - nowTerm.value,
          ),
    ),
  )
  const nowWithUsers = scales === 'users' ? times(nowTerm, inputs.users) : nowTerm
  const shown = (term: Term | null): Cell =>
    term === null ? plainCell('not projected') : formulaCell(term, format)
  const asIs = changes.map((change) => (change === null ? null : projected(nowTerm, change, inputs)))
  const withUsers = changes.map((change) =>
    change === null ? null : projectedWithUsers(scales, nowTerm, change, inputs),
  )
  const placed = (terms: readonly (Term | null)[], first: number) =>
    projections.map((_, horizon) =>
      BOUNDS.map((_bound, at) => {
        const term = terms[horizon * BOUNDS.length + at]!
        return term === null ? null : cellAt(NAME, first + horizon * BOUNDS.length + at, row, term.value)
      }),
    )
  return {
    cells: [
      plainCell(label),
      plainCell(unitWord(unit)),
      plainCell(scales),
      plainCell(nowTerm.value, format),
      ...changes.map((change) => plainCell(change?.value ?? null, format)),
      ...asIs.map(shown),
      formulaCell(nowWithUsers, format),
      ...withUsers.map(shown),
    ],
    now: nowTerm,
    nowWithUsers: cellAt(NAME, columns.nowWithUsers, row, nowWithUsers.value),
    horizons: placed(asIs, columns.asIs),
    horizonsWithUsers: placed(withUsers, columns.withUsers),
  }
}

function headings({ horizons }: CapacityPlanWire): Cell[] {
  const each = (words: string) =>
    horizons.flatMap(({ label }) => BOUNDS.map((bound) => heading(`${words}${label}, ${BOUND_WORDS[bound]}`)))
  return [
    heading('Measure'),
    heading('Unit'),
    heading('More users'),
    heading('Now'),
    ...each('forecast change '),
    ...each(''),
    heading('Now, with more users'),
    ...each('with more users '),
  ]
}
