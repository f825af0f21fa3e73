// Order-preserving surrogates: the n-th smallest value that statistics show of a column becomes the n-th value of a plain sequence of
// its type. Estimates that compare a column with a parameter or another column stay; the values themselves are gone.

export interface SurrogateKind {
  readonly compare: (one: string, other: string) => number
  /** The surrogate of rank 0, 1, 2 ... in PostgreSQL's text form. */
  readonly at: (rank: number) => string
}

const number: SurrogateKind['compare'] = (one, other) => {
  if (/^-?\d+$/.test(one) && /^-?\d+$/.test(other)) {
    const [a, b] = [BigInt(one), BigInt(other)]
    return a < b ? -1 : a > b ? 1 : 0
  }
  return numeric(one) - numeric(other) || 0
}

function numeric(text: string): number {
  // NaN is the largest of all in PostgreSQL
  if (text === 'NaN') return Number.MAX_VALUE
  return Number(text.replace(/[$,]/g, '').replace('infinity', 'Infinity'))
}

const bytes: SurrogateKind['compare'] = (one, other) => (one < other ? -1 : one > other ? 1 : 0)

/** ISO texts order as they are, but for BC and the infinities. */
const moment: SurrogateKind['compare'] = (one, other) =>
  momentRank(one) - momentRank(other) || bytes(one, other)

function momentRank(text: string): number {
  if (text === '-infinity') return -2
  if (text === 'infinity') return 2
  return text.endsWith('BC') ? -1 : 0
}

const collator = new Intl.Collator('en')

function kindOf(type: string, isByteOrder: boolean): SurrogateKind | null {
  const base = type.replace(/\(.*?\)/, '').replace(/^pg_catalog\./, '')
  switch (base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'oid':
    case 'money':
      return { compare: number, at: String }
    case 'text':
    case 'character varying':
    case 'character':
    case 'name':
    case 'public.citext':
    case 'citext':
      return {
        compare: isByteOrder ? bytes : collator.compare,
        at: (rank) => `v${rank.toString(36).padStart(5, '0')}`,
      }
    case 'uuid':
      return {
        compare: bytes,
        at: (rank) => `00000000-0000-4000-8000-${rank.toString(16).padStart(12, '0')}`,
      }
    case 'bytea':
      return { compare: bytes, at: (rank) => `\\x${rank.toString(16).padStart(8, '0')}` }
    case 'date':
      return { compare: moment, at: (rank) => new Date(rank * 86_400_000).toISOString().slice(0, 10) }
    case 'timestamp without time zone':
      return { compare: moment, at: (rank) => instant(rank) }
    case 'timestamp with time zone':
      return { compare: moment, at: (rank) => `${instant(rank)}+00` }
    case 'inet':
    case 'cidr':
      return { compare: () => 0, at: (rank) => `10.${(rank >> 16) & 255}.${(rank >> 8) & 255}.${rank & 255}` }
    default:
      return null
  }
}

function instant(rank: number): string {
  return new Date(rank * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

/** Types whose values say nothing of a row, or are part of the schema. */
export function isHarmless(type: string, enums: ReadonlySet<string>): boolean {
  return type === 'boolean' || enums.has(type)
}

/**
 * Surrogates for the values of one column. `ordered` are in their order already (a histogram); `others` are placed among them.
 * Null: the type has no surrogates.
 */
export function surrogatesFor(
  type: string,
  ordered: readonly string[],
  others: readonly string[],
  isByteOrder: boolean,
): ReadonlyMap<string, string> | null {
  const kind = kindOf(type, isByteOrder)
  if (kind === null) return null
  const sequence = [...new Set(ordered)]
  const known = new Set(sequence)
  const added = [...new Set(others)].filter((value) => !known.has(value)).sort(kind.compare)
  const merged: string[] = []
  let next = 0
  for (const value of sequence) {
    while (next < added.length && kind.compare(added[next]!, value) < 0) merged.push(added[next++]!)
    merged.push(value)
  }
  merged.push(...added.slice(next))
  return new Map(merged.map((value, rank) => [value, kind.at(rank)]))
}
