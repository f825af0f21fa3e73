// A comparison whose other side has a type that the column must first be cast to: its index is in the order of the column's own type.

import { indexes } from '../../facts/indexes.ts'
import { rewrites } from '../../facts/rewrites.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableColumn, tableColumns } from '../../facts/table-columns.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence } from '../../model/finding.ts'
import type { StatementTraits } from '../../sql/parse/statement-traits.ts'
import { indexLedBy } from './index-led-by.ts'
import { BLOCK_BYTES, FEWEST_PAGES, PASSED_BY_INDEX } from './passed-by-index.ts'
import { baseType, type ColumnCatalog, columnCatalog, type ResolvedColumn } from './resolve-column.ts'
import { provenRewrite } from './rewrite-evidence.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

interface Cast {
  readonly on: ResolvedColumn
  readonly to: string
  /** What it is compared with. */
  readonly against: string
}

export const implicitCast = defineCheck({
  id: 'implicit-cast',
  area: 'query',
  title: 'Comparison that casts an indexed column',
  needs: { statements, statementTexts, tableColumns, indexes, rewrites },
  options: PASSED_BY_INDEX,
  run({ statements, statementTexts, tableColumns, indexes, rewrites }, options, { server }) {
    const catalog = columnCatalog(tableColumns)
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits]))
    return statementLoads(server.database, statements, statementTexts)
      .filter((load) => load.calls >= options.minCalls)
      .flatMap((load) => {
        const found = castsOf(traits.get(load.queryId) ?? null, catalog).flatMap((cast) => {
          const index = indexLedBy(cast.on, indexes)
          const pages = cast.on.table.heapBytes / BLOCK_BYTES
          if (pages < FEWEST_PAGES) return []
          return index === undefined || load.blocksPerCall < options.minShareOfTable * pages
            ? []
            : [{ ...cast, index, pages }]
        })
        const [first] = found
        if (first === undefined) return []
        const { table, column } = first.on
        return [
          {
            subject: querySubject(load),
            severity: load.busySessions >= options.warnBusy ? ('warning' as const) : ('info' as const),
            // no remedy: the type is chosen where the text is written, or a value bound
            summary: `A comparison casts ${column.name} of ${table.name} to ${first.to}, so its index can't be used`,
            evidence: [
              { label: 'column', value: `${column.name} ${column.type}`, unit: 'text' as const },
              { label: 'compared with', value: first.against, unit: 'text' as const },
              { label: 'index that it passes by', value: first.index.name, unit: 'text' as const },
              ...howTo(load.queryId, column),
              { label: 'pages of 8 kB visited a call', value: load.blocksPerCall, unit: 'count' as const },
              { label: 'pages of the table', value: first.pages, unit: 'count' as const },
              { label: 'reported from a share of', value: options.minShareOfTable, unit: 'ratio' as const },
              ...loadEvidence(load),
            ],
          },
        ]
      })

    function howTo(queryId: string, { name, type }: TableColumn): readonly Evidence[] {
      const proven = provenRewrite(rewrites, [queryId], 'value-type')
      if (proven.length > 0) return proven
      return [{ label: 'write it as', value: `${name} = value::${baseType(type)}`, unit: 'text' }]
    }
  },
})

function castsOf(traits: StatementTraits | null, catalog: ColumnCatalog): readonly Cast[] {
  if (traits === null) return []
  const compared = traits.compared.flatMap(({ on: named, type }) => {
    const on = type === null ? null : catalog.column(named)
    const to = on === null || type === null ? null : castTo(baseType(on.column.type), type)
    return on === null || to === null ? [] : [{ on, to, against: `a value of type ${shown(type!)}` }]
  })
  const joined = traits.joined.flatMap((pair) => {
    const [left, right] = [catalog.column(pair[0]), catalog.column(pair[1])]
    if (left === null || right === null) return []
    return [
      [left, right],
      [right, left],
    ].flatMap(([on, other]) => {
      const to = castTo(baseType(on!.column.type), baseType(other!.column.type))
      return to === null
        ? []
        : [{ on: on!, to, against: `${other!.table.name}.${other!.column.name} ${other!.column.type}` }]
    })
  })
  return [...compared, ...joined]
}

const NAMES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bpchar: 'character',
  varchar: 'character varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
}

function shown(type: string): string {
  const base = baseType(type)
  return NAMES[base] ?? base
}

/**
 * What PostgreSQL makes of a column of one type beside a value of another. Null: its index serves all the same: there are operators
 * over both types (integers of any size, dates and timestamps, real and double), the value is the one that is cast, or the types share
 * their order (text and varchar). Held against the planner by its story.
 */
function castTo(column: string, value: string): string | null {
  const other = shown(value)
  const isWhole = ['smallint', 'integer', 'bigint'].includes(column)
  const isFloating = other === 'real' || other === 'double precision'
  if (isWhole && other === 'numeric') return 'numeric'
  if ((isWhole || column === 'numeric') && isFloating) return 'double precision'
  return column === 'character' && (other === 'text' || other === 'character varying') ? 'text' : null
}
