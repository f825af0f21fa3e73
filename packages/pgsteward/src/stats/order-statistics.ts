// Median and quantiles of a few values: linear between order statistics (type 7 of Hyndman and Fan, 1996).

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], ratio: number): number {
  return quantileOfSorted(
    [...values].sort((a, b) => a - b),
    ratio,
  )
}

export function quantileOfSorted(sorted: readonly number[], ratio: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = ratio * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at))
}
