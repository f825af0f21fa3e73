// A check: what is concluded. A pure function from facts to findings; it never queries, logs, or reads the clock.

import type { z } from 'zod'
import type { Fact, ValueOf } from './fact.ts'
import type { Area, Finding } from './finding.ts'
import type { ServerInfo } from './server-info.ts'
import type { Milliseconds } from './units.ts'

export type Needs = Readonly<Record<string, Fact>>
export type Given<N extends Needs> = { readonly [K in keyof N]: ValueOf<N[K]> }

export interface CheckContext {
  readonly now: Date
  readonly server: ServerInfo
}

/** Returned by a check that ran but cannot judge yet: an expected absence, no error. It never resolves a finding. */
export interface Skip {
  readonly skip: string
}

export interface Check<N extends Needs = Needs, O extends z.ZodType = z.ZodType> {
  readonly id: string
  readonly area: Area
  readonly title: string
  readonly needs: N
  /** A zod object; every option has a default, and its description gives the number's reason and source. */
  readonly options: O
  /** How long a finding must persist before it opens. Default 0. */
  readonly holdMs?: Milliseconds
  /** How long a finding must be gone before it is over, for values that swing about their limit. Default 0. */
  readonly clearMs?: Milliseconds
  readonly run: (facts: Given<N>, options: z.output<O>, at: CheckContext) => readonly Finding[] | Skip
}

// biome-ignore lint/suspicious/noExplicitAny: a list of checks of different facts has no narrower type
export type AnyCheck = Check<any, any>

export function defineCheck<const N extends Needs, O extends z.ZodType>(check: Check<N, O>): Check<N, O> {
  return check
}

export type Outcome =
  | { readonly status: 'quiet'; readonly checkId: string }
  | { readonly status: 'found'; readonly checkId: string; readonly findings: readonly Finding[] }
  | { readonly status: 'skipped'; readonly checkId: string; readonly because: string }
  | { readonly status: 'failed'; readonly checkId: string; readonly error: Error }
