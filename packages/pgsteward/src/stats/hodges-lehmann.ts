// Hodges and Lehmann's estimators of a shift (1963): the median of all averages of two, or of all differences between two samples.
// Nearly as precise as the mean for normal values, and unmoved by a wild run (up to 29 % of them).

import { median } from './order-statistics.ts'

/** Ascending averages of every two of them, each with itself too: n (n + 1) / 2 numbers. */
export function walshAverages(values: readonly number[]): readonly number[] {
  return values
    .flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2))
    .sort((a, b) => a - b)
}

/** Ascending differences, each of `head` less each of `base`. */
export function allDifferences(base: readonly number[], head: readonly number[]): readonly number[] {
  return head.flatMap((after) => base.map((before) => after - before)).sort((a, b) => a - b)
}

export function hodgesLehmann(values: readonly number[]): number {
  return median(walshAverages(values))
}

export function hodgesLehmannShift(base: readonly number[], head: readonly number[]): number {
  return median(allDifferences(base, head))
}
