// One side of a comparison, put together from its runs' evidence and divided by its requests, so that runs of different length and
// rate can be held against each other.

import { ALL_REQUESTS, type DatabaseEvidence, type LoadRun } from '../model/load-run.ts'

type Statement = DatabaseEvidence['statements'][number]
type Wait = DatabaseEvidence['waits'][number]

export interface SideStatement {
  readonly queryId: string
  readonly text: string
  readonly route: string | null
  readonly calls: number
  readonly totalMs: number
  readonly msPerRequest: number
  readonly callsPerRequest: number
  readonly msPerCall: number
  readonly rowsPerCall: number
  readonly blocksPerCall: number
  readonly blocksReadPerCall: number
  readonly tempBlocksPerCall: number
  readonly blockReadMsPerCall: number
  /** Of the last run that has one. */
  readonly planShape: string | null
  readonly planText: string | null
  /** `msPerRequest` of each run: how much it strays by itself. */
  readonly ofRuns: readonly number[]
  /** Session-milliseconds a call, by `type` or `type:event`. */
  readonly waitMsPerCall: ReadonlyMap<string, number>
}

export interface SideTable {
  readonly name: string
  readonly rows: number
  readonly sizeBytes: number
  readonly sequentialScans: number
  readonly sequentialRows: number
}

export interface Side {
  readonly runs: readonly LoadRun[]
  /** Those with database evidence; all figures are of them. */
  readonly measured: readonly LoadRun[]
  readonly requests: number
  /** Mean of the answers' latencies. */
  readonly requestMs: number
  /** Of each endpoint: mean latency and share of requests. */
  readonly endpoints: ReadonlyMap<string, { readonly meanMs: number; readonly count: number }>
  readonly errorRatio: number
  readonly errorKinds: ReadonlyMap<string, number>
  /** By fingerprint: query ids differ from database to database. */
  readonly statements: ReadonlyMap<string, SideStatement>
  readonly databaseMsPerRequest: number
  /** Session-milliseconds a request, CPU left out. */
  readonly waits: ReadonlyMap<string, number>
  readonly averageSessions: number | null
  readonly cacheHitRatio: number | null
  readonly pools: ReadonlyMap<string, DatabaseEvidence['pools'][number]>
  readonly tables: ReadonlyMap<string, SideTable>
  readonly connectionsRatio: number | null
  readonly deadlocks: number
}

export function sideOf(runs: readonly LoadRun[]): Side {
  const measured = runs.filter((run) => run.database !== null && run.requests.count > 0)
  const of = measured.length > 0 ? measured : runs
  const requests = sum(of, (run) => run.requests.count)
  const errors = sum(of, (run) => run.requests.errors)
  const evidence = measured.map((run) => run.database!)
  const answered =
    sum(of, (run) => seriesAll(run)?.count ?? 0) - sum(of, (run) => seriesAll(run)?.errors ?? 0)
  const ratios = evidence.flatMap(({ cacheHitRatio }) => cacheHitRatio ?? [])
  const sessions = evidence.flatMap(({ activeSessions }) => activeSessions?.mean ?? [])
  const statements = statementsOf(measured, requests)
  const connections = evidence.flatMap(({ connections: each }) =>
    each === null || each.max === 0 ? [] : [each.peak / each.max],
  )
  return {
    runs,
    measured,
    requests,
    requestMs: answered > 0 ? sum(of, (run) => seriesAll(run)?.sumMs ?? 0) / answered : 0,
    endpoints: endpointsOf(of),
    errorRatio: requests > 0 ? errors / requests : 0,
    errorKinds: countsOf(of),
    statements,
    databaseMsPerRequest:
      requests > 0
        ? sum(
            evidence,
            ({ totals, statements: listed }) => totals?.totalMs ?? sum(listed, ({ totalMs }) => totalMs),
          ) / requests
        : 0,
    waits: waitsOf(measured, requests),
    averageSessions: mean(sessions),
    cacheHitRatio: mean(ratios),
    pools: poolsOf(evidence),
    tables: tablesOf(evidence),
    connectionsRatio: connections.length === 0 ? null : Math.max(...connections),
    deadlocks: sum(evidence, ({ totals }) => totals?.deadlocks ?? 0),
  }
}

export function keyOfStatement({ fingerprint, queryId }: Statement): string {
  return fingerprint === '' ? queryId : fingerprint
}

/** `IO:DataFileRead`; a lock is a lock, whatever of: its event says no more than where. */
export function waitName({ type, event }: Wait): string {
  return event === null ? type : `${type}:${event}`
}

function seriesAll(run: LoadRun) {
  return run.series.find(({ name }) => name === ALL_REQUESTS) ?? run.series[0]
}

