// Which column to divide by: the one that most of the time bounds, and least of it passes by.

import { isIntegerType, isTimeType } from '../key-value.ts'
import type { TableName } from '../parse/query-shape.ts'
import { isDeleteByAge, keyUseOf, type Reading } from './key-use.ts'

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
  /** Values as numbers (key-value.ts), ends of equally filled buckets; fewer than two: not known. */
  readonly buckets: readonly number[]
}

export interface Weighed {
  readonly table: TableName
  readonly columns: readonly KeyColumn[]
  /** Those that read the table; `shareOfTime` of all of them. */
  readonly statements: readonly (Reading & { readonly id: string; readonly shareOfTime: number })[]
}

export interface WeighedKey {
  readonly column: KeyColumn
  /** Of the time of the statements: whose conditions bound it, so that partitions are left out. */
  readonly boundedShare: number
  /** Of the same: that look rows up by something else, in every partition. */
  readonly elsewhereShare: number
  /** Ids of statements that delete by age in it. */
  readonly deletes: readonly string[]
  /** Why it can't be the key; null: it can. */
  readonly refusedBecause: string | null
  readonly score: number
}

/** An integer that grows with the table is laid out in its order; one that doesn't would spread new rows over all partitions. */
const GROWS = 0.95
/** Values that are nearly all different: an identity, not a count. */
const NEARLY_UNIQUE = -0.9
/** What dropping a partition instead of deleting its rows is worth beside plans: vacuum and bloat are in no plan. A judgement. */
const RETENTION_WORTH = 0.5

/** The best first; those that can't be the key last, with the reason. */
export function weighKeys(given: Weighed): readonly WeighedKey[] {
  return given.columns
    .filter((column) => isTimeType(column.type) || isGrowingNumber(column))
    .map((column) => weigh(column, given))
    .toSorted(
      (a, b) =>
        Number(a.refusedBecause !== null) - Number(b.refusedBecause !== null) ||
        b.score - a.score ||
        Number(isTimeType(b.column.type)) - Number(isTimeType(a.column.type)) ||
        Math.abs(b.column.correlation ?? 0) - Math.abs(a.column.correlation ?? 0) ||
        (a.column.name < b.column.name ? -1 : 1),
    )
}

function isGrowingNumber({ type, correlation, distinct }: KeyColumn): boolean {
  return isIntegerType(type) && (correlation ?? 0) >= GROWS && (distinct ?? 0) <= NEARLY_UNIQUE
}

function weigh(column: KeyColumn, { table, statements }: Weighed): WeighedKey {
  const shareOf = (wanted: string) =>
    Math.min(
      1,
      statements
        .filter((statement) => keyUseOf(statement, table, column.name) === wanted)
        .reduce((sum, { shareOfTime }) => sum + shareOfTime, 0),
    )
  const deletes = isTimeType(column.type)
    ? statements.filter((statement) => isDeleteByAge(statement, table, column.name)).map(({ id }) => id)
    : []
  const [boundedShare, elsewhereShare] = [shareOf('bounded'), shareOf('elsewhere')]
  return {
    column,
    boundedShare,
    elsewhereShare,
    deletes,
    refusedBecause: refusal(column),
    score: boundedShare - elsewhereShare + (deletes.length > 0 ? RETENTION_WORTH : 0),
  }
}

function refusal({ nullShare, isGenerated, buckets }: KeyColumn): string | null {
  if (nullShare > 0) return `${shown(nullShare)} of its values are null, which no range holds`
  if (isGenerated) return 'it is generated, and PostgreSQL takes no generated column as a partition key'
  if (buckets.length < 2)
    return 'its values are not known: the table was never analyzed, or the role may not read its statistics'
  return null
}

function shown(share: number): string {
  return share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`
}
