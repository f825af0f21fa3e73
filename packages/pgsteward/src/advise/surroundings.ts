// What the search for indexes must know of the target: tables with their statistics, indexes, foreign keys. Plain data.

import type { Bytes } from '../model/units.ts'

export interface ColumnFigures {
  readonly name: string
  readonly type: string
  /** Its order is that of bytes, so that LIKE 'x%' needs no operator class of its own. */
  readonly isByteOrdered: boolean
  readonly averageWidth: Bytes
  readonly nullShare: number
  /** Distinct values of the whole table; null: no statistics. */
  readonly distinct: number | null
  readonly mostCommon: readonly { readonly value: string; readonly share: number }[]
  /** Bounds of equally filled buckets, without the most common values. */
  readonly histogram: readonly string[]
  readonly correlation: number
}

export interface TableFigures {
  readonly schema: string
  readonly name: string
  readonly rows: number
  readonly sizeBytes: Bytes
  /** Share of the pages that an index-only scan needn't visit. */
  readonly allVisibleShare: number
  readonly columns: readonly ColumnFigures[]
  readonly primaryKey: readonly string[]
  /** Rows updated and deleted since its statistics began, as a share of its rows. */
  readonly modifiedShare: number
  /** HOT share of its updates so far; null: too few to tell. */
  readonly hotShare: number | null
  /** A view's query; null for a table. */
  readonly viewSql: string | null
}

export interface KnownKey {
  /** As pg_get_indexdef writes it, without operator class and order. */
  readonly sql: string
  readonly isDescending: boolean
  readonly areNullsFirst: boolean
  /** Null: the type's default. */
  readonly operatorClass: string | null
}

export interface ExistingIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly method: string
  readonly keys: readonly KnownKey[]
  readonly include: readonly string[]
  readonly where: string | null
  readonly isUnique: boolean
  /** Primary key, unique or exclusion constraint: it can't be dropped as an index. */
  readonly isConstraint: boolean
  /** Every column that a change of the row would have to keep up: keys, expressions, INCLUDE, predicate. */
  readonly columns: readonly string[]
  readonly sizeBytes: Bytes
}

export interface ForeignKey {
  readonly name: string
  readonly child: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  readonly parent: { readonly schema: string; readonly table: string; readonly columns: readonly string[] }
  readonly onDelete: 'restrict' | 'cascade' | 'set-null'
  readonly onUpdate: 'restrict' | 'cascade' | 'set-null'
}

export interface Surroundings {
  readonly tables: readonly TableFigures[]
  readonly indexes: readonly ExistingIndex[]
  readonly foreignKeys: readonly ForeignKey[]
  /** Installed ones, with the schema of their objects. */
  readonly extensions: ReadonlyMap<string, string>
  readonly searchPath: readonly string[]
  /** Tables whose statistics the role may not read or that were never analysed. */
  readonly withoutStatistics: readonly string[]
  /** random_page_cost of the target: what a page of an index costs in the planner's units. */
  readonly randomPageCost: number
}

export function nameOf(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`
}
