// The runs of a scenario as a series: which of them can be compared with the latest, and where its level changed.

import type { Quantile } from '../../model/comparison.ts'
import type { HistoryChangeWire, HistoryPointWire, LoadHistoryWire } from '../../model/load-wire.ts'
import { changePoints } from '../../stats/change-points.ts'
import type { KeptRun, RunFigure } from '../../store/load/load-store.ts'

const FIGURE_OF = { p50: 'p50Ms', p90: 'p90Ms', p95: 'p95Ms', p99: 'p99Ms' } as const

/** Figures: the oldest first. */
export function loadHistory(
  scenario: string,
  series: string,
  quantile: Quantile,
  figures: readonly RunFigure[],
): LoadHistoryWire {
  // a run that went wrong says nothing, nor does it decide what the others are compared with
  const latest = (figures.findLast(({ run }) => run.invalid.length === 0) ?? figures.at(-1))?.run
  const points = figures.map((figure): HistoryPointWire => {
    const { run } = figure
    return {
      id: run.id,
      at: run.startedAt.toISOString(),
      valueMs: figure[FIGURE_OF[quantile]],
      isInvalid: run.invalid.length > 0,
      isComparable: latest !== undefined && isLike(run, latest),
      gitSha: run.gitSha,
    }
  })
  return { scenario, series, quantile, points, changes: changesOf(points) }
}

/** What compareRuns would not refuse: of one definition, engine, scale and class of host. */
export function isLike(run: KeptRun, other: KeptRun): boolean {
  return (
    run.scenario.hash === other.scenario.hash &&
    run.scenario.timeScale === other.scenario.timeScale &&
    run.scenario.loadScale === other.scenario.loadScale &&
    run.engine === other.engine &&
    run.hostClass === other.hostClass
  )
}

/** V5's bands begin at 5 %: a smaller change is not worth a mark. */
const LEAST_CHANGE = Math.log(1.05)

/** Of valid runs that can be compared with each other alone, in logarithms: noise grows with the level. */
function changesOf(points: readonly HistoryPointWire[]): HistoryChangeWire[] {
  const judged = points.flatMap(({ id, valueMs, isInvalid, isComparable }, index) =>
    valueMs === null || valueMs <= 0 || isInvalid || !isComparable
      ? []
      : [{ id, index, level: Math.log(valueMs) }],
  )
  return changePoints(judged.map(({ level }) => level)).flatMap(({ index: place, before, after }) => {
    const first = judged[place]
    if (first === undefined || Math.abs(after - before) < LEAST_CHANGE) return []
    return [{ index: first.index, runId: first.id, ratio: Math.exp(after - before) }]
  })
}
