// What the choice of a key and a step is made from. Plain data: the table as it is, and the statements with the time that each takes.

import type { ConsideredKey } from '../../model/partition-advice.ts'
import type { ColumnAge } from '../../sql/parse/column-ages.ts'
import type { ConflictTarget } from '../../sql/parse/conflict-targets.ts'
import type { PreparedStatement } from '../prepare-statement.ts'

export interface KeyColumn {
  readonly name: string
  /** As format_type spells it. */
  readonly type: string
  readonly isNotNull: boolean
  readonly isGenerated: boolean
  readonly nullShare: number
  /** Of the order of the rows on disk; null: no statistics. */
  readonly correlation: number | null
  /** As pg_stats has it: negative, the share of the rows. */
  readonly distinct: number | null
  /** Values as numbers (sql/key-value.ts), ends of equally filled buckets; fewer than two: not known. */
  readonly buckets: readonly number[]
}

export interface WeighedStatement {
  readonly prepared: PreparedStatement
  /** Of the time of all statements that read the table. */
  readonly shareOfTime: number
  readonly ages: readonly ColumnAge[]
}

export interface PartitionGround {
  readonly table: { readonly schema: string; readonly name: string }
  readonly rows: number
  readonly columns: readonly KeyColumn[]
  /** That read the table. */
  readonly statements: readonly WeighedStatement[]
  /** Of all statements that insert into it. */
  readonly conflicts: readonly { readonly id: string; readonly target: ConflictTarget }[]
}

export interface WeighedKey extends ConsideredKey {
  readonly of: KeyColumn
  readonly score: number
  /** Ids of statements that delete by age in it. */
  readonly deletes: readonly string[]
}
