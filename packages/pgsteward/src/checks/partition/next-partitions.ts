// The partitions that a table lacks, and those that are older than it keeps, as the statements that make and detach them.

import type { PartitionRow, RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { Remedy } from '../../model/finding.ts'
import { boundsOf, divisionOf } from '../../sql/partition/bounds.ts'
import { partitionNamer } from '../../sql/partition/partition-names.ts'
import {
  attachPartitionSql,
  createPartitionSql,
  detachPartitionSql,
} from '../../sql/partition/partition-sql.ts'
import { missingRanges, nextOf, startOf } from '../../sql/partition/ranges.ts'
import { defaultPartitionOf, type Outlook } from './outlook.ts'

/** More are no upkeep: somebody should look first. */
const MOST_CREATED = 100

/** `ahead`: that are to lie beyond what is reached. Null: none is missing, or they are not ours to make. */
export function createRemedy(
  row: RangePartitionsRow,
  outlook: Outlook,
  { ahead, defaultHasRows }: { readonly ahead: number; readonly defaultHasRows: boolean },
): Remedy | null {
  const { step, reached, newest, end } = outlook
  if (row.keptUpBy !== null || step === null || reached === null) return null
  // what is divided again has more to be made than a table, and an index that tells rows apart is named by each
  if (newest.isPartitioned || newest.replicaIdentity === 'index') return null
  // its rows went to the default partition, and would have to be moved first
  const from = defaultHasRows && end <= reached ? nextOf(step, startOf(step, reached)) : end
  const ranges = missingRanges(step, { end: from, type: row.key.type }, reached, ahead)
  if (ranges.length === 0 || ranges.length > MOST_CREATED) return null
  const isBesideDefault = defaultPartitionOf(row) !== null
  const nameOf = namerOf(row)
  return {
    sql: ranges.map((range) => createPartitionSql(row, nameOf(range), range, newest)),
    undo: ranges.toReversed().map((range) => detachPartitionSql(row, nameOf(range), 'plain')),
    lock: isBesideDefault ? 'access exclusive' : 'share update exclusive',
    caution: isBesideDefault
      ? 'The default partition is locked and read meanwhile, so each fails where rows of its range are in it. Taken back they are detached, not dropped; `maintain undo` leaves one that has rows by then.'
      : 'Reading and writing go on. Taken back they are detached, not dropped; `maintain undo` leaves one that has rows by then.',
  }
}

function namerOf(row: RangePartitionsRow): ReturnType<typeof partitionNamer> {
  const by = divisionOf(row.key.type)
  const named = row.partitions.flatMap(({ schema, name, bound }) => {
    const bounds = boundsOf(bound, by)
    return bounds === null ? [] : [{ schema, name, ...bounds }]
  })
  return partitionNamer(row, named, by)
}

/** Those that end `keepMonths` ago or earlier, the oldest first; never the newest, never the default. Of a time key only. */
export function expiredPartitions(
  { key, partitions }: RangePartitionsRow,
  now: Date,
  keepMonths: number,
): readonly PartitionRow[] {
  if (divisionOf(key.type) !== 'time') return []
  const kept = new Date(now)
  kept.setUTCMonth(kept.getUTCMonth() - keepMonths)
  // the day after the last of a shorter month is of the next one
  if (kept.getUTCDate() !== now.getUTCDate()) kept.setUTCDate(0)
  return partitions
    .flatMap((partition) => {
      const to = boundsOf(partition.bound, 'time')?.to ?? null
      return to === null ? [] : [{ partition, to }]
    })
    .toSorted((a, b) => (a.to < b.to ? -1 : 1))
    .slice(0, -1)
    .filter(({ to }) => to <= BigInt(kept.getTime()))
    .map(({ partition }) => partition)
}

export function detachRemedy(row: RangePartitionsRow, expired: readonly PartitionRow[]): Remedy {
  const isBesideDefault = defaultPartitionOf(row) !== null
  return {
    sql: expired.map((partition) =>
      detachPartitionSql(row, partition, isBesideDefault ? 'plain' : 'concurrently'),
    ),
    undo: expired.map((partition) => attachPartitionSql(row, partition, forValues(partition))),
    lock: isBesideDefault ? 'access exclusive' : 'share update exclusive',
    caution: [
      'Nothing is dropped: what is detached is a table of its own.',
      isBesideDefault
        ? 'PostgreSQL detaches beside a default partition only with the table locked for a moment: it is tried for half a second, again later where others are in the way.'
        : 'Reading and writing go on; it waits for transactions that use the table.',
      'Taken back, the rows of each are read once to prove that they are of its range.',
    ].join(' '),
  }
}

/** FOR VALUES is as the catalog writes it, and what ATTACH takes. */
function forValues({ bound }: PartitionRow): string {
  return bound.replace(/^FOR VALUES FROM (.*) TO (.*)$/, 'for values from $1 to $2')
}
