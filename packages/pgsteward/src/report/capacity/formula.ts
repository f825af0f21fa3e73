// A cell's formula and the value that it has now, made together: what a spreadsheet shows before it calculates is what it calculates.

export type Result = number | string

/** Part of a formula. `text` needs no brackets within another. */
export interface Term<Value extends Result = number> {
  readonly text: string
  readonly value: Value
}

export const number = (value: number): Term => ({ text: String(value), value })
export const text = (value: string): Term<string> => ({ text: `"${value.replaceAll('"', '""')}"`, value })

/** A cell of a sheet, by its column and row from 0. */
export function cellAt<Value extends Result>(
  sheet: string,
  column: number,
  row: number,
  value: Value,
): Term<Value> {
  return { text: `${sheet}!$${columnName(column)}$${row + 1}`, value }
}

/** A, B ... Z, AA ... */
export function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : `${columnName(Math.floor(column / 26) - 1)}${last}`
}

export const plus = (a: Term, b: Term): Term => ({ text: `(${a.text}+${b.text})`, value: a.value + b.value })
export const times = (a: Term, b: Term): Term => ({ text: `(${a.text}*${b.text})`, value: a.value * b.value })
export const by = (a: Term, b: Term): Term => ({
  text: `IF(${b.text}=0,0,${a.text}/${b.text})`,
  value: b.value === 0 ? 0 : a.value / b.value,
})
export const atLeast = (least: number, a: Term): Term => ({
  text: `MAX(${least},${a.text})`,
  value: Math.max(least, a.value),
})
export const root = (a: Term): Term => ({ text: `SQRT(${a.text})`, value: Math.sqrt(a.value) })
export const roundedUp = (a: Term): Term => ({ text: `ROUNDUP(${a.text},0)`, value: Math.ceil(a.value) })

/** `a >= b`, else another. */
export function whereReached<A extends Result, B extends Result>(
  a: Term,
  b: Term,
  reached: Term<A>,
  other: Term<B>,
): Term<A | B> {
  return {
    text: `IF(${a.text}>=${b.text},${reached.text},${other.text})`,
    value: a.value >= b.value ? reached.value : other.value,
  }
}

/** The least number of a column's part, or `other` where there is none: empty texts do not count. */
export function earliestOf(
  range: { readonly text: string; readonly values: readonly Result[] },
  other: Term<string>,
): Term<Result> {
  const numbers = range.values.filter((value) => typeof value === 'number')
  return {
    text: `IF(COUNT(${range.text})=0,${other.text},MIN(${range.text}))`,
    value: numbers.length === 0 ? other.value : Math.min(...numbers),
  }
}

/** Days since 1899-12-30, as spreadsheets count them. */
export function dateSerial(at: string): number {
  return Date.parse(at) / 86_400_000 + 25_569
}
