// Benjamini and Hochberg's adjustment (1995): of what is called a change, at most the given share is none on average. With no change
// anywhere it bounds the chance of any false alarm.

/** Adjusted p-values, in the order given; null stays null and does not count. */
export function adjustedPValues(pValues: readonly (number | null)[]): readonly (number | null)[] {
  const order = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => b.p - a.p)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let least = 1
  for (const [position, { p, index }] of order.entries()) {
    least = Math.min(least, (p * order.length) / (order.length - position))
    adjusted[index] = least
  }
  return adjusted
}
