// Sorting and filtering of rows, as pure functions.

export type SortValue = number | string | boolean | null | undefined
export interface Sort {
  readonly column: string
  readonly direction: 'asc' | 'desc'
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(a: NonNullable<SortValue>, b: NonNullable<SortValue>): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return Number(a) - Number(b)
}

/** Stable; what has no value comes last in both directions, since it is neither small nor large. */
export function sortRows<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  direction: Sort['direction'],
): readonly Row[] {
  const sign = direction === 'asc' ? 1 : -1
  return rows
    .map((row) => ({ row, key: value(row) }))
    .sort((a, b) => {
      const isAbsentA = a.key === null || a.key === undefined
      const isAbsentB = b.key === null || b.key === undefined
      if (isAbsentA || isAbsentB) return Number(isAbsentA) - Number(isAbsentB)
      return sign * compare(a.key as NonNullable<SortValue>, b.key as NonNullable<SortValue>)
    })
    .map(({ row }) => row)
}

/** Every word of the filter somewhere in the text, whatever the case. */
export function matches(filter: string, ...texts: readonly (string | undefined)[]): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = texts.join('\n').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** 'size.desc' as in the address. */
export function parseSort(text: string | null, columns: readonly string[], fallback: Sort): Sort {
  const match = /^(?<column>[\w-]+)\.(?<direction>asc|desc)$/.exec(text ?? '')?.groups
  if (match?.column === undefined || !columns.includes(match.column)) return fallback
  return { column: match.column, direction: match.direction === 'asc' ? 'asc' : 'desc' }
}
