// Head against base: validity first, then every endpoint and quantile by its repetitions, then what they say together. Pure: the same
// runs give the same comparison.

import type { NoiseFloor } from '../model/baseline.ts'
import {
  COMPARISON_FORMAT,
  type ComparedSeries,
  type Comparison,
  QUANTILES,
  type Quantile,
} from '../model/comparison.ts'
import { ALL_REQUESTS, type LoadRun } from '../model/load-run.ts'
import type { ShiftSample } from '../stats/shift.ts'
import { findCauses } from './causes.ts'
import { disturbedNote } from './disturbed.ts'
import { fewWindows } from './few-windows.ts'
import { judgeErrors } from './judge-errors.ts'
import { judgeSamples } from './judge-samples.ts'
import { floorOf } from './noise-floor.ts'
import { type Pairing, pairRuns } from './pair-runs.ts'
import { answered, mergedMs, seriesOf } from './run-values.ts'
import { seriesSample } from './series-sample.ts'
import { validityOf } from './validity.ts'
import { summaryOf, verdictTogether } from './verdict-together.ts'

export interface CompareOptions {
  /** Learnt on this class of host (a baseline's); default: from the base runs among each other. */
  readonly noise?: readonly NoiseFloor[]
  /** Default p50, p95 and p99. */
  readonly quantiles?: readonly Quantile[]
}

/** Requests a side below which a quantile is not judged: fewer make it a matter of single requests. */
export const LEAST_REQUESTS: Readonly<Record<Quantile, number>> = {
  p50: 200,
  p90: 500,
  p95: 1_000,
  p99: 10_000,
}

const JUDGED: readonly Quantile[] = QUANTILES.filter((quantile) => quantile !== 'p90')

/** Runs a stored baseline should have: fewer do not know how occasions differ. */
const FULL_HISTORY = 10

export function compareRuns(
  base: readonly LoadRun[],
  head: readonly LoadRun[],
  options: CompareOptions = {},
): Comparison {
  const pairing = pairRuns(base, head)
  const used = pairing.pairs === null ? { base, head } : sidesOf(pairing.pairs)
  const validity = validityOf(used.base, used.head)
  const about = {
    format: COMPARISON_FORMAT,
    scenario: base[0] === undefined ? null : { id: base[0].scenario.id, hash: base[0].scenario.hash },
    design: pairing.design,
    baseRuns: used.base.length,
    headRuns: used.head.length,
  } as const
  const names = commonNames(used.base, used.head)
  const invalid = [
    ...validity.invalid,
    ...(names.length === 0 && validity.invalid.length === 0
      ? [{ reason: 'no-common-series' as const, detail: 'No endpoint stands in every run.' }]
      : []),
    ...(names.length > 0 && validity.invalid.length === 0 && !names.some((name) => hasHistogram(name, used))
      ? [
          {
            reason: 'no-histogram' as const,
            detail:
              'The runs hold percentiles only, which cannot be merged: they can be shown, not compared.',
          },
        ]
      : []),
  ]
  if (invalid.length > 0)
    return {
      ...about,
      verdict: 'invalid',
      summary: `The runs must not be compared: ${invalid[0]!.detail}${invalid.length > 1 ? ` (and ${invalid.length - 1} more)` : ''}`,
      invalid,
      series: [],
      comparisons: 0,
      inconclusive: 0,
      causes: [],
      isNewBaselineDue: false,
      notes: validity.notes,
    }
  const errors = judgeErrors(names, used.base, used.head)
  const series = validity.isFailing ? [] : judgeAll(names, used, pairing, options)
  const windows = validity.isFailing ? [] : fewWindows(names, used.base, used.head)
  const disturbed = disturbedNote([...used.base, ...used.head])
  const counted = series.filter(({ verdict }) => verdict !== 'invalid')
  const verdict = verdictTogether(
    series,
    errors,
    windows.some(({ isSupported }) => isSupported),
  )
  return {
    ...about,
    verdict,
    summary: summaryOf(verdict, series, errors),
    invalid: [],
    series,
    errors,
    comparisons: counted.length,
    inconclusive: counted.filter((each) => each.verdict === 'inconclusive').length,
    causes: findCauses(used.base, used.head),
    isNewBaselineDue: verdict === 'pass' && series.some(isMuchFaster),
    notes: [
      ...validity.notes,
      ...(disturbed === null ? [] : [disturbed]),
      ...pairing.notes,
      ...designNotes(pairing, used),
      ...leftOut(names, used),
      ...windows.map(({ note }) => note),
    ],
  }
}

interface Sides {
  readonly base: readonly LoadRun[]
  readonly head: readonly LoadRun[]
}

