// Slowdowns that live in few windows: a lock convoy, a pause of the garbage collector, a job each minute. Medians over windows leave
// them out on purpose, so that the host's own pauses do not decide; here they are told, as something to look at.

import type { LoadRun, RunSeries } from '../model/load-run.ts'
import { mannWhitney } from '../stats/rank-tests.ts'
import { mergedMs, seriesOf } from './run-values.ts'

export interface FewWindows {
  readonly note: string
  /** Runs agree so far that chance would do it once in a hundred times: a warning. */
  readonly isSupported: boolean
}

/** Ten windows in a hundred more than in the base are worth a look. */
const LEAST_RISE = 0.1
/** Whole-run p99 or maximum twice as high. */
const LEAST_RATIO = 2
const SUPPORT = 0.01

export function fewWindows(
  names: readonly string[],
  base: readonly LoadRun[],
  head: readonly LoadRun[],
): readonly FewWindows[] {
  return names.flatMap((name) => {
    const [before, after] = [base, head].map((runs) => runs.flatMap((run) => seriesOf(run, name) ?? []))
    const limit = mergedMs(before!, 'p99')
    if (limit === null) return []
    return [...slowWindows(name, before!, after!, limit), ...tail(name, before!, after!, limit)].slice(0, 1)
  })
}

function slowWindows(
  name: string,
  base: readonly RunSeries[],
  head: readonly RunSeries[],
  limitMs: number,
): readonly FewWindows[] {
  const [before, after] = [base, head].map((side) =>
    side.flatMap((series) => shareAbove(series, limitMs) ?? []),
  )
  if (before!.length < base.length || after!.length < head.length || base.length === 0) return []
  const [was, is] = [mean(before!), mean(after!)]
  // in most windows it is no matter of few: then p50 or p95 themselves tell
  if (is - was < LEAST_RISE || is > 0.5) return []
  return [
    {
      note: `${name}: in ${percent(is)} of the windows p95 is above the base's p99 of ${round(limitMs)} ms (base ${percent(was)}): a slowdown that comes and goes.`,
      isSupported: mannWhitney(before!, after!) <= SUPPORT,
    },
  ]
}

function tail(
  name: string,
  base: readonly RunSeries[],
  head: readonly RunSeries[],
  baseMs: number,
): readonly FewWindows[] {
  const [before, after] = [base, head].map((side) =>
    side.flatMap(({ percentiles: { p99Ms } }) => p99Ms ?? []),
  )
  const headMs = mergedMs(head, 'p99')
  const [middle, headMiddle] = [mergedMs(base, 'p95'), mergedMs(head, 'p95')]
  if (headMs === null || middle === null || headMiddle === null || headMs - baseMs < 1) return []
  // p95 rose as much: nothing that only the tail would tell
  if (headMs / baseMs < LEAST_RATIO * Math.max(1, headMiddle / middle)) return []
  return [
    {
      note: `${name}: p99 of everything ${round(baseMs)} -> ${round(headMs)} ms, longest ${round(longest(base))} -> ${round(longest(head))} ms.`,
      isSupported: mannWhitney(before!, after!) <= SUPPORT,
    },
  ]
}

function shareAbove({ windows }: RunSeries, limitMs: number): number | null {
  const values = windows?.p95Ms.filter((value) => value !== null) ?? []
  return values.length === 0 ? null : values.filter((value) => value > limitMs).length / values.length
}

function longest(series: readonly RunSeries[]): number {
  return Math.max(...series.map(({ maxMs }) => maxMs ?? 0))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toString()
}
