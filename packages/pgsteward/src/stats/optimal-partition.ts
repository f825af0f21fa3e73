// The best way to cut a series into segments at a given price a cut: optimal partitioning (Jackson and others, 2005), exact, quadratic
// in the number of points. The cost of a segment is its squared error from its mean, or from its line.

export type SegmentShape = 'level' | 'line'

export interface Partitioner {
  /** First points of the second and later segments, ascending. */
  readonly cuts: (penalty: number) => readonly number[]
}

/** Several dimensions of equal length add their costs. Memory: six numbers a point and dimension. */
export function partitioner(
  dimensions: readonly (readonly number[])[],
  shape: SegmentShape,
  minSegment: number,
): Partitioner {
  const length = dimensions[0]?.length ?? 0
  const costs = dimensions.map((values) => segmentCost(values, shape))
  const cost =
    costs.length === 1
      ? costs[0]!
      : (from: number, to: number) => costs.reduce((sum, each) => sum + each(from, to), 0)
  const cuts = (penalty: number) => {
    const best = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY)
    const last = new Int32Array(length + 1)
    best[0] = -penalty
    for (let to = minSegment; to <= length; to += 1) {
      for (let from = 0; from <= to - minSegment; from += 1) {
        const before = best[from]!
        if (before + penalty >= best[to]!) continue
        const total = before + cost(from, to) + penalty
        if (total < best[to]!) {
          best[to] = total
          last[to] = from
        }
      }
    }
    const found: number[] = []
    for (let to = last[length]!; to > 0; to = last[to]!) found.push(to)
    return found.reverse()
  }
  return { cuts }
}

/** Squared error of [from, to) from its mean or line, by sums over the beginnings. */
export function segmentCost(
  values: readonly number[],
  shape: SegmentShape,
): (from: number, to: number) => number {
  const sums = new Float64Array(values.length + 1)
  const squares = new Float64Array(values.length + 1)
  const products = new Float64Array(values.length + 1)
  for (const [index, value] of values.entries()) {
    sums[index + 1] = sums[index]! + value
    squares[index + 1] = squares[index]! + value * value
    products[index + 1] = products[index]! + value * index
  }
  return (from, to) => {
    const count = to - from
    const sum = sums[to]! - sums[from]!
    const around = Math.max(0, squares[to]! - squares[from]! - (sum * sum) / count)
    if (shape === 'level' || count < 3) return around
    const middle = (from + to - 1) / 2
    const along = products[to]! - products[from]! - middle * sum
    return Math.max(0, around - (along * along * 12) / (count * (count * count - 1)))
  }
}
