// The scaling playbook: when to scale what, and how, filled with measured numbers. What was not measured says so, and how to measure it.

import { CACHE_THRESHOLD_RATIO, POOL_THRESHOLD_RATIO, type Sweep } from '../model/sweep.ts'
import { formatDuration, formatValue } from './format.ts'
import { kneeWords, number, offeredWord, poolSignalWords, sweepVerdict } from './sweep-words.ts'

/** How a cache of a size did, against none. */
export interface CacheFigures {
  readonly label: string
  /** Of the application's reads through the cache; null: there was none. */
  readonly hitRatio: number | null
  readonly requestsPerSecond: number
  readonly statementsPerRequest: number
  readonly databaseMsPerRequest: number
}

/** Reads that tolerate lag, on a replica. */
export interface ReplicaFigures {
  /** Of those reads, asked for. */
  readonly share: number
  /** Of those reads, what it answered: who has just written reads from the primary. */
  readonly answered: number
  readonly requestsPerSecond: number
  readonly p95Ms: number | null
  readonly primaryMsPerRequest: number
}

export interface FailoverFigures {
  /** From the primary's end to the first write that was answered. */
  readonly recoveredMs: number
  readonly promotedMs: number
  readonly requestsFailed: number
  readonly requests: number
  readonly writesAcknowledged: number
  /** Acknowledged and not found afterwards. */
  readonly writesLost: number
}

export interface PlaybookFigures {
  readonly application: string
  readonly date: string
  readonly machine: string
  readonly sweeps: readonly Sweep[]
  readonly cache?: readonly CacheFigures[]
  readonly replica?: readonly ReplicaFigures[]
  readonly failover?: readonly FailoverFigures[]
}

const ABOUT_TEMPLATE = /<!-- template -->[\s\S]*?<!-- \/template -->\n*/g

/** `template` holds `{{name}}` where a section goes; an unknown name is left as it is. */
export function scalingPlaybook(template: string, figures: PlaybookFigures): string {
  const sections: Readonly<Record<string, () => string>> = {
    application: () => figures.application,
    date: () => figures.date,
    machine: () => figures.machine,
    pool: () => sweepSection(figures, /POOL/i, 'POOL_SIZE=10,20,40'),
    instances: () => sweepSection(figures, /INSTANCE|REPLICAS|WORKERS|WEB_CONCURRENCY/i, 'INSTANCES=1,2,3'),
    other: () => otherSweeps(figures),
    cache: () => cacheSection(figures.cache),
    replica: () => replicaSection(figures.replica),
    failover: () => failoverSection(figures.failover),
    thresholds: () => thresholdSection(figures),
  }
  return template
    .replaceAll(ABOUT_TEMPLATE, '')
    .replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => sections[name]?.() ?? whole)
}

const notMeasured = (how: string) => `Not measured yet: ${how}`
const POOL = /POOL/i
const INSTANCES = /INSTANCE|REPLICAS|WORKERS|WEB_CONCURRENCY/i

function sweepSection({ sweeps }: PlaybookFigures, variable: RegExp, example: string): string {
  const found = sweeps.filter((sweep) => variable.test(sweep.variable))
  if (found.length === 0)
    return notMeasured(
      `\`pgsteward load sweep SCENARIO --vary ${example} --command "npm start" --database URL --playbook FILE\`.`,
    )
  return found.map(sweepTable).join('\n\n')
}

function otherSweeps({ sweeps }: PlaybookFigures): string {
  const found = sweeps.filter(({ variable }) => !POOL.test(variable) && !INSTANCES.test(variable))
  return found.length === 0 ? 'None.' : found.map(sweepTable).join('\n\n')
}