function sidesOf(pairs: NonNullable<Pairing['pairs']>): Sides {
  return { base: pairs.map((pair) => pair.base), head: pairs.map((pair) => pair.head) }
}

function commonNames(base: readonly LoadRun[], head: readonly LoadRun[]): readonly string[] {
  const others = [...base.slice(1), ...head].map((run) => new Set(run.series.map(({ name }) => name)))
  return (base[0]?.series ?? [])
    .map(({ name }) => name)
    .filter((name) => others.every((names) => names.has(name)))
}

function hasHistogram(name: string, { base, head }: Sides): boolean {
  return [...base, ...head].every((run) => typeof seriesOf(run, name)?.histogram === 'string')
}

function judgeAll(
  names: readonly string[],
  sides: Sides,
  pairing: Pairing,
  { noise, quantiles = JUDGED }: CompareOptions,
): readonly ComparedSeries[] {
  const drafts = names.flatMap((name) =>
    quantiles.map((quantile) => draftOf(name, quantile, sides, pairing, noise)),
  )
  const judgements = judgeSamples(
    drafts.map(({ about, sample, given }) => ({ sample, floor: given, baseMs: about.base.valueMs ?? 0 })),
    { design: pairing.design, repetitions: pairing.repetitions, isSequential: pairing.pairs !== null },
  )
  return drafts.map(({ about, floor, because }, index) => ({
    ...about,
    noiseFloor: floor === null ? null : Math.exp(floor.logRatio),
    ...(judgements[index] ?? { ...NOT_JUDGED, because }),
  }))
}

const NOT_JUDGED = {
  ratio: null,
  lower: null,
  upper: null,
  pValue: null,
  band: null,
  verdict: 'invalid',
  detectable: null,
  runsNeeded: null,
} as const

function draftOf(
  name: string,
  quantile: Quantile,
  { base, head }: Sides,
  pairing: Pairing,
  noise: readonly NoiseFloor[] | undefined,
) {
  const [before, after] = [base, head].map((runs) => {
    const series = runs.map((run) => seriesOf(run, name)!)
    return {
      valueMs: mergedMs(series, quantile),
      requests: series.reduce((sum, each) => sum + answered(each), 0),
      runs: runs.length,
    }
  })
  const about = { name, feature: seriesOf(base[0]!, name)!.feature, quantile, base: before!, head: after! }
  const fewest = Math.min(before!.requests, after!.requests)
  const given = noise?.find((floor) => floor.series === name && floor.quantile === quantile) ?? null
  const floor = given ?? floorOf(base, name, quantile)
  if (!hasHistogram(name, { base, head }))
    return {
      about,
      floor,
      given,
      sample: null,
      because: 'Only percentiles were kept, which cannot be merged.',
    }
  if (fewest < LEAST_REQUESTS[quantile])
    return {
      about,
      floor,
      given,
      sample: null,
      because: `${quantile} takes ${LEAST_REQUESTS[quantile].toLocaleString('en-US')} requests a side; there were ${fewest.toLocaleString('en-US')}.`,
    }
  const sample: ShiftSample | null = seriesSample(name, quantile, base, head, pairing, given)
  return { about, floor, given, sample, because: 'A run has no value for it.' }
}

/** On the whole: all requests, with support, and nothing else got worse (V6). */
function isMuchFaster({ name, band, ratio }: ComparedSeries): boolean {
  return name === ALL_REQUESTS && band === 'improvement' && ratio !== null && ratio < 0.9
}

function designNotes({ design, pairs }: Pairing, { base, head }: Sides): readonly string[] {
  if (design === 'single')
    return [
      'One run against one: no band can have support. Repeat base and head, interleaved or as a duet (pgsteward load ab).',
    ]
  if (design === 'stored')
    return [
      'Against runs of earlier: occasions differ more than runs of one occasion, so this sees about half of what interleaved runs of base and head see.',
      ...(base.length < FULL_HISTORY && head.length < FULL_HISTORY
        ? [
            `The baseline has ${base.length} ${base.length === 1 ? 'run' : 'runs'}; from ${FULL_HISTORY} on its spread is well known.`,
          ]
        : []),
    ]
  return design === 'interleaved' && pairs === null
    ? ['The runs carry no experiment: they were taken as two sets of the same spell, not as pairs.']
    : []
}

/** Endpoints that one side has and another does not. */
function leftOut(names: readonly string[], { base, head }: Sides): readonly string[] {
  const common = new Set(names)
  const missing = [
    ...new Set([...base, ...head].flatMap((run) => run.series.map(({ name }) => name))),
  ].filter((name) => !common.has(name))
  return missing.length === 0 ? [] : [`Not in every run, so not compared: ${missing.join(', ')}.`]
}
