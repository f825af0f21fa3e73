// Values as operators other than equality want them: patterns, lists, documents and arrays that hold something, members of documents.

import type { ColumnFigures } from './surroundings.ts'

/**
 * How the application builds its pattern is not known. ILIKE is nearly always a search within, and people type what tells things
 * apart: a word, all of a value, its end. LIKE is a search from the start more often than one within.
 */
export function likePattern(example: string, operator: 'like' | 'ilike', sample: number): string | null {
  const words = example.match(/[\p{L}\p{N}]{3,}/gu) ?? []
  const longest = words.reduce<string | null>(
    (best, word) => (best === null || word.length > best.length ? word : best),
    null,
  )
  if (longest === null) return null
  const whole = escaped(example.slice(0, 24))
  if (operator === 'ilike') {
    if (sample === 0) return `%${longest.slice(0, 8)}%`
    return `%${sample === 1 ? whole : escaped(example.slice(-12))}%`
  }
  if (sample === 0) return `${words[0]!.slice(0, 4)}%`
  return sample === 1 ? `${whole}%` : `%${whole}%`
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
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
  return rarest === undefined ? null : JSON.stringify({ [rarest[0]]: rarest[1] })
}

/** What `doc ->> 'member'` yields in some row. */
export function memberOf(figures: ColumnFigures, member: string, sample: number): string | null {
  const found = examplesOf(figures)
    .map((each) => documentOf(each)[member])
    .filter((value) => value !== undefined && value !== null && typeof value !== 'object')
  const value = found[Math.floor(((sample + 0.5) * found.length) / 3)]
  return value === undefined ? null : String(value)
}

function examplesOf({ histogram, mostCommon }: ColumnFigures): readonly string[] {
  return [...mostCommon.map(({ value }) => value), ...histogram]
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
