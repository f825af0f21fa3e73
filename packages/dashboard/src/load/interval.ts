// Where a ratio and its bounds lie on a bar from half to double, in logarithms: twice as slow is as far from 1 as twice as fast.

const LEAST = Math.log(0.5)
const MOST = Math.log(2)

export interface PlacedInterval {
  /** In percent of the bar's width. */
  readonly from: number
  readonly to: number
  readonly at: number
  readonly none: number
  /** It reaches beyond the end of the bar. */
  readonly isCutLeft: boolean
  readonly isCutRight: boolean
}

/** Null where nothing is known to draw. An unknown bound reaches to the end. */
export function placeInterval(
  ratio: number | null,
  lower: number | null,
  upper: number | null,
): PlacedInterval | null {
  if (ratio === null || !(ratio > 0)) return null
  const place = (value: number) =>
    Math.round(((Math.min(MOST, Math.max(LEAST, Math.log(value))) - LEAST) / (MOST - LEAST)) * 1000) / 10
  const low = lower === null || !(lower > 0) ? 0.5 : lower
  const high = upper ?? 2
  return {
    from: place(low),
    to: place(high),
    at: place(ratio),
    none: place(1),
    isCutLeft: lower === null || Math.log(Math.max(low, Number.MIN_VALUE)) < LEAST,
    isCutRight: upper === null || Math.log(high) > MOST,
  }
}