function sweepTable(sweep: Sweep): string {
  const rows = sweep.values.map((value) => {
    const { best } = value
    const cells =
      best === null
        ? ['-', '-', '-', value.trouble === null ? 'no step within the limits' : 'did not run']
        : [
            number(best.requestsPerSecond),
            number(best.offered),
            best.p95Ms === null ? '-' : formatDuration(best.p95Ms),
            best.pool === null
              ? '-'
              : `${best.pool.usedMax} of ${best.pool.max ?? '?'}, ${best.pool.waitingMax} waiting`,
          ]
    return `| ${value.value} | ${cells.join(' | ')} | ${kneeWords(value.fit)} |`
  })
  return [
    ...sweepVerdict(sweep),
    '',
    `| ${sweep.variable} | best requests/s | at ${offeredWord(sweep.model)} | p95 | pool | knee over ${offeredWord(sweep.model)} |`,
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function cacheSection(cache: PlaybookFigures['cache']): string {
  const none = cache?.find(({ hitRatio }) => hitRatio === null)
  if (cache === undefined || cache.length === 0)
    return notMeasured('load the application with its cache at several sizes and without it.')
  const removed = (each: CacheFigures) =>
    none === undefined || each === none || none.databaseMsPerRequest === 0
      ? '-'
      : formatValue(1 - each.databaseMsPerRequest / none.databaseMsPerRequest, 'ratio')
  return [
    '| Cache | hits | requests/s | statements/request | database/request | database time removed |',
    '|---|---|---|---|---|---|',
    ...cache.map((each) =>
      [
        '',
        each.label,
        each.hitRatio === null ? '-' : formatValue(each.hitRatio, 'ratio'),
        number(each.requestsPerSecond),
        number(each.statementsPerRequest),
        formatDuration(each.databaseMsPerRequest),
        removed(each),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n')
}

function replicaSection(replica: PlaybookFigures['replica']): string {
  if (replica === undefined || replica.length === 0)
    return notMeasured('load the application with none, half and all of its readable routes on a replica.')
  return [
    '| Of the reads that tolerate lag | answered by the replica | requests/s | p95 | time of the primary per request |',
    '|---|---|---|---|---|',
    ...replica.map(
      (each) =>
        `| ${formatValue(each.share, 'ratio')} | ${formatValue(each.answered, 'ratio')} | ${number(each.requestsPerSecond)} | ${each.p95Ms === null ? '-' : formatDuration(each.p95Ms)} | ${formatDuration(each.primaryMsPerRequest)} |`,
    ),
  ].join('\n')
}

function failoverSection(failover: PlaybookFigures['failover']): string {
  if (failover === undefined || failover.length === 0)
    return notMeasured('kill the primary under load, promote the replica, and count.')
  return [
    '| Drill | promoted after | writes again after | requests failed | writes acknowledged | of them lost |',
    '|---|---|---|---|---|---|',
    ...failover.map(
      (each, index) =>
        `| ${index + 1} | ${formatDuration(each.promotedMs)} | ${formatDuration(each.recoveredMs)} | ${each.requestsFailed} of ${each.requests} | ${each.writesAcknowledged} | ${each.writesLost} |`,
    ),
  ].join('\n')
}

/** The thresholds of when to scale, against what was measured. */
function thresholdSection({ sweeps, cache }: PlaybookFigures): string {
  const pools = sweeps.filter(({ variable }) => POOL.test(variable))
  const lines = [
    `| Threshold | Measured |`,
    '|---|---|',
    ...pools.flatMap((sweep) =>
      sweep.values
        .filter(({ steps }) => steps.length > 0)
        .map(
          (value) =>
            `| over ${POOL_THRESHOLD_RATIO * 100} % of the pool, ${sweep.variable}=${value.value} | ${poolSignalWords(value, sweep.model).replace(/^[^:]*: /, '')} |`,
        ),
    ),
    ...(cache ?? [])
      .filter(({ hitRatio }) => hitRatio !== null)
      .map((each) => {
        const isBelow = each.hitRatio! < CACHE_THRESHOLD_RATIO
        return `| under ${CACHE_THRESHOLD_RATIO * 100} % of cache hits, ${each.label} | ${formatValue(each.hitRatio!, 'ratio')}: ${isBelow ? 'below, enlarge it or look at what is written so often' : 'above, the cache earns its keep'} |`
      }),
  ]
  return lines.length === 2
    ? `${notMeasured('the thresholds below are the defaults, over 70 % of the pool and under 50 % of cache hits.')}`
    : lines.join('\n')
}
