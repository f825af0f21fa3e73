// What the collector would have read of the shop's database at a moment.

import {
  type ConnectionGroupRow,
  connectionGroups,
} from '../../packages/pgsteward/src/facts/connection-groups.ts'
import { connections } from '../../packages/pgsteward/src/facts/connections.ts'
import { databaseSizes } from '../../packages/pgsteward/src/facts/database-sizes.ts'
import { databases } from '../../packages/pgsteward/src/facts/databases.ts'
import { foreignKeys } from '../../packages/pgsteward/src/facts/foreign-keys.ts'
import { indexes } from '../../packages/pgsteward/src/facts/indexes.ts'
import { settings } from '../../packages/pgsteward/src/facts/settings.ts'
import { statementTotals } from '../../packages/pgsteward/src/facts/statement-totals.ts'
import { statements } from '../../packages/pgsteward/src/facts/statements.ts'
import { tables } from '../../packages/pgsteward/src/facts/tables.ts'
import type { Reading, Snapshot } from '../../packages/pgsteward/src/model/fact.ts'
import {
  databaseRow,
  foreignKeyRow,
  indexRow,
  settingRow,
  statementRow,
  tableRow,
} from '../../packages/pgsteward/test/rows.ts'
import { intervalReading, snapshotOf } from '../../packages/pgsteward/test/store/synthetic.ts'
import { BEGIN, DAY, OPTIMIZATIONS, TARGET, troubleAt } from './calendar.ts'
import { busyness, noise, statementsAt } from './traffic.ts'

const MB = 1024 ** 2
const GB = 1024 * MB
const DATABASE = 'parish'

const TABLES = [
  ['conversation', 900_000, 220],
  ['conversation_message', 14_000_000, 4_100],
  ['message', 3_200_000, 900],
  ['message_recipient', 21_000_000, 1_900],
  ['member', 1_100_000, 260],
  ['subscription', 48_000, 9],
  ['answer', 2_600_000, 410],
  ...OPTIMIZATIONS.map(({ table }, index) => [table, 1_800_000 + index * 900_000, 300 + index * 90] as const),
] as const

/** `read`: catalogs too, as they are read every hour here; else what is read at each round. */
export function snapshotAt(
  at: Date,
  seconds: number,
  builtIndexes: ReadonlySet<string>,
  read: 'all' | 'moving',
): Snapshot {
  return snapshotOf(TARGET, at, {
    ...moving(at, seconds, builtIndexes),
    ...(read === 'all' ? catalogs(at, builtIndexes) : {}),
  })
}

export const QUARTER_FACTS = [
  connections,
  connectionGroups,
  statements,
  statementTotals,
  databases,
  tables,
  indexes,
  foreignKeys,
  settings,
  databaseSizes,
]

function moving(
  at: Date,
  seconds: number,
  builtIndexes: ReadonlySet<string>,
): Readonly<Record<string, Reading>> {
  const ran = statementsAt(at, (table) => builtIndexes.has(table)).map(
    ({ queryId, perSecond, meanMs, rowsPerCall }) => {
      const calls = Math.round(perSecond * seconds)
      return statementRow({
        queryId,
        database: DATABASE,
        calls,
        totalExecMs: calls * meanMs,
        meanExecMs: meanMs,
        rows: calls * rowsPerCall,
        sharedBlocksHit: Math.round(calls * (4 + meanMs * 12)),
        sharedBlocksRead: Math.round(calls * 0.05),
      })
    },
  )
  const calls = ran.reduce((sum, row) => sum + row.calls, 0)
  const execMs = ran.reduce((sum, row) => sum + row.totalExecMs, 0)
  const hit = ran.reduce((sum, row) => sum + row.sharedBlocksHit, 0)
  const isFull = troubleAt(at, 'connections')
  const atWork = isFull ? 97 : Math.max(1, Math.round(execMs / seconds / 1_000 + 2 * busyness(at)))
  const rows = state(at)
  return {
    statements: intervalReading(at, seconds, ran),
    'statement-totals': intervalReading(at, seconds, [
      { calls, execMs, rows: calls, ownCalls: 0, ownExecMs: 0 },
    ]),
    databases: intervalReading(at, seconds, [
      databaseRow({
        database: DATABASE,
        commits: Math.round(calls * 0.7),
        rollbacks: Math.round(calls * 0.0004),
        blocksHit: hit,
        blocksRead: Math.round(hit * 0.003),
      }),
    ]),
    'connection-groups': rows(
      group('messaging', 'active', Math.min(atWork, 97) - (isFull ? 90 : 0)),
      group('messaging', 'idle', isFull ? 2 : 24),
      ...(isFull ? [group('nightly-export', 'active', 90)] : []),
    ),
    connections: rows({
      maxConnections: 103,
      reservedConnections: 3,
      usableConnections: 100,
      total: isFull ? 100 : 24 + atWork,
      active: Math.min(atWork, 97),
      idle: isFull ? 2 : 24,
      idleInTransaction: isFull ? 1 : 0,
      blocked: 0,
      own: 1,
      oldestTransactionMs: 400,
    }),
  }
}