function statementsOf(runs: readonly LoadRun[], requests: number): ReadonlyMap<string, SideStatement> {
  const found = new Map<
    string,
    { readonly first: Statement; readonly all: Statement[]; readonly ofRuns: number[] }
  >()
  for (const [at, run] of runs.entries())
    for (const statement of run.database!.statements) {
      const key = keyOfStatement(statement)
      const known = found.get(key) ?? { first: statement, all: [], ofRuns: runs.map(() => 0) }
      known.all.push(statement)
      known.ofRuns[at]! += statement.totalMs / run.requests.count
      found.set(key, known)
    }
  const seconds = sum(runs, (run) => run.database!.seconds)
  return new Map(
    [...found].map(([key, { first, all, ofRuns }]) => {
      const calls = sum(all, (each) => each.calls)
      const totalMs = sum(all, (each) => each.totalMs)
      const planned = all.findLast(({ planShape }) => planShape !== null)
      const perCall = (value: (each: Statement) => number) => (calls === 0 ? 0 : sum(all, value) / calls)
      const waitMsPerCall = new Map<string, number>()
      for (const wait of all.flatMap(({ waits }) => waits ?? []))
        if (calls > 0)
          add(waitMsPerCall, waitName(wait), (wait.averageSessions * (seconds / runs.length) * 1000) / calls)
      return [
        key,
        {
          queryId: all.at(-1)!.queryId,
          text: first.text,
          route: all.find(({ route }) => route !== null)?.route ?? null,
          calls,
          totalMs,
          msPerRequest: requests > 0 ? totalMs / requests : 0,
          callsPerRequest: requests > 0 ? calls / requests : 0,
          msPerCall: perCall((each) => each.totalMs),
          rowsPerCall: perCall((each) => each.rows),
          blocksPerCall: perCall((each) => each.blocksHit + each.blocksRead),
          blocksReadPerCall: perCall((each) => each.blocksRead),
          tempBlocksPerCall: perCall((each) => each.tempBlocksWritten),
          blockReadMsPerCall: perCall((each) => each.blockReadMs ?? 0),
          planShape: planned?.planShape ?? null,
          planText: planned?.planText ?? null,
          ofRuns,
          waitMsPerCall,
        },
      ]
    }),
  )
}

function waitsOf(runs: readonly LoadRun[], requests: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { database } of runs)
    for (const wait of database!.waits)
      if (wait.type !== 'CPU')
        add(sums, waitName(wait), (wait.averageSessions * database!.seconds * 1000) / requests)
  return sums
}

function endpointsOf(runs: readonly LoadRun[]): Side['endpoints'] {
  const sums = new Map<string, { sumMs: number; count: number }>()
  for (const { series } of runs)
    for (const { name, sumMs, count, errors } of series) {
      if (name === ALL_REQUESTS) continue
      const known = sums.get(name) ?? { sumMs: 0, count: 0 }
      known.sumMs += sumMs
      known.count += count - errors
      sums.set(name, known)
    }
  return new Map(
    [...sums].map(([name, { sumMs, count }]) => [name, { meanMs: count > 0 ? sumMs / count : 0, count }]),
  )
}

function countsOf(runs: readonly LoadRun[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const run of runs)
    for (const [kind, count] of Object.entries(run.requests.errorKinds)) add(sums, kind, count)
  return sums
}

/** The most of all runs: a pool that was full once was full. */
function poolsOf(evidence: readonly DatabaseEvidence[]): Side['pools'] {
  const found = new Map<string, DatabaseEvidence['pools'][number]>()
  for (const pool of evidence.flatMap(({ pools }) => pools)) {
    const known = found.get(pool.name)
    found.set(
      pool.name,
      known === undefined
        ? pool
        : {
            name: pool.name,
            max: most(known.max, pool.max),
            usedMax: Math.max(known.usedMax, pool.usedMax),
            waitingMax: Math.max(known.waitingMax, pool.waitingMax),
            waitP95Ms: most(known.waitP95Ms, pool.waitP95Ms),
          },
    )
  }
  return found
}

/** Rows and size of the last run; scans of all. */
function tablesOf(evidence: readonly DatabaseEvidence[]): ReadonlyMap<string, SideTable> {
  const found = new Map<string, SideTable>()
  for (const table of evidence.flatMap(({ tables }) => tables)) {
    const known = found.get(table.name)
    found.set(table.name, {
      ...table,
      sequentialScans: table.sequentialScans + (known?.sequentialScans ?? 0),
      sequentialRows: table.sequentialRows + (known?.sequentialRows ?? 0),
    })
  }
  return found
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values, (value) => value) / values.length
}

function most(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}
