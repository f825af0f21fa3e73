// What runs a scenario: the contract that the built-in engine and k6 share, so that both end in the same kind of run.

import type { LoadRun, RunMoment } from '../model/load-run.ts'
import type { Scenario } from '../model/scenario.ts'

export interface LoadRequest {
  readonly scenario: Scenario
  /** Scheme, host and port; paths of steps are below it. */
  readonly target: string
  /** Factors on every stage's time, and on users or rates. */
  readonly timeScale: number
  readonly loadScale: number
  /** Of the engine's own processes; the built-in one: worker threads. */
  readonly threads: number
  /** For `{{env.NAME}}`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** What `{{random}}`, think times and the choice of flows begin from. */
  readonly seed: number
  /** Aborted: ends soon, keeps what was measured, `ended` says so. */
  readonly signal: AbortSignal
  /** Every second. */
  readonly onMoment: (moment: RunMoment) => void
}

/** What an engine measures; the environment, the database and the place in an experiment are added by who asked for it. */
export type MeasuredRun = Omit<LoadRun, 'id' | 'environment' | 'database' | 'git' | 'experiment'>

export interface LoadEngine {
  readonly name: LoadRun['engine']['name']
  /** Rejects with `load-target-down` when nothing answers at the start; a target lost in mid-run ends the run instead. */
  readonly run: (request: LoadRequest) => Promise<MeasuredRun>
}
