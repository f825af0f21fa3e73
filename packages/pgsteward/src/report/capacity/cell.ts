// What sheets are made of: cells with values or formulas, how they look, and units that people type.

import type { Result, Term } from './formula.ts'

export type CellFormat = 'number' | 'ratio' | 'date' | 'whole'

/** A formula, a value, or nothing. */
export interface Cell {
  readonly value: Result | null
  readonly formula?: string
  readonly format?: CellFormat
  readonly look?: 'heading' | 'input' | 'title'
}

export interface Highlight {
  /** Such as `E4:E20`. */
  readonly range: string
  /** True where a cell is to stand out, relative to the first cell of the range. */
  readonly formula: string
  readonly colour: 'warning' | 'critical'
}

export interface Sheet {
  readonly name: string
  readonly rows: readonly (readonly Cell[])[]
  /** In characters. */
  readonly widths: readonly number[]
  /** Rows that stay in sight. */
  readonly frozen: number
  readonly highlights?: readonly Highlight[]
}

export const plainCell = (value: Result | null, format?: CellFormat): Cell =>
  format === undefined ? { value } : { value, format }
export const heading = (value: string): Cell => ({ value, look: 'heading' })
export const title = (value: string): Cell => ({ value, look: 'title' })
export const input = (value: number, format: CellFormat): Cell => ({ value, format, look: 'input' })
export const formulaCell = ({ text, value }: Term<Result>, format?: CellFormat): Cell =>
  format === undefined ? { value, formula: text } : { value, formula: text, format }

/** As PostgreSQL counts them. */
const GB = 1024 ** 3
type Unit = 'bytes' | 'perSecond' | 'count' | 'ratio'

/** Bytes are told in GB, so that they can be read and typed. */
export function inUnit(value: number, unit: Unit): number {
  return unit === 'bytes' ? value / GB : value
}

export function unitWord(unit: Unit): string {
  return { bytes: 'GB (1024³ bytes)', perSecond: 'per second', count: 'count', ratio: 'share' }[unit]
}

export function formatOf(unit: Unit): CellFormat {
  return unit === 'ratio' ? 'ratio' : 'number'
}
