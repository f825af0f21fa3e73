// A statement that returns every column of wide rows, the long ones with them, at volume.

import { z } from 'zod'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableColumnsRow, tableColumns } from '../../facts/table-columns.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import type { StatementTraits } from '../../sql/parse/statement-traits.ts'
import { type ColumnCatalog, columnCatalog } from './resolve-column.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

/** A value of fewer bytes is not what makes a row wide. */
const LONG_VALUE_BYTES = 200
const MOST_NAMED = 5

export const selectStarWide = defineCheck({
  id: 'select-star-wide',
  area: 'query',
  title: 'All columns of wide rows, where a few would do',
  needs: { statements, statementTexts, tableColumns, tables },
  options: z.object({
    minRowBytes: size()
      .prefault('2kB')
      .describe(
        'From there on PostgreSQL moves values out of the row (TOAST), and reads them back one by one.',
      ),
    minPerSecond: size()
      .prefault('1MB')
      .describe(
        'Returned by the statement: below a few percent of a network and of a processor nobody notices.',
      ),
    warnPerSecond: size()
      .prefault('20MB')
      .describe('A gigabit network carries some 100 MB a second, and the application parses all of it.'),
  }),
  run({ statements, statementTexts, tableColumns, tables }, options, { server }) {
    const catalog = columnCatalog(tableColumns)
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits ?? null]))
    return statementLoads(server.database, statements, statementTexts).flatMap((load) => {
      const wide = wholeTables(traits.get(load.queryId) ?? null, catalog)
        .map((table) => ({ table, ...widthOf(table, tables) }))
        .filter(({ rowBytes, long }) => rowBytes >= options.minRowBytes && long.length > 0)
        .sort((a, b) => b.rowBytes - a.rowBytes)
      const [first] = wide
      if (first === undefined) return []
      const perCall = first.rowBytes * load.rowsPerCall
      const perSecond = perCall * load.callsPerSecond
      if (perSecond < options.minPerSecond) return []
      return [
        {
          subject: querySubject(load),
          severity: perSecond >= options.warnPerSecond ? ('warning' as const) : ('info' as const),
          // no remedy: which columns are needed is for the application to say
          summary: `A statement returns all columns of ${first.table.name}, the long ones with them`,
          evidence: [
            { label: 'long columns', value: first.long.join(', '), unit: 'text' as const },
            { label: 'a row', value: first.rowBytes, unit: 'bytes' as const },
            { label: 'a wide row from', value: options.minRowBytes, unit: 'bytes' as const },
            { label: 'returned a call, estimated', value: perCall, unit: 'bytes' as const },
            { label: 'returned in a second, estimated', value: perSecond, unit: 'bytes' as const },
            { label: 'reported from', value: options.minPerSecond, unit: 'bytes' as const },
            ...loadEvidence(load),
          ],
        },
      ]
    })
  },
})

/** Tables of which the statement returns every column: by a star, or each by its name as Prisma writes them. */
function wholeTables(traits: StatementTraits | null, catalog: ColumnCatalog): readonly TableColumnsRow[] {
  if (traits?.output == null) return []
  const byStar = traits.output.wholeRowsOf.flatMap((named) => catalog.table(named) ?? [])
  const named = Map.groupBy(
    traits.output.columns.flatMap(({ of, names }) =>
      names.split('\0').flatMap((column) => catalog.column({ of, column }) ?? []),
    ),
    ({ table }) => table,
  )
  const byName = [...named].flatMap(([table, columns]) => {
    const returned = new Set(columns.map(({ column }) => column.name))
    return table.columns.every(({ name }) => returned.has(name)) ? [table] : []
  })
  return [...new Set([...byStar, ...byName])]
}

/**
 * By the whole table's size: what ANALYZE says of a value's width is that of a pointer where the value was moved out. Columns that may
 * be moved out are named where their width is not known.
 */
function widthOf(
  { schema, name, columns }: TableColumnsRow,
  tables: readonly TableRow[],
): { readonly rowBytes: number; readonly long: readonly string[] } {
  const table = tables.find((row) => row.schema === schema && row.name === name)
  const known = columns.reduce((sum, { averageWidth }) => sum + (averageWidth ?? 0), 0)
  const stored =
    table === undefined || table.rows < 1 ? 0 : table.tableBytes / (table.rows + table.deadTuples)
  const isMovedOut = table !== undefined && table.toastBytes > table.heapBytes / 2
  const long = columns
    .filter(
      ({ mayBeToasted, averageWidth, type }) =>
        mayBeToasted &&
        !isShort(type) &&
        (averageWidth === null || averageWidth >= LONG_VALUE_BYTES || isMovedOut),
    )
    .sort((a, b) => (b.averageWidth ?? 0) - (a.averageWidth ?? 0))
  return { rowBytes: Math.max(known, stored), long: long.slice(0, MOST_NAMED).map((column) => column.name) }
}

/** Numbers and names of a few dozen characters at most. */
function isShort(type: string): boolean {
  const length = /\((\d+)\)/.exec(type)?.[1]
  return (
    /^numeric|^inet|^cidr|range$/.test(type) || (length !== undefined && Number(length) < LONG_VALUE_BYTES)
  )
}
