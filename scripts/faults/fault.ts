// What a fault is: something that is broken for real while the real program runs, and what its users may expect all the same.

import type { Ground } from './ground.ts'

export interface Fault {
  /** Selects it: npm run faults -- kill-9. */
  readonly id: string
  readonly title: string
  readonly done: string
  readonly holds: string
  /** Throws NotRun where this machine cannot do it; any other error is a fault that was not borne. */
  readonly run: (ground: Ground, expect: Expectations) => Promise<Recovery>
}

/** Until it went on by itself, in words. */
export type Recovery = string

export class NotRun extends Error {}

export interface Expectation {
  readonly isKept: boolean
  /** What was measured, with its number. */
  readonly measured: string
}

/** Gathered rather than thrown: one that is not kept hides no other. */
export class Expectations {
  readonly all: Expectation[] = []

  that(isKept: boolean, measured: string): void {
    this.all.push({ isKept, measured })
  }
}
