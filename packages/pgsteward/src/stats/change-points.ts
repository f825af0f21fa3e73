// Where a series changes for good, in level or in trend. Three steps, none of them tuned to a series:
// 1. Gaps are bridged, a season is taken out, single wild points are drawn in (winsorised around a running median of five).
// 2. Candidates: the best cuts into levels and into lines at falling prices (optimal partitioning). Of all of them the one is taken
//    whose errors are told most shortly when they may depend on the point before (BIC with AR(1) errors), at three parameters a change
//    of level (Zhang and Siegmund's modified BIC, 2007: a cut costs more than its mean) and six a change of line. Noise that wanders is
//    thereby no change: cuts through it save less than they cost.
// 3. A series without changes by that measure may still bend: a few lines that explain nine tenths of it count as well.

import { partitioner, type SegmentShape, segmentCost } from './optimal-partition.ts'
import { median, quantile } from './order-statistics.ts'
import { scaleOfSteps } from './robust-scale.ts'
import { seasonOf, withoutSeason } from './seasonality.ts'

export interface ChangePointOptions {
  /** Points a segment has at least. Default 5. */
  readonly minSegment?: number
}

export interface ChangePoint {
  /** Of the first point of the new segment, from 0. */
  readonly index: number
  /** Medians of the segments before and after, of the first dimension. */
  readonly before: number
  readonly after: number
  /** 0 to 1: weight of the series with this change against the series without it, by their BIC. */
  readonly confidence: number
}

const PARAMETERS: Readonly<Record<SegmentShape, number>> = { level: 3, line: 6 }
/** Longer series are cut as medians of blocks, and each cut is then placed to the point. */
const MOST_POINTS = 1_000
/** Candidates of each shape: series that span thousands of times their noise would have too many. */
const MOST_PRICES = 20
/** A change of a fiftieth of the whole range is none that anyone would see: keeps smooth curves from being cut to pieces. */
const LEAST_NOISE = 0.02
/** Twenty to one: the best of the candidates may hold a cut that barely pays for itself. */
const LEAST_CONFIDENCE = 0.95
const BEND = { noise: 0.07, price: 5, mostChanges: 10, leastExplained: 0.9 }

/**
 * `values`: one series, or several dimensions of equal length; null or NaN are gaps. Fewer than four points: none. At most a second
 * for 100,000 points.
 */
export function changePoints(
  values: readonly (number | null)[] | readonly (readonly (number | null)[])[],
  { minSegment = 5 }: ChangePointOptions = {},
): readonly ChangePoint[] {
  const raw = (Array.isArray(values[0]) ? values : [values]) as readonly (readonly (number | null)[])[]
  const filled = raw.map(bridged).filter((dimension) => dimension !== null)
  const length = filled[0]?.length ?? 0
  if (length < 4) return []
  const least = Math.max(2, Math.min(minSegment, Math.floor(length / 2)))
  const block = Math.ceil(length / MOST_POINTS)
  const coarse = filled.map((dimension) => inBlocks(dimension, block))
  const ready = coarse.flatMap((dimension) => prepared(dimension) ?? [])
  if (ready.length === 0) return []
  const chosen = bestOf(ready, Math.max(2, Math.ceil(least / block))) ?? bends(ready, least)
  if (chosen === null) return []
  const indices = placed(chosen.cuts, filled[0]!, block, chosen.shape)
  return indices.map((index, at) => ({
    index,
    before: middleOf(filled[0]!, indices[at - 1] ?? 0, index),
    after: middleOf(filled[0]!, index, indices[at + 1] ?? length),
    confidence: chosen.confidence(at),
  }))
}

interface Prepared {
  readonly plain: readonly number[]
  /** In units of the noise between neighbours, wild points drawn in. */
  readonly calm: readonly number[]
  /** From the 1st to the 99th percentile, in units of the noise. */
  readonly range: number
}

interface Segmentation {
  readonly cuts: readonly number[]
  readonly shape: SegmentShape
  readonly confidence: (at: number) => number
}

