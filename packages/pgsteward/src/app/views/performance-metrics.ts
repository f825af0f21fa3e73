// Live metrics (O5): connections, rates, cache and index use, the slowest statements, the largest tables.

import { connections } from '../../facts/connections.ts'
import { databaseSizes } from '../../facts/database-sizes.ts'
import { databases } from '../../facts/databases.ts'
import { tableActivity } from '../../facts/table-activity.ts'
import { tables } from '../../facts/tables.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { PerformanceMetricsWire, SlowStatementWire } from '../../model/wire.ts'
import { intervalOf, rowsOf } from '../reading.ts'

export interface MetricsSources {
  readonly targetId: string
  readonly snapshot: Snapshot | null
  readonly slowestStatements: readonly SlowStatementWire[]
  /** Statements per second over the interval, from pg_stat_statements; null without the extension. */
  readonly queriesPerSecond: number | null
  /** Bytes a day by `schema.name`, where the store knows a size of long enough ago. */
  readonly tableGrowth: ReadonlyMap<string, number>
  readonly pools: NonNullable<PerformanceMetricsWire['pools']>
}

/** Ratios are over the interval, and null where too little happened to say. */
export function performanceMetrics({
  targetId,
  snapshot,
  slowestStatements,
  queriesPerSecond,
  tableGrowth,
  pools,
}: MetricsSources): PerformanceMetricsWire {
  const connection = rowsOf(snapshot, connections)?.[0]
  const interval = intervalOf(snapshot, databases)
  const database = interval?.rows.find((row) => row.database === snapshot?.server.database)
  const seconds = interval?.seconds ?? 0
  const blocks = (database?.blocksHit ?? 0) + (database?.blocksRead ?? 0)
  const scans = intervalOf(snapshot, tableActivity)?.rows.reduce(
    (sum, row) => ({
      index: sum.index + row.indexScans,
      all: sum.all + row.indexScans + row.sequentialScans,
    }),
    { index: 0, all: 0 },
  )
  return {
    targetId,
    at: snapshot?.takenAt.toISOString() ?? null,
    intervalSeconds: interval?.seconds ?? null,
    connections: {
      total: connection?.total ?? 0,
      active: connection?.active ?? 0,
      idle: connection?.idle ?? 0,
      idleInTransaction: connection?.idleInTransaction ?? 0,
      waiting: connection?.blocked ?? 0,
      usable: connection?.usableConnections ?? 0,
    },
    queriesPerSecond,
    transactionsPerSecond:
      database !== undefined && seconds > 0 ? (database.commits + database.rollbacks) / seconds : null,
    cacheHitRatio: database !== undefined && blocks >= MIN_BLOCKS ? database.blocksHit / blocks : null,
    indexUsageRatio: scans !== undefined && scans.all >= MIN_SCANS ? scans.index / scans.all : null,
    slowestStatements: [...slowestStatements],
    tables: largestTables(snapshot, tableGrowth),
    databaseBytes:
      rowsOf(snapshot, databaseSizes)?.find((row) => row.database === snapshot?.server.database)?.sizeBytes ??
      null,
    pools,
  }
}

/** Ratios of a handful are chance: 1,000 blocks are 8 MB of page visits. */
const MIN_BLOCKS = 1_000
const MIN_SCANS = 100

function largestTables(
  snapshot: Snapshot | null,
  growth: ReadonlyMap<string, number>,
): PerformanceMetricsWire['tables'] {
  return [...(rowsOf(snapshot, tables) ?? [])]
    .sort((a, b) => b.totalBytes - a.totalBytes)
    .slice(0, 10)
    .map(({ schema, name, totalBytes }) => ({
      schema,
      name,
      totalBytes,
      growthBytesPerDay: growth.get(`${schema}.${name}`) ?? null,
    }))
}
