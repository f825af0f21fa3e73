// Puts together what was read of the database into the evidence of a run: bounded, texts without literals, the heaviest first.

import type { ConnectionsRow } from '../../facts/connections.ts'
import { connections } from '../../facts/connections.ts'
import { type DatabaseRow, databases } from '../../facts/databases.ts'
import { type StatementRow, statements } from '../../facts/statements.ts'
import { type TableActivityRow, tableActivity } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Interval, Snapshot } from '../../model/fact.ts'
import type { DatabaseEvidence } from '../../model/load-run.ts'
import { fingerprintOf, redactSql } from '../../sql/fingerprint.ts'
import { statementSender } from '../../sql/statement-sender.ts'
import type { HeavyStatement, ShapeOfStatement } from './plans-of-heaviest.ts'
import type { SampledActivity } from './sample-activity.ts'
import type { WatchedApplication } from './watch-pools.ts'

export interface EvidenceParts {
  readonly targetId: string | null
  readonly snapshot: Snapshot
  /** By query id, as pg_stat_statements has them. */
  readonly texts: ReadonlyMap<string, string>
  readonly sampled: SampledActivity
  readonly application: WatchedApplication | null
  readonly peakConnections: number
  readonly tables: readonly TableRow[]
  readonly notes: readonly string[]
}

export interface EvidenceInMaking {
  readonly heaviest: (most: number) => readonly HeavyStatement[]
  readonly withPlans: (
    shapes: ReadonlyMap<string, ShapeOfStatement>,
    notes: readonly string[],
  ) => DatabaseEvidence
}

type Statement = DatabaseEvidence['statements'][number]

/** Fifty hold well over 99 % of the time of any application's endpoints; the rest is in the totals. */
const MOST_STATEMENTS = 50
const MOST_TABLES = 50
/** Enough to know a statement by; a file of runs is read by people. */
const MOST_CHARACTERS = 1_000

export function databaseEvidence(parts: EvidenceParts): EvidenceInMaking {
  const { snapshot, texts, sampled, application } = parts
  const { database } = snapshot.server
  const notes = [...parts.notes]
  const moved = intervalOf<StatementRow>(snapshot, statements.id)
  if ('because' in moved) notes.push(`Statements are missing: ${moved.because}.`)
  const users = new Map<string, string>()
  const listed = 'because' in moved ? [] : heaviestOf(moved.rows, database, users)
  const activity = intervalOf<TableActivityRow>(snapshot, tableActivity.id)
  if ('because' in activity) notes.push(`Scans of tables are missing: ${activity.because}.`)
  const base = intervalOf<DatabaseRow>(snapshot, databases.id)
  const own = 'because' in base ? undefined : base.rows.find((row) => row.database === database)
  const breaks = 'because' in base ? [] : [...base.breaks, ...('because' in moved ? [] : moved.breaks)]
  for (const cause of new Set(breaks.map((each) => each.cause))) notes.push(BROKEN[cause])
  const withText = listed.map((row): Statement => {
    const text = texts.get(row.queryId)
    const fingerprint = text === undefined ? '' : fingerprintOf(text)
    const waits = sampled.waitsOf.get(row.queryId)
    const tagged = text === undefined ? null : (statementSender(text)?.route ?? null)
    return {
      queryId: row.queryId,
      fingerprint,
      text: text === undefined ? '(text not readable)' : redactSql(text, MOST_CHARACTERS),
      calls: row.calls,
      totalMs: rounded(row.totalExecMs),
      rows: row.rows,
      blocksHit: row.sharedBlocksHit,
      blocksRead: row.sharedBlocksRead,
      tempBlocksWritten: row.tempBlocksWritten,
      planShape: null,
      planText: null,
      route: tagged ?? sampled.routeOf.get(row.queryId) ?? application?.routeOf.get(fingerprint) ?? null,
      blockReadMs: rounded(row.blockReadMs),
      ...(waits === undefined ? {} : { waits }),
    }
  })
  const limit = limitOf(snapshot)
  const all = 'because' in moved ? [] : moved.rows.filter((row) => isCounted(row, database))
  const seconds = 'because' in base ? sampled.seconds : base.seconds
  return {
    heaviest: (most) =>
      listed.slice(0, most).flatMap(({ queryId }) => {
        const text = texts.get(queryId)
        return text === undefined ? [] : [{ queryId, text, user: users.get(queryId)! }]
      }),
    withPlans: (shapes, more) => ({
      targetId: parts.targetId,
      seconds: rounded(seconds),
      statements: withText.map((statement) => {
        const shape = shapes.get(statement.queryId)
        return shape === undefined ? statement : { ...statement, planShape: shape.hash, planText: shape.text }
      }),
      ...(own === undefined
        ? {}
        : {
            totals: {
              calls: all.reduce((sum, row) => sum + row.calls, 0),
              totalMs: rounded(all.reduce((sum, row) => sum + row.totalExecMs, 0)),
              tempBytes: own.tempBytes,
              deadlocks: own.deadlocks,
              rollbacks: own.rollbacks,
            },
          }),
      waits: sampled.waits,
      activeSessions: sampled.activeSessions,
      cacheHitRatio: own === undefined ? null : hitRatio(own),
      connections: limit === null ? null : { max: limit, peak: parts.peakConnections },
      pools: application?.pools ?? [],
      tables: tablesOf(parts.tables, 'because' in activity ? [] : activity.rows),
      ...(notes.length + more.length === 0 ? {} : { notes: [...notes, ...more] }),
    }),
  }
}

