// Which column to divide by: the one that most of the time bounds, and least of it passes by.

import { isIntegerType, isTimeType } from '../../sql/key-value.ts'
import { isDeleteByAge, keyUseOf } from './key-use.ts'
import type { KeyColumn, PartitionGround, WeighedKey } from './partition-ground.ts'

/** An integer that grows with the table is laid out in its order; one that doesn't would spread new rows over all partitions. */
const GROWS = 0.95
/** Values that are nearly all different: an identity, not a count. */
const NEARLY_UNIQUE = -0.9
/** What dropping a partition instead of deleting its rows is worth beside plans: vacuum and bloat are in no plan. A judgement. */
const RETENTION_WORTH = 0.5

/** The best first; those that can't be the key last, with the reason. */
export function weighKeys(ground: PartitionGround): readonly WeighedKey[] {
  return ground.columns
    .filter((column) => isTimeType(column.type) || isGrowingNumber(column))
    .map((column) => weigh(column, ground))
    .toSorted(
      (a, b) =>
        Number(a.refusedBecause !== null) - Number(b.refusedBecause !== null) ||
        b.score - a.score ||
        Number(isTimeType(b.type)) - Number(isTimeType(a.type)) ||
        Math.abs(b.of.correlation ?? 0) - Math.abs(a.of.correlation ?? 0) ||
        (a.column < b.column ? -1 : 1),
    )
}

function isGrowingNumber({ type, correlation, distinct }: KeyColumn): boolean {
  return isIntegerType(type) && (correlation ?? 0) >= GROWS && (distinct ?? 0) <= NEARLY_UNIQUE
}

function weigh(column: KeyColumn, { table, statements }: PartitionGround): WeighedKey {
  const shareOf = (wanted: string) =>
    Math.min(
      1,
      statements
        .filter(({ prepared }) => keyUseOf(prepared, table, column.name) === wanted)
        .reduce((sum, { shareOfTime }) => sum + shareOfTime, 0),
    )
  const deletes = statements
    .filter(({ prepared }) => isDeleteByAge(prepared, table, column.name))
    .map(({ prepared }) => prepared.id)
  const isRetention = deletes.length > 0 && isTimeType(column.type)
  const [boundedShare, elsewhereShare] = [shareOf('bounded'), shareOf('elsewhere')]
  return {
    column: column.name,
    type: column.type,
    boundedShare,
    elsewhereShare,
    isRetention,
    refusedBecause: refusal(column),
    of: column,
    score: boundedShare - elsewhereShare + (isRetention ? RETENTION_WORTH : 0),
    deletes: isRetention ? deletes : [],
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
