// Keeps a run's body within a size: what is only looked at goes before what can be compared, and what went is named.

import { ALL_REQUESTS, type LoadRun, type RunMoment } from '../../model/load-run.ts'
import type { Bytes } from '../../model/units.ts'

/** Two hours of a run of twenty endpoints have one and a half. */
export const MOST_BODY_BYTES: Bytes = 4 * 2 ** 20
/** A chart is at most some 1500 pixels wide. */
const MOST_MOMENTS = 1_500

export interface ThinnedRun {
  readonly run: LoadRun
  readonly leftOut: readonly string[]
}

const STEPS: readonly { readonly name: string; readonly thin: (run: LoadRun) => LoadRun }[] = [
  {
    name: 'moments',
    thin: (run) => ({ ...run, timeline: thinMoments(run.timeline, MOST_MOMENTS) }),
  },
  {
    name: 'windows of endpoints',
    thin: (run) =>
      eachSeries(run, (each) => (each.name === ALL_REQUESTS ? each : { ...each, windows: null })),
  },
  {
    name: 'service times',
    thin: (run) => eachSeries(run, (each) => ({ ...each, serviceHistogram: null })),
  },
  { name: 'windows', thin: (run) => eachSeries(run, (each) => ({ ...each, windows: null })) },
  { name: 'plans', thin: withoutPlans },
  { name: 'statements beyond 50', thin: (run) => withStatements(run, 50) },
  { name: 'histograms', thin: (run) => eachSeries(run, (each) => ({ ...each, histogram: null })) },
  { name: 'endpoints beyond 500', thin: (run) => ({ ...run, series: run.series.slice(0, 501) }) },
]

/** In order, as far as needed. */
export function thinRun(run: LoadRun, mostBytes: Bytes = MOST_BODY_BYTES): ThinnedRun {
  let thinned = run
  const leftOut: string[] = []
  for (const { name, thin } of STEPS) {
    if (sizeOf(thinned) <= mostBytes) break
    const next = thin(thinned)
    if (sizeOf(next) < sizeOf(thinned)) leftOut.push(name)
    thinned = next
  }
  return { run: thinned, leftOut }
}

/**
 * Several moments as one. Percentiles can't be added: the greatest stands for all, since a spike is what a chart of a run must not lose.
 */
export function thinMoments(moments: readonly RunMoment[], most: number): RunMoment[] {
  const size = Math.ceil(moments.length / most)
  if (size <= 1) return [...moments]
  return Array.from({ length: Math.ceil(moments.length / size) }, (_, place) => {
    const group = moments.slice(place * size, (place + 1) * size)
    const last = group.at(-1)!
    const greatest = (of: (moment: RunMoment) => number | null) => {
      const known = group.map(of).filter((value) => value !== null)
      return known.length === 0 ? null : Math.max(...known)
    }
    return {
      ...last,
      requestsPerSecond: group.reduce((sum, each) => sum + each.requestsPerSecond, 0) / group.length,
      errors: group.reduce((sum, each) => sum + each.errors, 0),
      p50Ms: greatest((each) => each.p50Ms),
      p95Ms: greatest((each) => each.p95Ms),
      p99Ms: greatest((each) => each.p99Ms),
    }
  })
}

function eachSeries(
  run: LoadRun,
  change: (series: LoadRun['series'][number]) => LoadRun['series'][number],
): LoadRun {
  return { ...run, series: run.series.map(change) }
}

function withoutPlans(run: LoadRun): LoadRun {
  if (run.database === null) return run
  const statements = run.database.statements.map((each) => ({ ...each, planText: null }))
  return { ...run, database: { ...run.database, statements } }
}

function withStatements(run: LoadRun, most: number): LoadRun {
  if (run.database === null) return run
  return { ...run, database: { ...run.database, statements: run.database.statements.slice(0, most) } }
}

function sizeOf(run: LoadRun): Bytes {
  return JSON.stringify(run).length
}
