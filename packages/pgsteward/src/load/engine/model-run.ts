// What the open and the closed model have in common for the thread that runs one of them.

import type { Milliseconds } from '../../model/units.ts'
import type { Walker } from './walker.ts'

export interface ModelRun {
  /** What has to happen before the clock starts; virtual users that could not start, with why. */
  readonly prepare: () => Promise<Readonly<Record<string, number>>>
  readonly start: () => void
  /** Nothing more is begun. */
  readonly stop: () => void
  readonly walkers: () => Iterable<Walker>
}

/** Between two iterations that neither asked nor waited for anything. */
export const EMPTY_ITERATION_MS: Milliseconds = 10
