// A baseline from runs: valid ones of one scenario, one engine and one class of host, the last twenty. What does not belong is named.

import { noiseFloors } from '../../gate/noise-floor.ts'
import { BASELINE_FORMAT, type Baseline, MOST_RUNS } from '../../model/baseline.ts'
import { StewardError } from '../../model/error.ts'
import type { LoadRun } from '../../model/load-run.ts'

export interface MadeBaseline {
  readonly baseline: Baseline
  /** Invalid runs left out, doubles, runs that had to leave. */
  readonly notes: readonly string[]
}

/** So many know how far days differ; fewer are a beginning. */
export const FULL = 10
/** As the gate's for p95. */
const LEAST_REQUESTS = 1_000

export function makeBaseline(
  runs: readonly LoadRun[],
  { name, now }: { readonly name?: string | undefined; readonly now: Date },
): MadeBaseline {
  const notes: string[] = []
  const distinct = [...new Map(runs.map((run) => [run.id, run])).values()]
  if (distinct.length < runs.length)
    notes.push(`${counted(runs.length - distinct.length, 'run')} given twice, counted once.`)
  const valid = distinct.filter((run) => reasonAgainst(run) === null)
  const others = distinct.filter((run) => !valid.includes(run))
  for (const run of others) notes.push(`Left out: ${nameOf(run)}, ${reasonAgainst(run)}.`)
  if (valid.length === 0)
    throw new StewardError('usage', 'no valid run to make a baseline of', {
      detail: others.length === 0 ? 'No run was given.' : notes.join('\n'),
      hint: 'pgsteward load run SCENARIO --target URL makes runs; a run says itself whether it is valid.',
    })
  refuseMixed(valid)
  const ordered = [...valid].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  const kept = ordered.slice(-MOST_RUNS)
  if (kept.length < ordered.length)
    notes.push(
      `The oldest ${counted(ordered.length - kept.length, 'run')} left: a baseline holds ${MOST_RUNS}.`,
    )
  if (kept.length < FULL)
    notes.push(
      `${counted(kept.length, 'run')}: enough to begin with; from ${FULL} on, made on different days, a baseline knows how far days differ.`,
    )
  const requests = kept.reduce((sum, run) => sum + run.requests.count, 0)
  if (requests < LEAST_REQUESTS)
    notes.push(
      `${requests.toLocaleString('en-US')} requests in all: p95 needs ${LEAST_REQUESTS.toLocaleString('en-US')}, or comparisons stay inconclusive. Run longer, or with more users.`,
    )
  const [first] = kept as [LoadRun, ...LoadRun[]]
  return {
    baseline: {
      format: BASELINE_FORMAT,
      name: name ?? first.scenario.id,
      scenario: { id: first.scenario.id, hash: first.scenario.hash },
      hostClass: first.environment.hostClass,
      status: 'candidate',
      createdAt: now.toISOString(),
      promoted: null,
      runs: kept,
      noise: noiseFloors(kept).map((each) => ({ ...each, logRatio: Number(each.logRatio.toPrecision(4)) })),
    },
    notes,
  }
}

function reasonAgainst({ invalid, ended, series }: LoadRun): string | null {
  const [first] = invalid
  if (first !== undefined) return `invalid: ${first.detail.replace(/\.$/, '')}`
  if (ended === 'interrupted' || ended === 'target-lost' || ended === 'failed')
    return `it ended early (${ended})`
  if (!series.some(({ histogram }) => histogram !== null))
    return 'it holds percentiles only, which cannot be merged or compared'
  return null
}

const SAME: readonly (readonly [what: string, of: (run: LoadRun) => string])[] = [
  ['scenario', ({ scenario }) => scenario.id],
  ['definition of the scenario', ({ scenario }) => scenario.hash],
  ['scale', ({ scenario }) => `time ${scenario.timeScale}, load ${scenario.loadScale}`],
  ['engine', ({ engine }) => engine.name],
  ['class of host', ({ environment }) => environment.hostClass],
]

/** Throws 'usage'. Version of the engine and of PostgreSQL may differ: that is what one compares. */
function refuseMixed(runs: readonly LoadRun[]): void {
  for (const [what, of] of SAME) {
    const groups = Map.groupBy(runs, of)
    if (groups.size === 1) continue
    throw new StewardError('usage', `the runs differ in their ${what}`, {
      detail: [...groups].map(([value, own]) => `${value}: ${own.map(nameOf).join(', ')}`).join('\n'),
      hint: 'A baseline is of one scenario, one engine and one class of host: name the runs of one of these.',
    })
  }
}

export function nameOf({ id, startedAt, scenario }: LoadRun): string {
  return `${scenario.id} of ${startedAt.slice(0, 16).replace('T', ' ')} (${id})`
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
