// baseline show: what a baseline holds, as data for the terminal and for --json.

import { bottleneckOf } from '../../gate/bottleneck.ts'
import type { Baseline, NoiseFloor } from '../../model/baseline.ts'
import type { Cause } from '../../model/comparison.ts'
import { ALL_REQUESTS, type LoadRun, type RunEnvironment } from '../../model/load-run.ts'
import { type BaselineSeries, baselineSeries } from './baseline-series.ts'

export interface BaselineView {
  readonly path: string
  readonly name: string
  readonly status: Baseline['status']
  readonly scenario: LoadRun['scenario']
  readonly engine: LoadRun['engine']
  readonly createdAt: string
  readonly promoted: Baseline['promoted']
  /** Of the newest run. */
  readonly environment: RunEnvironment
  readonly series: readonly BaselineSeries[]
  readonly noise: readonly NoiseFloor[]
  /** The newest first. */
  readonly runs: readonly RunLine[]
  readonly statements: readonly StatementLine[]
  /** Of the newest run. */
  readonly bottlenecks: readonly Cause[]
  readonly cacheHitRatio: number | null
}

export interface RunLine {
  readonly id: string
  readonly startedAt: string
  readonly git: LoadRun['git']
  readonly requests: number
  readonly errors: number
  readonly p95Ms: number | null
  readonly hostBusyRatio: number | null
}

export interface StatementLine {
  readonly text: string
  /** As people recognise it: without the list of columns, and without quotes. */
  readonly brief: string
  readonly route: string | null
  readonly msPerCall: number
  readonly callsPerRequest: number
  /** Of the time of all statements. */
  readonly share: number
}

const MOST_STATEMENTS = 10

export function baselineView(path: string, baseline: Baseline): BaselineView {
  const { runs } = baseline
  const newest = runs.at(-1)!
  return {
    path,
    name: baseline.name,
    status: baseline.status,
    scenario: newest.scenario,
    engine: newest.engine,
    createdAt: baseline.createdAt,
    promoted: baseline.promoted,
    environment: newest.environment,
    series: baselineSeries(runs),
    noise: baseline.noise,
    runs: [...runs].reverse().map(runLine),
    statements: statementsOf(newest),
    bottlenecks: bottleneckOf(newest),
    cacheHitRatio: newest.database?.cacheHitRatio ?? null,
  }
}

function runLine(run: LoadRun): RunLine {
  return {
    id: run.id,
    startedAt: run.startedAt,
    git: run.git,
    requests: run.requests.count,
    errors: run.requests.errors,
    p95Ms: run.series.find(({ name }) => name === ALL_REQUESTS)?.percentiles.p95Ms ?? null,
    hostBusyRatio: run.environment.hostBusyRatio,
  }
}

function statementsOf({ database, requests }: LoadRun): readonly StatementLine[] {
  if (database === null) return []
  const all = database.totals?.totalMs ?? database.statements.reduce((sum, { totalMs }) => sum + totalMs, 0)
  return database.statements.slice(0, MOST_STATEMENTS).map(({ text, route, totalMs, calls }) => ({
    text,
    brief: briefly(text),
    route,
    msPerCall: calls > 0 ? totalMs / calls : 0,
    callsPerRequest: requests.count > 0 ? calls / requests.count : 0,
    share: all > 0 ? totalMs / all : 0,
  }))
}

/** An ORM's list of columns is longer than all that tells one statement from another. */
function briefly(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/^(select)\s.*?\s(from\s)/i, '$1 … $2')
    .replace(/"public"\./g, '')
    .replace(/"([a-z_][a-z0-9_]*)"/g, '$1')
}