/** Null: constant. */
function prepared(values: readonly number[]): Prepared | null {
  const period = seasonOf(values)
  const plain = period === null ? values : withoutSeason(values, period)
  const robust = scaleOfSteps(plain)
  const scale = robust > 0 ? robust : rootMeanSquareOfSteps(plain) / Math.SQRT2
  if (!(scale > 0)) return null
  const centre = median(plain)
  const calm = winsorised(plain.map((value) => (value - centre) / scale))
  return { plain, calm, range: quantile(calm, 0.99) - quantile(calm, 0.01) }
}

function rootMeanSquareOfSteps(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => value - values[index]!)
  return Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length)
}

const WILD = 3

function winsorised(values: readonly number[]): readonly number[] {
  return values.map((value, at) => {
    const around = [-2, -1, 0, 1, 2].map(
      (offset) => values[Math.min(Math.max(at + offset, 0), values.length - 1)]!,
    )
    const centre = median(around)
    return Math.max(centre - WILD, Math.min(centre + WILD, value))
  })
}

/** Null: no changes are the best. */
function bestOf(series: readonly Prepared[], minSegment: number): Segmentation | null {
  const length = series[0]!.calm.length
  const prices = Math.log(length)
  const dimensions = series.map(({ calm }) => calm)
  let best: { readonly cuts: readonly number[]; readonly shape: SegmentShape; readonly bic: number } | null =
    null
  for (const shape of ['level', 'line'] as const) {
    const bicOf = (cuts: readonly number[]) => bic(series, cuts, shape)
    const { cuts: cutsAt } = partitioner(dimensions, shape, minSegment)
    let before: readonly number[] = []
    const consider = (cuts: readonly number[]) => {
      const value = bicOf(cuts)
      if (best === null || value < best.bic) best = { cuts, shape, bic: value }
    }
    consider(before)
    const factor = Math.max(1.5, (totalCost(dimensions) / (3 * prices)) ** (1 / MOST_PRICES))
    // as in CROPS (Haynes and others, 2017), on a grid: from a price nothing is worth down to that of noise
    for (let penalty = totalCost(dimensions); penalty >= 3 * prices * 0.99; penalty /= factor) {
      const cuts = cutsAt(penalty)
      if (cuts.length === before.length && cuts.every((cut, at) => cut === before[at])) continue
      consider(cuts)
      before = cuts
      if (cuts.length >= length / (2 * minSegment)) break
    }
  }
  const found = best as { cuts: readonly number[]; shape: SegmentShape; bic: number } | null
  if (found === null) return null
  const { shape } = found
  const confidenceOf = (cuts: readonly number[], at: number) => {
    const without = cuts.filter((_, index) => index !== at)
    return 1 / (1 + Math.exp((bic(series, cuts, shape) - bic(series, without, shape)) / 2))
  }
  let cuts = found.cuts
  for (;;) {
    const confidences = cuts.map((_, at) => confidenceOf(cuts, at))
    const least = Math.min(...confidences)
    if (cuts.length === 0) return null
    if (least >= LEAST_CONFIDENCE) return { cuts, shape, confidence: (at) => confidences[at]! }
    cuts = cuts.filter((_, at) => at !== confidences.indexOf(least))
  }
}

function totalCost(dimensions: readonly (readonly number[])[]): number {
  return dimensions.reduce((sum, values) => sum + segmentCost(values, 'level')(0, values.length), 0)
}

/** Of errors that depend on the one before; lower is better. */
function bic(series: readonly Prepared[], cuts: readonly number[], shape: SegmentShape): number {
  const length = series[0]!.calm.length
  const errors = series.reduce((sum, { calm, range }) => {
    const rests = restsOf(calm, cuts, shape)
    let [product, power] = [0, 0]
    for (let at = 1; at < length; at += 1) {
      product += rests[at]! * rests[at - 1]!
      power += rests[at - 1]! ** 2
    }
    const correlation = power === 0 ? 0 : Math.min(0.999, Math.max(0, product / power))
    let squares = 0
    for (let at = 1; at < length; at += 1) squares += (rests[at]! - correlation * rests[at - 1]!) ** 2
    return sum + length * Math.log(squares / (length - 1) + (LEAST_NOISE * range) ** 2)
  }, 0)
  // a cut's place is shared by all dimensions, its levels are not
  const each = (PARAMETERS[shape] * (1 + 2 * series.length)) / 3
  return errors + Math.log(length) * (each * cuts.length + (shape === 'line' ? series.length : 0))
}

