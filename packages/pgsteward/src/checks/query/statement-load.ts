// What each statement of a database did within the interval, over all its users: the ground of every check on statements.

import type { StatementTextRow } from '../../facts/statement-texts.ts'
import type { StatementRow } from '../../facts/statements.ts'
import type { Interval } from '../../model/fact.ts'
import type { Evidence, Subject } from '../../model/finding.ts'
import { queryExcerpt, withoutLeadingComments } from './query-excerpt.ts'

export interface StatementLoad {
  readonly database: string
  readonly queryId: string
  /** Who ran it, the one with the most time first. */
  readonly users: readonly string[]
  /** From its first word on; empty where it is not known. */
  readonly text: string
  readonly calls: number
  readonly execMs: number
  readonly meanMs: number
  readonly callsPerSecond: number
  readonly rowsPerCall: number
  /** Pages of 8 kB visited a call, in the cache or not. */
  readonly blocksPerCall: number
  /** Mean number of sessions that were busy with it. */
  readonly busySessions: number
  /** Of the time of all statements on the server; 0 for one that only runs inside functions. */
  readonly share: number
  readonly tempBytesWritten: number
}

/** Takes as long as its table is large, and is nobody's request. */
const MAINTENANCE =
  /^(?:vacuum|analyze|reindex|cluster|repack|copy|alter|create\s+(?:unique\s+)?(?:index|materialized|table)|refresh|checkpoint|explain|wait)\b/i

export function isMaintenance(text: string): boolean {
  return MAINTENANCE.test(withoutLeadingComments(text))
}

/** A block has 8 kB unless PostgreSQL was built otherwise, which next to nobody does. */
const BLOCK_BYTES = 8192

/** Statements of one database without maintenance, the one with the most time first. */
export function statementLoads(
  database: string,
  statements: Interval<StatementRow>,
  texts: readonly StatementTextRow[],
): readonly StatementLoad[] {
  const textOf = new Map(texts.map((each) => [each.queryId, each.text]))
  // a nested statement's time is its caller's as well
  const topLevel = statements.rows.filter((row) => row.isTopLevel)
  const serverMs = sum(topLevel, 'totalExecMs')
  const byQuery = Map.groupBy(
    statements.rows.filter((row) => row.database === database),
    (row) => row.queryId,
  )
  return [...byQuery]
    .map(([queryId, rows]) => {
      const [calls, execMs] = [sum(rows, 'calls'), sum(rows, 'totalExecMs')]
      const byTime = rows.toSorted((a, b) => b.totalExecMs - a.totalExecMs)
      const topLevelMs = sum(
        rows.filter((row) => row.isTopLevel),
        'totalExecMs',
      )
      return {
        database,
        queryId,
        users: [...new Set(byTime.map((row) => row.user))],
        text: withoutLeadingComments(textOf.get(queryId) ?? ''),
        calls,
        execMs,
        meanMs: calls > 0 ? execMs / calls : 0,
        callsPerSecond: statements.seconds > 0 ? calls / statements.seconds : 0,
        rowsPerCall: calls > 0 ? sum(rows, 'rows') / calls : 0,
        blocksPerCall: calls > 0 ? (sum(rows, 'sharedBlocksHit') + sum(rows, 'sharedBlocksRead')) / calls : 0,
        busySessions: statements.seconds > 0 ? execMs / 1000 / statements.seconds : 0,
        share: serverMs > 0 ? topLevelMs / serverMs : 0,
        tempBytesWritten: sum(rows, 'tempBlocksWritten') * BLOCK_BYTES,
      }
    })
    .filter((load) => !MAINTENANCE.test(load.text))
    .sort((a, b) => b.execMs - a.execMs)
}

export function querySubject({ database, queryId }: StatementLoad): Subject {
  return { kind: 'query', database, queryId }
}

/** What every finding about a statement shows. */
export function loadEvidence(load: StatementLoad): readonly Evidence[] {
  return [
    { label: 'mean time', value: load.meanMs, unit: 'ms' },
    { label: 'calls', value: load.callsPerSecond, unit: 'perSecond' },
    { label: "share of the server's statement time", value: load.share, unit: 'ratio' },
    { label: 'rows a call', value: load.rowsPerCall, unit: 'count' },
    { label: 'user', value: load.users.join(', '), unit: 'text' },
    { label: 'statement', value: queryExcerpt(load.text) || 'text not known', unit: 'text' },
  ]
}

function sum(
  rows: readonly StatementRow[],
  column: 'calls' | 'totalExecMs' | 'rows' | 'sharedBlocksHit' | 'sharedBlocksRead' | 'tempBlocksWritten',
): number {
  return rows.reduce((total, row) => total + row[column], 0)
}
