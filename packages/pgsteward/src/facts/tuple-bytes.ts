// How many bytes rows and index entries take as PostgreSQL lays them out: alignment, short headers and nulls, in expectation.

import type { Bytes } from '../model/units.ts'

export interface StoredColumn {
  /** Of a value that is there; of varying length: the average with its header. */
  readonly width: Bytes
  /** 1, 2, 4 or 8. */
  readonly alignment: number
  /** 0 to 1. */
  readonly nullFraction: number
  /** Shares of the values whose width is 0, 1, ... 7 modulo 8: what padding depends on. They add up to 1. */
  readonly remainders: readonly number[]
}

export interface TupleBytes {
  /** Rounded up to 8, without the line pointer. */
  readonly bytes: Bytes
  /** False where lengths differ, so that `bytes` is an average. */
  readonly isExact: boolean
}

/** To which tuples, and the data after their header, are aligned. */
export const TUPLE_ALIGNMENT = 8
export const LINE_POINTER_BYTES = 4

export function alignUp(bytes: Bytes, alignment = TUPLE_ALIGNMENT): Bytes {
  return Math.ceil(bytes / alignment) * alignment
}

/** Columns in stored order behind a header of `headerBytes`, lengths and nulls of one independent of the others'. */
export function tupleBytes(headerBytes: Bytes, columns: readonly StoredColumn[]): TupleBytes {
  let bytes = alignUp(headerBytes)
  // how likely the end so far is 0, 1, ... 7 behind a multiple of 8
  let ends = oneHot(0)
  for (const { width, alignment, nullFraction, remainders } of columns) {
    const present = 1 - nullFraction
    const next = ends.map((share) => share * nullFraction)
    for (const [end, share] of ends.entries()) {
      const padding = alignUp(end, alignment) - end
      bytes += present * share * (padding + width)
      for (const [remainder, likely] of remainders.entries())
        next[(end + padding + remainder) % TUPLE_ALIGNMENT]! += present * share * likely
    }
    ends = next
  }
  for (const [end, share] of ends.entries()) bytes += share * (alignUp(end) - end)
  const isExact = columns.every(
    ({ nullFraction, remainders }) => (nullFraction === 0 || nullFraction === 1) && remainders.includes(1),
  )
  return { bytes, isExact }
}

/** Of one width. */
export function oneHot(width: Bytes): number[] {
  return Array.from({ length: TUPLE_ALIGNMENT }, (_, n) => (n === width % TUPLE_ALIGNMENT ? 1 : 0))
}

/** P(at least one null), and the columns of the tuples that have one and of those that have none. */
export function splitByNulls(columns: readonly StoredColumn[]) {
  const withNull = 1 - columns.reduce((none, { nullFraction }) => none * (1 - nullFraction), 1)
  return {
    withNull,
    nullable: columns.map((column) => ({
      ...column,
      nullFraction: withNull === 0 ? 0 : Math.min(1, column.nullFraction / withNull),
    })),
    full: columns.map((column) => ({ ...column, nullFraction: 0 })),
  }
}
