// Values as operators other than equality want them: patterns, lists, documents and arrays that hold something, members of documents.

import type { ColumnFigures } from './surroundings.ts'

/**
 * How the application builds its pattern is not known. ILIKE is nearly always a search within, and people type what tells things
 * apart; LIKE is a search from the start more often than one within. A text of the histogram would make the planner expect a
 * hundredth of the rows, so a telling pattern is made of the halves of two texts.
 */
export function likePattern(
  [example, other]: readonly [string, string],
  known: readonly string[],
  operator: 'like' | 'ilike',
  sample: number,
): string | null {
  const word = longestWord(example)
  const second = longestWord(other)
  if (word === null || second === null) return null
  const telling = `${word.slice(0, 5)}${second.slice(-5)}`
  const part = word.slice(0, 8)
  const isCommon = known.filter((text) => text.includes(part)).length > COMMON_WORD * known.length
  if (operator === 'ilike') return sample === 0 && !isCommon ? `%${part}%` : `%${telling}%`
  if (sample === 0) return `${/[\p{L}\p{N}]{3,}/u.exec(example)![0].slice(0, 4)}%`
  return sample === 1 ? `${telling}%` : `%${telling}%`
}

/** A word in more of the texts than this is not searched for alone. */
const COMMON_WORD = 0.05

function longestWord(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return words.reduce<string | null>(
    (best, word) => (best === null || word.length > best.length ? word : best),
    null,
  )
}

/** An array's text form. */
export function listOf(values: readonly string[]): string | null {
  if (values.length === 0) return null
  const items = [...new Set(values)].map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`)
  return `{${items.join(',')}}`
}

/** Something that rows of an array or document column hold: one of its elements, or the pair that fewest of the known values have. */
export function containedValue(figures: ColumnFigures, sample: number): string | null {
  const values = examplesOf(figures)
  const example = values[Math.floor(((sample + 0.5) * values.length) / 3)]
  if (example === undefined) return null
  if (figures.type.endsWith('[]')) {
    const elements = /^\{([^{}"\\]+)\}$/.exec(example)?.[1]?.split(',') ?? []
    return elements.length === 0 ? null : `{${elements[sample % elements.length]}}`
  }
  if (figures.type !== 'jsonb') return null
  const pairs = Object.entries(documentOf(example)).filter(([, value]) => typeof value !== 'object')
  const documents = values.map(documentOf)
  const holders = ([key, value]: readonly [string, unknown]) =>
    documents.filter((each) => each[key] === value).length
  const rarest = [...pairs].sort((a, b) => holders(a) - holders(b))[0]
  if (rarest === undefined) return null
  const [key, value] = rarest
  // one that the statistics happen to hold would be taken for a hundredth of all rows
  const isTelling = holders(rarest) === 1 && values.length > 10
  return JSON.stringify({ [key]: isTelling ? otherOf(value) : value })
}

/** A value of the same kind that is not there. */
function otherOf(value: unknown): unknown {
  if (typeof value === 'number') return value + 0.5
  return typeof value === 'string' ? `${value}~` : value
}

/** What `doc ->> 'member'` yields in some row. */
export function memberOf(figures: ColumnFigures, member: string, sample: number): string | null {
  const found = examplesOf(figures)
    .map((each) => documentOf(each)[member])
    .filter((value) => value !== undefined && value !== null && typeof value !== 'object')
  const value = found[Math.floor(((sample + 0.5) * found.length) / 3)]
  return value === undefined ? null : String(value)
}

/** The rare values first of all: what is asked for by its content mostly tells rows apart. */
function examplesOf({ histogram, mostCommon }: ColumnFigures): readonly string[] {
  return histogram.length > 0 ? histogram : mostCommon.map(({ value }) => value)
}

function documentOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : {}
  } catch {
    return {}
  }
}