function catalogs(at: Date, builtIndexes: ReadonlySet<string>): Readonly<Record<string, Reading>> {
  const rows = state(at)
  const days = (at.getTime() - BEGIN.getTime()) / DAY
  const grown = 1 + 0.0033 * days
  const sizes = TABLES.map(([name, live, sizeMb]) => ({
    name,
    rows: Math.round(live * grown),
    heapBytes: Math.round(sizeMb * MB * grown),
  }))
  return {
    tables: rows(
      ...sizes.map(({ name, rows, heapBytes }) =>
        tableRow({
          database: DATABASE,
          name,
          rows,
          reltuples: rows,
          heapBytes,
          tableBytes: heapBytes,
          indexBytes: Math.round(heapBytes * 0.4),
          totalBytes: Math.round(heapBytes * 1.4),
          // vacuumed and analyzed by autovacuum each night
          lastVacuumAt: new Date(at.getTime() - 8 * 3_600_000),
          lastAnalyzeAt: new Date(at.getTime() - 8 * 3_600_000),
        }),
      ),
    ),
    indexes: rows(
      ...sizes.map(({ name, rows }) =>
        indexRow({
          database: DATABASE,
          table: name,
          name: `${name}_pkey`,
          keyColumns: ['id'],
          isUnique: true,
          isPrimary: true,
          tableRows: rows,
          reltuples: rows,
          scansSinceReset: 1_000_000,
        }),
      ),
      ...OPTIMIZATIONS.filter(({ table }) => builtIndexes.has(table)).map(({ table, column }) =>
        indexRow({
          database: DATABASE,
          table,
          name: `${table}_${column}_idx`,
          keyColumns: [column],
          scansSinceReset: 50_000,
          sizeBytes: 38 * MB,
        }),
      ),
    ),
    'foreign-keys': rows(
      ...OPTIMIZATIONS.map(({ table, column, refers }) =>
        foreignKeyRow({
          database: DATABASE,
          table,
          name: `${table}_${column}_fkey`,
          columns: [column],
          referencedTable: refers,
          onDelete: 'cascade',
          rows: 2_000_000,
          referencedRows: 1_000_000,
          referencedDeletes: 420,
        }),
      ),
    ),
    settings: rows(
      settingRow({ name: 'shared_buffers', value: String((8 * GB) / 8192), unit: '8kB' }),
      settingRow({ name: 'effective_cache_size', value: String((24 * GB) / 8192), unit: '8kB' }),
      settingRow({ name: 'max_connections', value: '103' }),
    ),
    'database-sizes': rows({
      database: DATABASE,
      sizeBytes: Math.round(
        sizes.reduce((sum, { heapBytes }) => sum + heapBytes * 1.4, 0) * (1 + 0.001 * noise(at, 90)),
      ),
    }),
  }
}

function group(application: string, state: string, connections: number): ConnectionGroupRow {
  return {
    database: DATABASE,
    user: 'app',
    application,
    clientAddress: '10.0.0.7',
    state,
    connections,
    longestInStateMs: 800,
  }
}

function state(at: Date): (...rows: readonly unknown[]) => Reading {
  return (...rows) => ({ status: 'rows', rows, at, tookMs: 1 })
}
