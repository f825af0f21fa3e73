// A history of a shop's database as the collector would have saved it: a day each noon, and of the last two hours each minute.

import { connections } from '../../src/facts/connections.ts'
import { databaseSizes } from '../../src/facts/database-sizes.ts'
import { databases } from '../../src/facts/databases.ts'
import { sequences } from '../../src/facts/sequences.ts'
import { settings } from '../../src/facts/settings.ts'
import { statementTotals } from '../../src/facts/statement-totals.ts'
import { tables } from '../../src/facts/tables.ts'
import type { Reading } from '../../src/model/fact.ts'
import type { Store } from '../../src/store/store.ts'
import { databaseRow, sequenceRow, settingRow, tableRow } from '../rows.ts'
import { operation, report } from '../store/application-report.ts'
import { intervalReading, snapshotOf } from '../store/synthetic.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
export const GB = 1024 ** 3
const POOL = { waiting: 0, waitP95Ms: null, oldestCheckoutMs: null, oldestCheckoutBy: null }
const FACTS = [databaseSizes, tables, connections, statementTotals, databases, settings, sequences]

export interface MadeHistory {
  readonly days: number
  readonly now: Date
  /** Of pages, over every interval. */
  readonly hitRatio?: number
  /** An application with two processes that have pools of ten each, six of all of them at work. */
  readonly hasPools?: boolean
}

/** 100 GB with 30 GB of indexes now, 0.5 GB (0.1 GB of indexes) more a day; 200 queries a second, four connections at work. */
export async function saveMadeHistory(
  store: Store,
  targetId: string,
  { days, now, hitRatio = 0.995, hasPools = false }: MadeHistory,
): Promise<void> {
  const minutes = Array.from({ length: 120 }, (_, at) => now.getTime() - (119 - at) * MINUTE)
  const noons = Array.from({ length: days }, (_, at) => now.getTime() - (days - at) * DAY)
  for (const ms of [...noons, ...minutes]) {
    const at = new Date(ms)
    const ago = (now.getTime() - ms) / DAY
    if (hasPools && ago < 30 / 1_440) await savePools(store, targetId, at)
    await store.saveSnapshot(snapshotOf(targetId, at, readings(at, ago, hitRatio)), FACTS)
  }
}

async function savePools(store: Store, targetId: string, at: Date): Promise<void> {
  const requests = operation([], { kind: 'request', name: 'GET /', route: null, fingerprint: null })
  for (const instance of ['one', 'two'])
    await store.saveReport(
      targetId,
      report({
        source: {
          application: 'messaging',
          instance,
          version: '1.2.0',
          environment: 'test',
          sdk: 'pgsteward',
        },
        operations: [requests],
        pools: [{ ...POOL, pool: 'main', used: 3, idle: 5, max: 10 }],
      }),
      at,
    )
}

function readings(at: Date, ago: number, hitRatio: number): Readonly<Record<string, Reading>> {
  const rows = (...given: readonly unknown[]): Reading => ({ status: 'rows', rows: given, at, tookMs: 1 })
  const indexBytes = (30 - ago * 0.1) * GB
  const size = (100 - ago * 0.5) * GB
  return {
    'database-sizes': rows(
      { database: 'shop', sizeBytes: size - GB },
      { database: 'postgres', sizeBytes: GB },
    ),
    tables: rows(
      tableRow({
        database: 'shop',
        name: 'message',
        heapBytes: size - 2 * GB - indexBytes,
        indexBytes,
        totalBytes: size - 2 * GB,
      }),
      tableRow({ database: 'shop', name: 'small', heapBytes: 8192, indexBytes: 0, totalBytes: 8192 }),
    ),
    connections: rows({
      maxConnections: 103,
      reservedConnections: 3,
      usableConnections: 100,
      total: 20,
      active: 3,
      idle: 16,
      idleInTransaction: 1,
      blocked: 0,
      own: 1,
      oldestTransactionMs: null,
    }),
    settings: rows(
      settingRow({ name: 'shared_buffers', value: String((16 * GB) / 8192), unit: '8kB' }),
      settingRow({ name: 'effective_cache_size', value: String((48 * GB) / 8192), unit: '8kB' }),
    ),
    sequences: rows(
      sequenceRow({
        database: 'shop',
        name: 'message_id_seq',
        lastValue: Math.round((0.8 - ago * 0.001) * 2_147_483_647),
        startValue: 1,
        maxValue: 2_147_483_647,
        columnMaxValue: 2_147_483_647,
      }),
      sequenceRow({ database: 'shop', name: 'small_id_seq', lastValue: 7, startValue: 1 }),
    ),
    'statement-totals': intervalReading(at, 60, [
      { calls: 12_000, execMs: 120_000, rows: 12_000, ownCalls: 0, ownExecMs: 0 },
    ]),
    databases: intervalReading(at, 60, [
      databaseRow({
        database: 'shop',
        commits: 6_000,
        rollbacks: 0,
        blocksHit: 1_000_000 * hitRatio,
        blocksRead: 1_000_000 * (1 - hitRatio),
      }),
      databaseRow({ database: 'postgres', commits: 0, rollbacks: 0, blocksHit: 0, blocksRead: 0 }),
    ]),
  }
}
