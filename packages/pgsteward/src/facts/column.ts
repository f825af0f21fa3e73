// Reads typed columns from raw rows, once, at the edge. node-postgres hands int8 and numeric over as strings.

import type { RawRow } from '../model/fact.ts'

/** A count, a size or a time as a number; null (no rows, not tracked) becomes 0. */
export function number(raw: RawRow, column: string): number {
  return numberOrNull(raw, column) ?? 0
}

export function numberOrNull(raw: RawRow, column: string): number | null {
  const value = raw[column]
  if (value === undefined) throw new Error(`the row has no column ${column}`)
  return value === null ? null : Number(value)
}

/** Identifiers stay strings: query ids, xids, LSNs and oids exceed what a number holds or mean nothing as one. */
export function text(raw: RawRow, column: string): string {
  return textOrNull(raw, column) ?? ''
}

export function textOrNull(raw: RawRow, column: string): string | null {
  const value = raw[column]
  if (value === undefined) throw new Error(`the row has no column ${column}`)
  return value === null ? null : String(value)
}

export function isTrue(raw: RawRow, column: string): boolean {
  const value = raw[column]
  if (value === undefined) throw new Error(`the row has no column ${column}`)
  return value === true
}

export function dateOrNull(raw: RawRow, column: string): Date | null {
  const value = raw[column]
  if (value === undefined) throw new Error(`the row has no column ${column}`)
  return value instanceof Date ? value : null
}

/** From seconds since 1970: cheaper on both sides than a timestamp where there are thousands of rows. */
export function momentOrNull(raw: RawRow, column: string): Date | null {
  const seconds = numberOrNull(raw, column)
  return seconds === null ? null : new Date(seconds * 1000)
}

export function textArray(raw: RawRow, column: string): readonly string[] {
  const value = raw[column]
  if (value === undefined) throw new Error(`the row has no column ${column}`)
  return Array.isArray(value) ? value.map(String) : []
}

export function numberArray(raw: RawRow, column: string): readonly number[] {
  return textArray(raw, column).map(Number)
}
