// Values for $1, $2 ... where none were captured: from pg_stats, a common one, a middling one and a rare one, since one plan for
// all of them (GENERIC_PLAN) hides skew and can't use partial indexes.

import type { ParameterUse } from '../sql/parse/query-shape.ts'
import { literal } from '../sql/quote.ts'
import { type ColumnFigures, nameOf, type Surroundings } from './surroundings.ts'

/** How many samples a statement with parameters gets. */
const SAMPLES = 3

/** Where in a column's order a range's ends are put: recent and narrow, as applications mostly ask. */
const LOWER_ENDS = [0.95, 0.85, 0.5]
const UPPER_ENDS = [0.99, 0.95, 0.6]
/** An upper end without a lower one: the oldest rows, as for what is due or expired. */
const LONE_UPPER_ENDS = [0.05, 0.15, 0.5]

/** Null: some parameter's column is not known, or has no statistics; then only a generic plan is left. */
export function sampleParameters(
  count: number,
  uses: readonly ParameterUse[],
  text: string,
  surroundings: Surroundings,
  /** Literals for those that no column tells about. */
  fallback: readonly string[] = [],
): readonly (readonly string[])[] | null {
  const columns = new Map(surroundings.tables.map((table) => [nameOf(table), table.columns]))
  const samples: string[][] = []
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const values: string[] = []
    for (let number = 1; number <= count; number += 1) {
      const use = uses.find((each) => each.number === number)
      const figures =
        use === undefined
          ? undefined
          : columns.get(nameOf(use.table))?.find(({ name }) => name === use.column)
      const value = use === undefined || figures === undefined ? null : valueFor(use, figures, sample, uses)
      const known =
        value === null ? (fallback[number - 1] ?? valueByPlace(number, text)) : literal(value).trim()
      if (known === null) return null
      values.push(known)
    }
    samples.push(values)
  }
  const distinct = new Map(samples.map((each) => [each.join('\0'), each]))
  return [...distinct.values()]
}

function valueFor(
  use: ParameterUse,
  figures: ColumnFigures,
  sample: number,
  uses: readonly ParameterUse[],
): string | null {
  const { operator, bound } = use
  if (operator === 'range') {
    const hasLower = uses.some((each) => each.column === use.column && each.bound === 'lower')
    const ends = bound === 'lower' ? LOWER_ENDS : hasLower ? UPPER_ENDS : LONE_UPPER_ENDS
    return atQuantile(figures, ends[sample]!)
  }
  if (operator === 'like' || operator === 'ilike') {
    const example = atQuantile(figures, 0.3 + 0.2 * sample)
    const word = example === null ? undefined : /[\p{L}\p{N}]{3,}/u.exec(example)?.[0]
    // how the application builds its pattern is not known: ILIKE is nearly always a search within, LIKE one from the start
    return word === undefined ? null : operator === 'ilike' ? `%${word.slice(0, 6)}%` : `${word.slice(0, 4)}%`
  }
  if (operator !== 'equal' && operator !== 'in' && operator !== 'not-equal') return null
  // the values of one list differ
  const place = uses.filter(({ column, number }) => column === use.column && number < use.number).length
  const common = figures.mostCommon
  if (sample === 0 && common.length > 0) return common[place % common.length]!.value
  if (sample === 1 && common.length > 0)
    return common[(Math.floor(common.length / 2) + place) % common.length]!.value
  return figures.histogram.length > 0
    ? figures.histogram[
        (Math.floor(figures.histogram.length * (0.2 + 0.25 * sample)) + place) % figures.histogram.length
      ]!
    : (common.at(-1 - (place % Math.max(1, common.length)))?.value ?? null)
}

function atQuantile(figures: ColumnFigures, quantile: number): string | null {
  const values =
    figures.histogram.length > 1 ? figures.histogram : figures.mostCommon.map(({ value }) => value)
  return values.length === 0
    ? null
    : values[Math.min(values.length - 1, Math.floor(quantile * values.length))]!
}

/** Parameters that no column tells about: page sizes, offsets, spans of time. */
function valueByPlace(number: number, text: string): string | null {
  if (text.includes(`$${number}::interval`)) return "'1 day'"
  const before = new RegExp(`([a-z_]+)\\s+\\(?\\$${number}\\b`, 'i').exec(text)?.[1]?.toLowerCase()
  if (before === 'limit' || before === 'first' || before === 'next') return '20'
  if (before === 'offset') return '0'
  return null
}

/** Puts literals in place of $n, outside of quotes and comments. */
export function fillIn(text: string, values: readonly string[]): string {
  return text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g,
    (token, number: string | undefined) => {
      const value = number === undefined ? undefined : values[Number(number) - 1]
      if (value === undefined) return token
      return /^-/.test(value) ? `(${value})` : value
    },
  )
}
