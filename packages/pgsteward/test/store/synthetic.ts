// Snapshots made up for tests and the benchmark: what the collector would hand over, without a server.

import type { Break, Interval, PgFact, Reading, Snapshot } from '../../src/model/fact.ts'

export interface SyntheticStatement {
  readonly queryId: string
  readonly database?: string
  readonly user?: string
  readonly isTopLevel?: boolean
  readonly calls?: number
  readonly totalExecMs?: number
  readonly rows?: number
  readonly sharedBlocksHit?: number
  readonly sharedBlocksRead?: number
  readonly tempBlocksWritten?: number
  readonly walBytes?: number
  readonly blockReadMs?: number
}

/** A row as facts/statements.ts makes them. */
export function statementRow(given: SyntheticStatement): unknown {
  return {
    databaseId: '5',
    userId: '10',
    database: 'shop',
    user: 'app',
    isTopLevel: true,
    calls: 1,
    totalExecMs: 1,
    totalPlanMs: 0,
    rows: 1,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    sharedBlocksDirtied: 0,
    sharedBlocksWritten: 0,
    tempBlocksRead: 0,
    tempBlocksWritten: 0,
    blockReadMs: 0,
    blockWriteMs: 0,
    walBytes: 0,
    jitMs: 0,
    meanExecMs: 1,
    maxExecMs: 1,
    statsSince: null,
    ...given,
  }
}

export const STATEMENTS_FACT = { id: 'statements', kind: 'counter', from: 'postgres' } as unknown as PgFact

export function snapshotOf(
  targetId: string,
  takenAt: Date,
  readings: Readonly<Record<string, Reading>>,
): Snapshot {
  return {
    targetId,
    takenAt,
    server: {
      versionNum: 180004,
      version: '18.4',
      role: 'primary',
      database: 'shop',
      user: 'monitor',
      isSuperuser: false,
      canReadAllStats: true,
      extensions: new Map(),
      startedAt: new Date(0),
      statsResetAt: null,
      systemIdentifier: null,
      timeline: null,
    },
    readings: new Map(Object.entries(readings)),
    refreshed: new Set(Object.keys(readings)),
    cost: { statements: 1, rows: 1, bytes: 100, tookMs: 1 },
  }
}

export function intervalReading(
  takenAt: Date,
  seconds: number,
  rows: readonly unknown[],
  breaks: readonly Break[] = [],
): Reading {
  const latest: Interval<unknown> = {
    window: { from: new Date(takenAt.getTime() - seconds * 1000), to: takenAt },
    seconds,
    rows,
    breaks,
  }
  return { status: 'interval', interval: latest, latest, at: takenAt, tookMs: 1 }
}

/** A snapshot with nothing but statements that moved. */
export function statementsSnapshot(
  targetId: string,
  takenAt: Date,
  statements: readonly SyntheticStatement[],
  seconds = 60,
): Snapshot {
  return snapshotOf(targetId, takenAt, {
    statements: intervalReading(takenAt, seconds, statements.map(statementRow)),
  })
}
