// Where a ratio and its bounds lie on a bar from half to double, in logarithms: twice as slow is as far from 1 as twice as fast.

const LEAST = 0.5
const MOST = 2

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
  return {
    from: place(lower ?? LEAST),
    to: place(upper ?? MOST),
    at: place(ratio),
    none: place(1),
    isCutLeft: lower === null || lower < LEAST,
    isCutRight: upper === null || upper > MOST,
  }
}

function place(ratio: number): number {
  const within = Math.min(MOST, Math.max(LEAST, ratio))
  return Math.round((Math.log(within / LEAST) / Math.log(MOST / LEAST)) * 1000) / 10
}