function restsOf(values: readonly number[], cuts: readonly number[], shape: SegmentShape): readonly number[] {
  return [0, ...cuts].flatMap((from, at) => {
    const segment = values.slice(from, cuts[at] ?? values.length)
    const count = segment.length
    const mean = segment.reduce((sum, value) => sum + value, 0) / count
    if (shape === 'level' || count < 3) return segment.map((value) => value - mean)
    const middle = (count - 1) / 2
    const along = segment.reduce((sum, value, index) => sum + value * (index - middle), 0)
    const slope = (along * 12) / (count * (count * count - 1))
    return segment.map((value, index) => value - mean - slope * (index - middle))
  })
}

/** Few lines that nearly are the series; null: it is no such series. */
function bends(series: readonly Prepared[], minSegment: number): Segmentation | null {
  const length = series[0]!.calm.length
  const scaled = series.map(({ calm, range }) => {
    const noise = Math.max(1, BEND.noise * range)
    return calm.map((value) => value / noise)
  })
  const cuts = partitioner(scaled, 'line', minSegment).cuts(BEND.price * Math.log(length) * series.length)
  if (cuts.length === 0 || cuts.length > BEND.mostChanges) return null
  const explained = explainedBy(cuts, series)
  if (explained < BEND.leastExplained) return null
  return {
    cuts,
    shape: 'line',
    confidence: (at) =>
      1 -
      (1 - explained) /
        Math.max(
          1e-9,
          1 -
            explainedBy(
              cuts.filter((_, index) => index !== at),
              series,
            ),
        ),
  }
}

/** Share of the variance, of all dimensions together. */
function explainedBy(cuts: readonly number[], series: readonly Prepared[]): number {
  const shares = series.map(({ plain }) => {
    const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0)
    return squares(restsOf(plain, cuts, 'line')) / squares(restsOf(plain, [], 'level'))
  })
  return 1 - shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** Straight over gaps; null: nothing but gaps. */
function bridged(values: readonly (number | null)[]): readonly number[] | null {
  const known = values.flatMap((value, at) =>
    value === null || !Number.isFinite(value) ? [] : [{ at, value }],
  )
  if (known.length === 0) return null
  const full: number[] = []
  let next = 0
  for (let at = 0; at < values.length; at += 1) {
    while (next < known.length && known[next]!.at < at) next += 1
    const [left, right] = [known[next - 1], known[next]]
    if (right === undefined) full.push(left!.value)
    else if (left === undefined || right.at === at) full.push(right.value)
    else full.push(left.value + ((right.value - left.value) * (at - left.at)) / (right.at - left.at))
  }
  return full
}

function inBlocks(values: readonly number[], block: number): readonly number[] {
  if (block === 1) return values
  return Array.from({ length: Math.ceil(values.length / block) }, (_, at) =>
    median(values.slice(at * block, (at + 1) * block)),
  )
}

/** Cuts between blocks, to the point: the best place within a block on either side. */
function placed(
  cuts: readonly number[],
  values: readonly number[],
  block: number,
  shape: SegmentShape,
): readonly number[] {
  if (block === 1) return cuts
  const cost = segmentCost(values, shape)
  return cuts.map((cut, at) => {
    const from = (cuts[at - 1] ?? 0) * block
    const to = Math.min(values.length, (cuts[at + 1] ?? Number.POSITIVE_INFINITY) * block)
    let best = { index: cut * block, cost: Number.POSITIVE_INFINITY }
    for (
      let index = Math.max(from + 1, (cut - 1) * block);
      index < Math.min(to, (cut + 1) * block);
      index += 1
    ) {
      const total = cost(from, index) + cost(index, to)
      if (total < best.cost) best = { index, cost: total }
    }
    return best.index
  })
}

function middleOf(values: readonly number[], from: number, to: number): number {
  return median(values.slice(from, to))
}
