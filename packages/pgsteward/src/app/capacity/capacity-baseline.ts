// The first part of a plan: sizes, peaks, connections and pools as they are now, from the store alone.

import { type ApplicationPool, applicationPools } from '../../facts/application-pools.ts'
import { type ConnectionsRow, connections } from '../../facts/connections.ts'
import { type DatabaseSizeRow, databaseSizes } from '../../facts/database-sizes.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import type { CapacityBaselineWire } from '../../model/capacity.ts'
import type { Series, StateFact } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { tableGrowth } from '../views/table-growth.ts'
import type { CapacityReader } from './capacity-history.ts'

const MOST_TABLES = 10
const DAY_MS = 86_400_000
const WEEK_MS: Milliseconds = 7 * DAY_MS

/** Every connection but pgsteward's own. */
export const OPEN_CONNECTIONS = ['connections.active', 'connections.idle', 'connections.idleInTransaction']
/** Those that somebody else cannot have: at work, or held by a transaction. */
export const BUSY_CONNECTIONS = ['connections.active', 'connections.idleInTransaction']

export interface Baseline {
  readonly wire: CapacityBaselineWire
  /** The connected database; null: its tables were never read. */
  readonly database: string | null
  readonly processes: readonly ApplicationPool[]
}

export async function readBaseline(
  store: Store,
  targetId: string,
  now: Date,
  reader: CapacityReader,
): Promise<Baseline> {
  const [sizes, tableRows, [row], growth, ofDatabases, { rows: processes }] = await Promise.all([
    rowsOf<DatabaseSizeRow>(store, targetId, databaseSizes),
    rowsOf<TableRow>(store, targetId, tables),
    rowsOf<ConnectionsRow>(store, targetId, connections),
    tableGrowth(store, targetId, now),
    store.series(targetId, 'database.size', { from: new Date(now.getTime() - WEEK_MS), to: now }),
    applicationPools.read(store, targetId, now),
  ])
  const opened = await reader.peak(OPEN_CONNECTIONS)
  const stored = tableRows.filter(({ totalBytes }) => totalBytes > 0)
  return {
    database: tableRows[0]?.database ?? (sizes.length === 1 ? sizes[0]!.database : null),
    processes,
    wire: {
      databases: sizes
        .map(({ database, sizeBytes }) => ({
          name: database,
          sizeBytes,
          // a single database has no label
          growthBytesPerDay: growthOf(
            ofDatabases.find(({ labels }) => (labels.key ?? database) === database),
          ),
        }))
        .toSorted((a, b) => b.sizeBytes - a.sizeBytes),
      tables: stored
        .toSorted((a, b) => b.totalBytes - a.totalBytes)
        .slice(0, MOST_TABLES)
        .map(({ schema, name, totalBytes, indexBytes }) => ({
          name: `${schema}.${name}`,
          sizeBytes: totalBytes,
          indexBytes,
          growthBytesPerDay: growth.get(`${schema}.${name}`) ?? null,
        })),
      indexBytes: tableRows.length === 0 ? null : stored.reduce((sum, each) => sum + each.indexBytes, 0),
      queries: await reader.peak(['statements.calls']),
      transactions: await reader.peak(['database.transactions']),
      connections:
        opened === null || row === undefined
          ? null
          : {
              ...opened,
              maxConnections: row.maxConnections,
              reserved: row.reservedConnections,
              usable: row.usableConnections,
            },
      pools: await poolsOf(processes, reader),
    },
  }
}

/** Rows of the latest reading that the store keeps; none where it was never read. */
export async function rowsOf<Row>(
  store: Store,
  targetId: string,
  fact: StateFact<Row>,
): Promise<readonly Row[]> {
  return ((await store.document(targetId, fact.id))?.rows ?? []) as readonly Row[]
}

async function poolsOf(
  processes: readonly ApplicationPool[],
  reader: CapacityReader,
): Promise<CapacityBaselineWire['pools']> {
  const byPool = Map.groupBy(processes, ({ application, pool }) => JSON.stringify([application, pool]))
  return Promise.all(
    [...byPool.values()].map(async (each) => {
      const { application, pool } = each[0]!
      const used = await reader.peak(
        ['pool.used'],
        ({ labels }) => labels.application === application && labels.pool === pool,
      )
      return { application, pool, processes: each.length, max: maxOf(each), peakUsed: used?.peak ?? null }
    }),
  )
}

/** Null where one does not tell its own. */
export function maxOf(pools: readonly ApplicationPool[]): number | null {
  return pools.reduce<number | null>(
    (sum, { max }) => (sum === null || max === null ? null : sum + max),
    pools.length === 0 ? null : 0,
  )
}

function growthOf(series: Series | undefined): number | null {
  const [first, last] = [series?.points[0], series?.points.at(-1)]
  if (first === undefined || last === undefined) return null
  const ms = last[0].getTime() - first[0].getTime()
  return ms < DAY_MS / 4 ? null : ((last[1] - first[1]) / ms) * DAY_MS
}
