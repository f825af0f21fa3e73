// The store's side of load: finished runs, baselines by name, comparisons made. Runs under way are not in it.

import type { Baseline } from '../../model/baseline.ts'
import type { LoadRun } from '../../model/load-run.ts'
import type { Bytes } from '../../model/units.ts'
import type { StoreDatabase } from '../database.ts'
import {
  baseline,
  baselines,
  comparisons,
  type KeptBaseline,
  type KeptComparison,
  type MadeComparison,
  saveBaseline,
  saveComparison,
} from './load-baselines.ts'
import {
  boundLoad,
  experimentRuns,
  type KeptRun,
  loadRun,
  loadRuns,
  type RunFigure,
  type RunFilter,
  runFigures,
  saveRun,
} from './load-runs.ts'

export type { KeptBaseline, KeptComparison, MadeComparison } from './load-baselines.ts'
export type { KeptRun, RunFigure, RunFilter } from './load-runs.ts'

export interface LoadStore {
  /** One transaction; the same run again replaces what was kept of it. Beyond `maxBytes` the bodies of the oldest runs go. */
  saveLoadRun(run: LoadRun, at: Date, maxBytes?: Bytes): Promise<void>
  /** The latest first. */
  loadRuns(filter: RunFilter): Promise<readonly KeptRun[]>
  /** `run` is null where the body went for the store's size. */
  loadRun(id: string): Promise<{ readonly kept: KeptRun; readonly run: LoadRun | null } | null>
  /** The oldest of the latest `limit` first. */
  runFigures(scenario: string, series: string, limit: number): Promise<readonly RunFigure[]>
  /** Ids of one side of an experiment, the oldest first. */
  experimentRuns(experiment: string, side: 'base' | 'head'): Promise<readonly string[]>
  /** One of each name, scenario and class of host; the id. */
  saveBaseline(baseline: Baseline): Promise<string>
  baselines(): Promise<readonly KeptBaseline[]>
  baselineOf(id: string): Promise<Baseline | null>
  saveComparison(made: MadeComparison, at: Date): Promise<void>
  /** Those with one of the runs as head, or all; the latest first. */
  comparisons(headIds: readonly string[] | null, limit: number): Promise<readonly KeptComparison[]>
}

export function loadStore(database: StoreDatabase): LoadStore {
  return {
    saveLoadRun: (run, at, maxBytes) =>
      database.transaction(async (tx) => {
        await saveRun(tx, run, at)
        if (maxBytes !== undefined) await boundLoad(tx, maxBytes)
      }),
    loadRuns: (filter) => loadRuns(database, filter),
    loadRun: (id) => loadRun(database, id),
    runFigures: (scenario, series, limit) => runFigures(database, scenario, series, limit),
    experimentRuns: (experiment, side) => experimentRuns(database, experiment, side),
    saveBaseline: (each) => saveBaseline(database, each),
    baselines: () => baselines(database),
    baselineOf: (id) => baseline(database, id),
    saveComparison: (made, at) => saveComparison(database, made, at),
    comparisons: (headIds, limit) => comparisons(database, headIds, limit),
  }
}
