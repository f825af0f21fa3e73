// Values for the parameters of statements to be replayed: what was captured, else rows of the table itself, so that columns of one row
// go together (this member of this church), and the planner's statistics for ranges, patterns and everything else.

import { fillIn, sampleParameters } from '../../advise/sample-parameters.ts'
import { nameOf, type Surroundings, type TableFigures } from '../../advise/surroundings.ts'
import type { WorkloadStatement } from '../../advise/workload.ts'
import type { ReplayCall } from '../../load/replay/replay-statement.ts'
import type { Session } from '../../postgres/connect.ts'
import type { ParameterUse, QueryShape } from '../../sql/parse/query-shape.ts'
import { ident, qualified } from '../../sql/quote.ts'

/** So many rows of a table are drawn from: more than a hundred bounds of a histogram, or the same few pages would always be hot. */
export const ROWS = 1000
/** Of larger tables only some pages are read. */
const ROWS_READ = 50_000
/** Values in a list; how many the application sends is not known. */
const LIST_LENGTH = 8

export type RowsOf = (
  table: TableFigures,
  columns: readonly string[],
) => Promise<readonly Readonly<Record<string, string>>[]>

/** Reads rows of tables, each set of columns once. What can't be read has no rows. */
export function rowReader(session: Session): RowsOf {
  const known = new Map<string, Promise<readonly Readonly<Record<string, string>>[]>>()
  return (table, columns) => {
    const key = `${nameOf(table)} ${columns.join(',')}`
    const found = known.get(key) ?? readRows(session, table, columns).catch(() => [])
    known.set(key, found)
    return found
  }
}

async function readRows(session: Session, table: TableFigures, columns: readonly string[]) {
  const percent = table.rows <= ROWS_READ ? null : Math.max(0.01, (100 * ROWS_READ) / table.rows)
  const names = columns.map(ident)
  const { rows } = await session.query(
    'replay values',
    `select ${names.map((name) => `t.${name}::text as ${name}`).join(', ')}
       from ${qualified(table.schema, table.name)} as t${percent === null ? '' : ` tablesample system (${percent.toFixed(4)}) repeatable (1)`}
      where ${names.map((name) => `t.${name} is not null`).join(' and ')}
      order by pg_catalog.hashtext(t::text) limit ${ROWS}`,
  )
  return rows as readonly Readonly<Record<string, string>>[]
}

/** A text: no values are known for a parameter, and which. */
export async function replayCalls(
  statement: WorkloadStatement,
  text: string,
  shape: QueryShape,
  surroundings: Surroundings,
  rowsOf: RowsOf,
): Promise<readonly ReplayCall[] | string> {
  const { parameterCount } = shape
  if (parameterCount === 0) return [{ sql: text, values: [] }]
  const captured = statement.variants.filter((variant) => variant.length >= parameterCount)
  if (captured.length > 0) return captured.map((each) => ({ sql: fillIn(text, each), values: [] }))
  const sampled = sampleParameters(parameterCount, shape.parameters, text, surroundings) ?? [
    Array.from({ length: parameterCount }, () => null),
  ]
  const joint = await jointValues(shape.parameters, surroundings, rowsOf)
  const most = Math.max(sampled.length, ...[...joint.values()].map((values) => values.length))
  const calls: ReplayCall[] = []
  for (let row = 0; row < most; row++) {
    const values: (string | null)[] = []
    for (let number = 1; number <= parameterCount; number++) {
      const own = joint.get(number)
      const literal = sampled[row % sampled.length]![number - 1]
      if (own !== undefined) values.push(own[row % own.length]!)
      else if (literal !== undefined && literal !== null) values.push(unquoted(literal))
      else return `nothing tells what $${number} may be`
    }
    calls.push({ sql: text, values })
  }
  return calls
}

/** By number of the parameter: its values, row by row; those of one table stand in the same order. */
async function jointValues(
  uses: readonly ParameterUse[],
  { tables }: Surroundings,
  rowsOf: RowsOf,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>()
  const plain = uses.filter(
    ({ operator, member, letters }) =>
      (operator === 'equal' || operator === 'in') && member === null && letters === null,
  )
  const byTable = Map.groupBy(plain, ({ table }) => nameOf(table))
  for (const [name, own] of byTable) {
    const table = tables.find((each) => nameOf(each) === name && each.viewSql === null)
    if (table === undefined) continue
    const rows = await rowsOf(table, [...new Set(own.map(({ column }) => column))].sort())
    if (rows.length === 0) continue
    const places = new Map<string, number>()
    for (const { number, column, isList } of own) {
      if (found.has(number)) continue
      // several of one column are a list: other rows for each
      const place = places.get(column) ?? 0
      places.set(column, place + (isList ? LIST_LENGTH : 1))
      const at = (row: number) => rows[row % rows.length]![column]!
      found.set(
        number,
        rows.map((_, row) =>
          isList
            ? arrayText(Array.from({ length: LIST_LENGTH }, (_, item) => at(row + place + item)))
            : at(row + place),
        ),
      )
    }
  }
  return found
}

function arrayText(values: readonly string[]): string {
  return `{${[...new Set(values)].map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** The text form of a literal that `sql/quote.ts` or a page size made. */
function unquoted(literal: string): string | null {
  if (literal === 'null') return null
  const quoted = /^\s*(E?)'([\s\S]*)'$/.exec(literal)
  if (quoted === null) return literal
  const text = quoted[2]!.replaceAll("''", "'")
  return quoted[1] === 'E' ? text.replaceAll('\\\\', '\\') : text
}