const BROKEN = {
  reset: 'Statistics were reset during the run: the figures are of what came after.',
  restart: 'The server was restarted during the run: the figures have a gap there.',
  failover: 'Another server took over during the run: the figures have a gap there.',
  eviction:
    'pg_stat_statements dropped entries during the run (pg_stat_statements.max): rare statements may be missing.',
} as const

function intervalOf<Row>(snapshot: Snapshot, factId: string): Interval<Row> | { readonly because: string } {
  const reading = snapshot.readings.get(factId)
  if (reading?.status === 'interval') return reading.interval as Interval<Row>
  return {
    because: reading?.status === 'unavailable' ? reading.because : 'there was no second reading',
  }
}

/** Of this database and not within functions; one row a query id, whoever sent it. */
function heaviestOf(
  rows: readonly StatementRow[],
  database: string,
  users: Map<string, string>,
): readonly StatementRow[] {
  const byId = new Map<string, StatementRow>()
  for (const row of [...rows].sort((a, b) => b.totalExecMs - a.totalExecMs)) {
    if (!isCounted(row, database)) continue
    const known = byId.get(row.queryId)
    if (known === undefined) users.set(row.queryId, row.user)
    byId.set(row.queryId, known === undefined ? row : added(known, row))
  }
  return [...byId.values()].sort((a, b) => b.totalExecMs - a.totalExecMs).slice(0, MOST_STATEMENTS)
}

function isCounted(row: StatementRow, database: string): boolean {
  return row.database === database && row.isTopLevel && row.calls > 0
}

function added(a: StatementRow, b: StatementRow): StatementRow {
  const sums = Object.fromEntries(
    statements.counters.map((name) => [name, Number(a[name] ?? 0) + Number(b[name] ?? 0)]),
  )
  return { ...a, ...sums }
}

/** Those that were touched, by rows that sequential scans went through, then by size. */
function tablesOf(
  all: readonly TableRow[],
  activity: readonly TableActivityRow[],
): DatabaseEvidence['tables'] {
  const scans = new Map(activity.map((row) => [`${row.schema}.${row.name}`, row]))
  return all
    .filter((table) => table.extension === null && scans.has(`${table.schema}.${table.name}`))
    .map((table) => {
      const own = scans.get(`${table.schema}.${table.name}`)!
      return {
        name: `${table.schema}.${table.name}`,
        // a database made from a template has its rows and none of its counters, which then count what came since
        rows: Math.round(Math.max(table.rows, table.reltuples ?? 0)),
        sizeBytes: table.totalBytes,
        sequentialScans: own.sequentialScans,
        sequentialRows: own.sequentialRows,
      }
    })
    .sort((a, b) => b.sequentialRows - a.sequentialRows || b.sizeBytes - a.sizeBytes)
    .slice(0, MOST_TABLES)
}

function limitOf(snapshot: Snapshot): number | null {
  const reading = snapshot.readings.get(connections.id)
  if (reading?.status !== 'rows') return null
  return (reading.rows as readonly ConnectionsRow[])[0]?.usableConnections ?? null
}

/** Of fewer blocks a ratio says nothing. */
const LEAST_BLOCKS = 1_000

function hitRatio({ blocksHit, blocksRead }: DatabaseRow): number | null {
  const all = blocksHit + blocksRead
  return all < LEAST_BLOCKS ? null : Math.round((blocksHit / all) * 10_000) / 10_000
}

/** Microseconds. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
