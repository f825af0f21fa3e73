// A rewrite: another text for a statement, which asks for the same rows in a way that costs less.

import type { ColumnRef } from 'libpg-query'
import type { Edit, SourceText } from '../../sql/parse/source-text.ts'
import {
  type NamedColumn,
  type NamedTable,
  namedColumn,
  type StatementBlock,
} from '../../sql/parse/statement-blocks.ts'
import type { ColumnFigures, Surroundings, TableFigures } from '../surroundings.ts'

export interface Rewrite {
  readonly kind: RewriteKind
  readonly sql: string
  readonly why: string
  /** `always`, or `if ...`. */
  readonly sameResult: string
  /** Of a page by OFFSET: */
  readonly paging?: {
    /** Rows to pass over, for planning the original where its own values show nothing. */
    readonly offset: number
    /** The number of the parameter that OFFSET takes; null: a constant. */
    readonly parameter: number | null
    /** Only worth saying where a captured value is as large. */
    readonly isOnlyIfCaptured: boolean
  }
}

export const REWRITE_KINDS = [
  'bare-column-day',
  'bare-column-period',
  'bare-column-cast',
  'bare-column-sum',
  'bare-column-age',
  'value-type',
  'not-exists',
  'union-all',
  'keyset',
  'exists-for-distinct',
  'exists-for-count',
  'list-for-values',
] as const
export type RewriteKind = (typeof REWRITE_KINDS)[number]

export interface KnownColumn {
  readonly table: TableFigures
  readonly alias: string
  readonly column: ColumnFigures
}

export interface RewriteBlock extends StatementBlock {
  /** Null: not certain, or not a plain table's. */
  readonly columnOf: (reference: ColumnRef) => KnownColumn | null
  /** Empty: it has none, or is not known. */
  readonly primaryKeyOf: (table: NamedTable) => readonly string[]
}

/** What each kind of rewrite is given; one statement may be rewritten in several ways, one at a time. */
export interface RewriteSite {
  readonly source: SourceText
  readonly blocks: readonly RewriteBlock[]
  readonly surroundings: Surroundings
}

export type Rewriter = (site: RewriteSite) => readonly Rewrite[]

export function rewriteBlock(
  block: StatementBlock,
  find: (named: { schema: string | null; name: string }) => TableFigures | null,
): RewriteBlock {
  const figures = new Map(block.tables.map((named) => [named, find(named)]))
  return {
    ...block,
    primaryKeyOf: (table) => figures.get(table)?.primaryKey ?? [],
    columnOf: (reference) => {
      const named: NamedColumn | null = namedColumn(reference, block)
      if (named === null) return null
      const known = named.of.flatMap((each) => {
        const table = figures.get(each)
        const column = table?.columns.find(({ name }) => name === named.column)
        return table == null || column === undefined ? [] : [{ table, alias: each.alias, column }]
      })
      // a view or a CTE among them could have such a column as well
      const areAllKnown = named.of.every((each) => figures.get(each) != null)
      return known.length === 1 && areAllKnown ? known[0]! : null
    },
  }
}

/** The whole text with edits, or nothing where a place could not be made out. */
export function rewritten(
  { source }: RewriteSite,
  edits: readonly (Edit | null)[],
  rest: Omit<Rewrite, 'sql'>,
): readonly Rewrite[] {
  if (edits.some((edit) => edit === null)) return []
  return [{ ...rest, sql: source.edited(edits as readonly Edit[]) }]
}
