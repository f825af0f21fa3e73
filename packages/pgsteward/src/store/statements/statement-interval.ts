// Statements at full grain: one row an interval, with a column's values of all statements that moved side by side.

import type { Interval } from '../../model/fact.ts'
import type { Sql } from '../database.ts'
import type { Names, StatementKey } from '../names.ts'

/** What the store reads of a statements row; the store may not know the fact itself. */
interface MovedStatement extends StatementKey {
  readonly calls: number
  readonly totalExecMs: number
  readonly rows: number
  readonly sharedBlocksHit: number
  readonly sharedBlocksRead: number
  readonly tempBlocksWritten: number
  readonly walBytes: number
  readonly blockReadMs: number
}

/** Column in the store, and the field of a row it holds. The order is that of every list of columns below. */
export const STATEMENT_COLUMNS = {
  calls: 'calls',
  exec_ms: 'totalExecMs',
  rows: 'rows',
  blocks_hit: 'sharedBlocksHit',
  blocks_read: 'sharedBlocksRead',
  temp_written: 'tempBlocksWritten',
  wal_bytes: 'walBytes',
  block_read_ms: 'blockReadMs',
} as const satisfies Record<string, Exclude<keyof MovedStatement, keyof StatementKey>>

export type StatementColumn = keyof typeof STATEMENT_COLUMNS
export const COLUMN_NAMES = Object.keys(STATEMENT_COLUMNS) as readonly StatementColumn[]

export interface PackedInterval {
  readonly seconds: number
  readonly ids: readonly number[]
  /** Null: 0 for all. */
  readonly columns: readonly (readonly number[] | null)[]
}

/** Null when the interval covers no time: after a failover nothing is known of it. */
export async function packStatements(
  names: Names,
  targetId: number,
  interval: Interval<MovedStatement>,
): Promise<PackedInterval | null> {
  if (interval.seconds <= 0) return null
  const ids = await names.statements(targetId, interval.rows)
  const sums = new Map<number, number[]>()
  for (const [index, row] of interval.rows.entries()) {
    // rows of two database or role ids may bear one name, when one was dropped and made again
    const sum = sums.get(ids[index]!) ?? COLUMN_NAMES.map(() => 0)
    for (const [column, name] of COLUMN_NAMES.entries()) {
      const value = row[STATEMENT_COLUMNS[name]]
      if (Number.isFinite(value)) sum[column]! += value
    }
    sums.set(ids[index]!, sum)
  }
  // neighbours in the array were met at about the same time and often move together: sorted ids compress better
  const sorted = [...sums].sort(([a], [b]) => a - b)
  return {
    seconds: interval.seconds,
    ids: sorted.map(([id]) => id),
    columns: COLUMN_NAMES.map((_, column) => {
      const values = sorted.map(([, sum]) => Math.fround(sum[column]!))
      return values.some((value) => value !== 0) ? values : null
    }),
  }
}

export async function insertInterval(
  tx: Sql,
  targetId: number,
  at: Date,
  { seconds, ids, columns }: PackedInterval,
): Promise<void> {
  const parameters = COLUMN_NAMES.map((_, index) => `$${index + 5}::real[]`)
  await tx.query(
    `insert into pgsteward.statement_interval (target_id, at, seconds, statement_ids, ${COLUMN_NAMES.join(', ')})
     values ($1, $2, $3, $4::int[], ${parameters.join(', ')})`,
    [targetId, at, seconds, ids, ...columns],
  )
}
