// A condition that wraps an indexed column in a function, a cast or a sum: the index holds the column, not what is asked for.

import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { type ProvenRewrite, rewrites } from '../../facts/rewrites.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { tableColumns } from '../../facts/table-columns.ts'
import { defineCheck } from '../../model/check.ts'
import type { Evidence, Remedy } from '../../model/finding.ts'
import type { WrappedColumn } from '../../sql/parse/statement-traits.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { readWays } from './bare-column-conditions.ts'
import { indexLedBy } from './index-led-by.ts'
import { BLOCK_BYTES, FEWEST_PAGES, PASSED_BY_INDEX } from './passed-by-index.ts'
import { baseType, columnCatalog, type ResolvedColumn } from './resolve-column.ts'
import { rewriteEvidence } from './rewrite-evidence.ts'
import { loadEvidence, querySubject, statementLoads } from './statement-load.ts'

export const functionOnIndexedColumn = defineCheck({
  id: 'function-on-indexed-column',
  area: 'query',
  title: 'Function or cast on an indexed column, which keeps the index from being used',
  needs: { statements, statementTexts, tableColumns, indexes, rewrites },
  options: PASSED_BY_INDEX,
  run({ statements, statementTexts, tableColumns, indexes, rewrites }, options, { server }) {
    const catalog = columnCatalog(tableColumns)
    const traits = new Map(statementTexts.map((row) => [row.queryId, row.traits]))
    return statementLoads(server.database, statements, statementTexts)
      .filter((load) => load.calls >= options.minCalls)
      .flatMap((load) => {
        const found = (traits.get(load.queryId)?.wrapped ?? []).flatMap((wrapped) => {
          const resolved = catalog.column(wrapped.on)
          if (resolved === null || isHarmless(wrapped, resolved)) return []
          const lost = indexLedBy(resolved, indexes)
          if (lost === undefined || hasExpression(resolved, wrapped, indexes)) return []
          const pages = resolved.table.heapBytes / BLOCK_BYTES
          if (pages < FEWEST_PAGES) return []
          return load.blocksPerCall >= options.minShareOfTable * pages ? [{ wrapped, resolved, lost }] : []
        })
        const [first] = found
        if (first === undefined) return []
        const { wrapped, resolved, lost } = first
        const proven = rewrites.find(({ id, kind }) => id === load.queryId && kind.startsWith('bare-column'))
        const remedy = remedyOf(wrapped, resolved)
        return [
          {
            subject: querySubject(load),
            severity: load.busySessions >= options.warnBusy ? ('warning' as const) : ('info' as const),
            summary: `A condition on ${wrapped.sketch} of ${resolved.table.name} can't use the index on ${wrapped.on.column}`,
            evidence: [
              { label: 'condition', value: `${wrapped.sketch} ${wrapped.operator} …`, unit: 'text' as const },
              { label: 'index that it passes by', value: lost.name, unit: 'text' as const },
              ...howTo(wrapped, resolved, proven),
              { label: 'pages of 8 kB visited a call', value: load.blocksPerCall, unit: 'count' as const },
              {
                label: 'pages of the table',
                value: resolved.table.heapBytes / BLOCK_BYTES,
                unit: 'count' as const,
              },
              { label: 'reported from a share of', value: options.minShareOfTable, unit: 'ratio' as const },
              ...loadEvidence(load),
            ],
            ...(remedy === null ? {} : { remedy }),
          },
        ]
      })
  },
})

/**
 * A cast between text and varchar changes nothing, and the index serves. LIKE could mostly not use the index on the bare column
 * either: that is for the advice on indexes, which knows of trigrams.
 */
function isHarmless({ by, name, operator }: WrappedColumn, { column }: ResolvedColumn): boolean {
  if (operator === '~~') return true
  return by === 'cast' && SAME_TEXT.has(name) && SAME_TEXT.has(baseType(column.type))
}

const SAME_TEXT: ReadonlySet<string> = new Set(['text', 'varchar', 'character varying'])

/** One is there already; why the planner passes it by is another question. */
function hasExpression(
  { table, column }: ResolvedColumn,
  { by, name }: WrappedColumn,
  indexes: readonly IndexRow[],
): boolean {
  return indexes.some(
    (row) =>
      row.schema === table.schema &&
      row.table === table.name &&
      row.keyColumns.some((key) => {
        const text = key.toLowerCase()
        if (!/[(:+*/|-]/.test(text) || !text.includes(column.name.toLowerCase())) return false
        return by === 'cast' ? /::/.test(text) || text.includes(`${name}(`) : text.includes(name)
      }),
  )
}

function howTo(
  wrapped: WrappedColumn,
  resolved: ResolvedColumn,
  proven: ProvenRewrite | undefined,
): readonly Evidence[] {
  if (proven !== undefined) return rewriteEvidence(proven)
  const way = readWays(wrapped, baseType(resolved.column.type))
  return way === null ? [] : [{ label: 'write it as', value: way, unit: 'text' }]
}

/** Functions whose result rests on their arguments alone, and that no rewrite replaces: only these may stand in an index. */
const IMMUTABLE: ReadonlySet<string> = new Set(['lower', 'upper', 'btrim', 'length', 'md5', 'abs', 'reverse'])

function remedyOf(wrapped: WrappedColumn, { table, column }: ResolvedColumn): Remedy | null {
  if (wrapped.by !== 'function' || !IMMUTABLE.has(wrapped.name)) return null
  // with further arguments the text, whose constants are gone, does not tell the expression
  if (wrapped.sketch !== `${wrapped.name}(${column.name})`) return null
  const name = `${table.name}_${wrapped.name}_${column.name}_idx`.slice(0, 63)
  const index = qualified(table.schema, name)
  return {
    sql: [
      `create index concurrently if not exists ${ident(name)} on ${qualified(table.schema, table.name)} (${wrapped.name}(${ident(column.name)}))`,
      `analyze ${qualified(table.schema, table.name)}`,
    ],
    undo: [`drop index concurrently if exists ${index}`],
    lock: 'share update exclusive',
    caution:
      'Reads the table twice and waits for running transactions; if it fails, drop the invalid index that it leaves. Every write of the column pays for it.',
  }
}
