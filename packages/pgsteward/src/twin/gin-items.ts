// How many items a GIN index would hold a row, and how many different ones, from the values that statistics keep: trigrams of texts,
// values and keys of documents, elements of arrays, words of tsvectors.

import type { ColumnStatistics } from './statistics/statistics-file.ts'

export interface GinItems {
  readonly perRow: number
  /** Different items in the whole index. */
  readonly distinct: number
  /** Average bytes of an item. */
  readonly width: number
}

type ItemsOf = (value: string) => readonly (readonly [group: string, item: string])[]

export function trigramItems(statistics: ColumnStatistics, rows: number): GinItems | null {
  const found = sampledItems(statistics, rows, (value) => [...trigramsOf(value)].map((each) => ['', each]))
  return found === null ? null : { ...found, width: 4 }
}

/** `path`: a hash for each value and where it stands (jsonb_path_ops); else the keys and values themselves. */
export function documentItems(statistics: ColumnStatistics, rows: number, isPath: boolean): GinItems | null {
  const itemsOf: ItemsOf = (value) => {
    const found = new Map<string, readonly [string, string]>()
    const visit = (inner: unknown, path: string): void => {
      if (Array.isArray(inner)) for (const each of inner) visit(each, `${path}[]`)
      else if (typeof inner === 'object' && inner !== null) {
        for (const [key, each] of Object.entries(inner)) {
          if (!isPath) found.set(`k${key}`, ['', `k${key}`])
          visit(each, `${path}.${key}`)
        }
      } else {
        const item = isPath ? `${path}=${String(inner)}` : `v${String(inner)}`
        found.set(item, [path, item])
      }
    }
    try {
      visit(JSON.parse(value), '')
    } catch {
      // an array's or a cut document's text: nothing to count
    }
    return [...found.values()]
  }
  const found = sampledItems(statistics, rows, itemsOf)
  return found === null ? null : { ...found, width: isPath ? 4 : 12 }
}

/** Elements that analyze lists are those that occur more than once in its sample; rarer ones are taken for as many again. */
export function elementItems(statistics: ColumnStatistics, rows: number): GinItems | null {
  const { mostCommonElements: elements, mostCommonElementFrequencies: shares } = statistics
  if (elements === null || elements.length === 0) return null
  const listed = (shares ?? []).slice(0, elements.length).reduce((sum, share) => sum + share, 0)
  const perRow = Math.max(1, statistics.elementCountHistogram?.at(-1) ?? listed)
  const missing = Math.max(0, perRow - listed) / perRow
  const width = elements.reduce((sum, element) => sum + element.length, 0) / elements.length
  return { perRow, distinct: Math.min(rows * perRow, elements.length * (1 + 4 * missing)), width }
}

/** pg_trgm's: each word in lower case, two blanks before it and one behind. */
export function trigramsOf(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    const padded = `  ${word} `
    for (let at = 0; at + 3 <= padded.length; at += 1) found.add(padded.slice(at, at + 3))
  }
  return found
}

function sampledItems(
  { mostCommonValues, mostCommonFrequencies, histogram }: ColumnStatistics,
  rows: number,
  itemsOf: ItemsOf,
): Omit<GinItems, 'width'> | null {
  const common = (mostCommonValues ?? []).map((value, index) => ({
    items: itemsOf(value),
    share: mostCommonFrequencies?.[index] ?? 0,
  }))
  const rare = (histogram ?? []).map(itemsOf)
  if (common.length + rare.length === 0) return null
  const commonShare = common.reduce((sum, { share }) => sum + share, 0)
  const rareShare = rare.length === 0 ? 0 : Math.max(0, 1 - commonShare)
  const perRare = rare.reduce((sum, { length }) => sum + length, 0) / Math.max(1, rare.length)
  const weights = commonShare + rareShare
  const perRow =
    (common.reduce((sum, { items, share }) => sum + share * items.length, 0) + rareShare * perRare) /
    Math.max(weights, 1e-9)
  const groups = new Map<string, Map<string, number>>()
  for (const [group, item] of rare.flat()) {
    const counts = groups.get(group) ?? new Map<string, number>()
    counts.set(item, (counts.get(item) ?? 0) + 1)
    groups.set(group, counts)
  }
  const ofCommon = new Set(common.flatMap(({ items }) => items.map(([, item]) => item)))
  let distinct = [...ofCommon].filter((item) =>
    [...groups.values()].every((counts) => !counts.has(item)),
  ).length
  for (const counts of groups.values())
    distinct += distinctOf(counts, (rows * rareShare) / Math.max(1, rare.length))
  return { perRow, distinct: Math.min(distinct, Math.max(1, rows * perRow)) }
}

/** Haas and Stokes, as analyze estimates distinct values: `scale` rows of the table for each of the sample. */
function distinctOf(counts: ReadonlyMap<string, number>, scale: number): number {
  const sampled = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const once = [...counts.values()].filter((count) => count === 1).length
  const all = Math.max(sampled, sampled * scale)
  return (sampled * counts.size) / Math.max(1e-9, sampled - once + (once * sampled) / all)
}
