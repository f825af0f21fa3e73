// The query shape: what a statement asks of each table, block by block, as far as indexes are concerned.

export interface TableName {
  readonly schema: string
  readonly name: string
}

/** A column, or an expression over one table's columns and constants alone. */
export interface KeyExpression {
  /** SQL over bare column names, as an index definition would hold it. */
  readonly sql: string
  /** Null for an expression. */
  readonly column: string | null
  readonly columns: readonly string[]
  /** Of the column; null for an expression whose type is not known. */
  readonly type: string | null
}

export type Operand =
  /** SQL of each literal. */
  | { readonly kind: 'constant'; readonly literals: readonly string[] }
  /** `isList`: one parameter that is an array, as in `= any ($1)`. */
  | { readonly kind: 'parameter'; readonly numbers: readonly number[]; readonly isList: boolean }
  /** A column of another table: a join, or a correlated sub-select. */
  | { readonly kind: 'join'; readonly use: TableUse; readonly on: KeyExpression }
  /** Known before the scan starts, yet no literal: now() - interval '1 day', (select ...). */
  | { readonly kind: 'computed' }
  | { readonly kind: 'none' }

export type Operator =
  | 'equal'
  | 'in'
  | 'range'
  | 'like'
  | 'ilike'
  | 'regex'
  | 'contains'
  | 'contained'
  | 'overlaps'
  | 'has-key'
  | 'json-path'
  | 'text-search'
  | 'is-null'
  | 'is-not-null'
  | 'is-true'
  | 'is-false'
  | 'not-equal'

export interface Condition {
  readonly on: KeyExpression
  readonly operator: Operator
  readonly operand: Operand
  /** Of a range: `>` and `>=` give the lower end, `<` and `<=` the upper, BETWEEN both. */
  readonly bound: 'lower' | 'upper' | 'both' | null
  /** The condition over bare columns, where it holds constants only: it may become a partial index's predicate. */
  readonly sql: string | null
  /** A row comparison `(a, b) < (...)` is a range on a; the keys behind it. */
  readonly rowKeys: readonly KeyExpression[]
}

export interface OrderKey {
  readonly on: KeyExpression
  readonly isDescending: boolean
  readonly areNullsFirst: boolean
}

/** One mention of a table in one query block. */
export interface TableUse {
  readonly table: TableName
  readonly alias: string
  /** All of them must hold. */
  readonly conditions: readonly Condition[]
  /** Each is an OR whose arms are conditions on this table alone. */
  readonly alternatives: readonly (readonly Condition[])[]
  /** The leading sort keys that are this table's own. */
  readonly order: readonly OrderKey[]
  /** Whether `order` is the block's whole ORDER BY. */
  readonly isWholeOrder: boolean
  readonly group: readonly KeyExpression[]
  /** min(column) or max(column) as the block's outputs. */
  readonly extremes: readonly KeyExpression[]
  /** Columns that the block reads, conditions included. */
  readonly columns: readonly string[]
  readonly readsWholeRow: boolean
  /** Written or locked by the statement: the row itself must be visited. */
  readonly visitsRows: boolean
}

export interface QueryBlock {
  readonly uses: readonly TableUse[]
  /** `limit` with any count, or a fetch first; null: all rows. */
  readonly hasLimit: boolean
}

export interface TableWrite {
  readonly table: TableName
  readonly kind: 'insert' | 'update' | 'delete'
  /** Set by an update; empty otherwise. */
  readonly columns: readonly string[]
  /** Rows that the text itself holds (VALUES lists); null: as many as its query yields. */
  readonly rows: number | null
}

/** Which column a parameter is compared with, so that a value can be sampled for it. */
export interface ParameterUse {
  readonly number: number
  readonly table: TableName
  readonly column: string
  readonly operator: Operator
  /** Of a range: which end the parameter is; null for other operators. */
  readonly bound: 'lower' | 'upper' | null
  /** Its value is an array of the column's values. */
  readonly isList: boolean
  /** Set where it is compared with a member of a document: `doc ->> 'ref' = $1`. */
  readonly member: string | null
  /** Compared with lower(column) or upper(column). */
  readonly letters: 'lower' | 'upper' | null
  /** Part of a row comparison, as pages by keyset have it. */
  readonly isKeyset: boolean
}

export interface QueryShape {
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'other'
  readonly blocks: readonly QueryBlock[]
  readonly writes: readonly TableWrite[]
  readonly parameters: readonly ParameterUse[]
  /** Highest $n in the text; 0: none. */
  readonly parameterCount: number
  /** Tables that are not in the catalog, as the text names them. */
  readonly unknownTables: readonly string[]
}
