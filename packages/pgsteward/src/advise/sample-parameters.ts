// Values for $1, $2 ... where none were captured: from pg_stats, a common one, a middling one and a rare one, since one plan for
// all of them (GENERIC_PLAN) hides skew and can't use partial indexes.

import type { ParameterUse } from '../sql/parse/query-shape.ts'
import { literal } from '../sql/quote.ts'
import { containedValue, likePattern, listOf, memberOf } from './sample-values.ts'
import { type ColumnFigures, nameOf, type Surroundings } from './surroundings.ts'

/** How many samples a statement with parameters gets. */
const SAMPLES = 3

/** Values in a list: how many the application sends is not known. */
const LIST_LENGTH = 8

/** Columns of so few values hold a state. */
const MOST_STATES = 20

/** Of all rows, by which three values of a column with many are picked: the worst case, the middle, a rare one. */
const ROWS = [0, 1 / 2, 5 / 6]

/** Where in a column's order a range's ends are put: recent and narrow, as applications mostly ask. */
const LOWER_ENDS = [0.97, 0.88, 0.5]
const UPPER_ENDS = [0.99, 0.91, 0.55]
/** A lower end alone: since yesterday, since last month, since long ago. */
const LONE_LOWER_ENDS = [0.98, 0.9, 0.5]
/** An upper end alone: what is due by now, and the oldest rows, as for what expired. */
const LONE_UPPER_ENDS = [0.97, 0.05, 0.5]
/** An upper end of what is deleted: it was deleted up to about there the last time, too. */
const RETENTION_ENDS = [0, 0.01, 0.02]
/** Where a page by keyset goes on: mostly near the newest. */
const KEYSET_ENDS = [0.95, 0.8, 0.4]

/** One list a sample; in it null stands for a parameter of which nothing is known. Null: nothing is known of any. */
export function sampleParameters(
  count: number,
  uses: readonly ParameterUse[],
  text: string,
  surroundings: Surroundings,
  /** Literals for those that no column tells about. */
  fallback: readonly string[] = [],
): readonly (readonly (string | null)[])[] | null {
  const columns = new Map(surroundings.tables.map((table) => [nameOf(table), table.columns]))
  const figuresOf = (use: ParameterUse) =>
    columns.get(nameOf(use.table))?.find(({ name }) => name === use.column)
  const isDelete = /\bdelete\s+from\b/i.test(text)
  const samples: (string | null)[][] = []
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const values: (string | null)[] = []
    for (let number = 1; number <= count; number += 1) {
      const found = uses
        .filter((each) => each.number === number)
        .map((use) => ({ use, figures: figuresOf(use) }))
        .map(({ use, figures }) =>
          figures === undefined ? null : valueFor(use, figures, sample, uses, isDelete),
        )
        .find((value) => value !== null)
      values.push(
        found === undefined ? (fallback[number - 1] ?? valueByPlace(number, text)) : literal(found!).trim(),
      )
    }
    samples.push(values)
  }
  if (samples.every((values) => values.every((value) => value === null))) return null
  const distinct = new Map(samples.map((each) => [each.join('\0'), each]))
  return [...distinct.values()]
}

function valueFor(
  use: ParameterUse,
  figures: ColumnFigures,
  sample: number,
  uses: readonly ParameterUse[],
  isDelete: boolean,
): string | null {
  const value = plainValueFor(use, figures, sample, uses, isDelete)
  if (value === null || use.letters === null) return value
  return use.letters === 'lower' ? value.toLowerCase() : value.toUpperCase()
}

function plainValueFor(
  use: ParameterUse,
  figures: ColumnFigures,
  sample: number,
  uses: readonly ParameterUse[],
  isDelete: boolean,
): string | null {
  const { operator } = use
  if (use.member !== null) return memberOf(figures, use.member, sample)
  if (operator === 'range') return atQuantile(figures, endOf(use, uses, isDelete)[sample]!)
  if (operator === 'like' || operator === 'ilike') {
    const example = atQuantile(figures, 0.3 + 0.2 * sample)
    const other = atQuantile(figures, 0.1 + 0.3 * sample)
    if (example === null || other === null) return null
    const known = [...figures.histogram, ...figures.mostCommon.map(({ value }) => value)]
    return likePattern([example, other], known, operator, sample)
  }
  if (operator === 'contains' || operator === 'overlaps') return containedValue(figures, sample)
  if (operator !== 'equal' && operator !== 'in' && operator !== 'not-equal') return null
  // the values of one list differ
  const place = uses.filter(({ column, number }) => column === use.column && number < use.number).length
  if (!use.isList) return valueAt(figures, sample, place)
  const values = Array.from({ length: LIST_LENGTH }, (_, index) => valueAt(figures, sample, place + index))
  return listOf(values.filter((value) => value !== null))
}

function endOf(use: ParameterUse, uses: readonly ParameterUse[], isDelete: boolean): readonly number[] {
  if (use.isKeyset) return KEYSET_ENDS
  const hasOther = uses.some((each) => each.column === use.column && each.bound === opposite(use.bound))
  if (use.bound === 'lower') return hasOther ? LOWER_ENDS : LONE_LOWER_ENDS
  if (hasOther) return UPPER_ENDS
  return isDelete ? RETENTION_ENDS : LONE_UPPER_ENDS
}

function opposite(bound: ParameterUse['bound']): ParameterUse['bound'] {
  return bound === 'lower' ? 'upper' : 'lower'
}

/**
 * Of a few states the middling, the rarest and the most common: applications ask for work to do more than for what is done. Of many
 * values the most common, since it shows what skew costs, and those of two rows. `place` steps on to others.
 */
function valueAt(figures: ColumnFigures, sample: number, place: number): string | null {
  const { mostCommon: common, histogram, distinct } = figures
  if (distinct !== null && distinct > MOST_STATES) return valueOfRow(figures, ROWS[sample]!, place)
  if (common.length > 0) {
    const at = [Math.floor(common.length / 2), common.length - 1, 0][sample]!
    return common[(at + place) % common.length]!.value
  }
  return histogram[(Math.floor(histogram.length * (0.2 + 0.25 * sample)) + place) % histogram.length] ?? null
}

/** The value of the row at this share of all rows, the rows of the most common values first. */
function valueOfRow({ mostCommon, histogram }: ColumnFigures, share: number, place: number): string | null {
  let sum = 0
  for (const [index, each] of mostCommon.entries()) {
    sum += each.share
    if (sum >= share) return mostCommon[(index + place) % mostCommon.length]!.value
  }
  const rest = sum >= 1 ? 0 : (share - sum) / (1 - sum)
  const value = histogram[(Math.floor(rest * histogram.length) + place) % histogram.length]
  return value ?? mostCommon.at(-1 - (place % Math.max(1, mostCommon.length)))?.value ?? null
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

/** Puts literals in place of $n, outside of quotes and comments; those that stay (null) are numbered anew from 1. */
export function fillIn(text: string, values: readonly (string | null)[]): string {
  const left = new Map<number, number>()
  return text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g,
    (token, number: string | undefined) => {
      const value = number === undefined ? undefined : values[Number(number) - 1]
      if (value === undefined) return token
      if (value === null) {
        const known = left.get(Number(number)) ?? left.size + 1
        left.set(Number(number), known)
        return `$${known}`
      }
      return /^-/.test(value) ? `(${value})` : value
    },
  )
}
