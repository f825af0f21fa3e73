// What the choice of a key and a step is made from. Plain data: the table as it is, and the statements with the time that each takes.

import type { ColumnAge } from '../../sql/parse/column-ages.ts'
import type { ConflictTarget } from '../../sql/parse/conflict-targets.ts'
import type { Reading } from '../../sql/partition/key-use.ts'
import type { KeyColumn } from '../../sql/partition/weigh-keys.ts'

export interface WeighedStatement extends Reading {
  readonly id: string
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
