// The way most tools estimate bloat, after the widely used queries of ioguix/pgsql-bloat-estimation: the formulas alone, written anew.
// Averages of pg_stats for every column, one padding for the whole of the data, no deduplication, no inner pages. Heaps without TOAST.

export interface ConventionalColumn {
  readonly avgWidth: number
  readonly nullFraction: number
}

export interface ConventionalInput {
  readonly columns: readonly ConventionalColumn[]
  readonly tuples: number
  readonly fillfactor: number
  readonly blockBytes: number
}

/** Rounded up to 8, but a multiple of 8 stays. */
const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8

const dataBytes = ({ columns }: ConventionalInput) =>
  columns.reduce((sum, { avgWidth, nullFraction }) => sum + (1 - nullFraction) * avgWidth, 0)

const hasNulls = ({ columns }: ConventionalInput) => columns.some(({ nullFraction }) => nullFraction > 0)

export function conventionalIndexBytes(input: ConventionalInput): number {
  const { tuples, fillfactor, blockBytes } = input
  const entry = aligned(hasNulls(input) ? 12 : 8) + aligned(Math.round(dataBytes(input)))
  const perPage = Math.floor(((blockBytes - 24 - 16) * fillfactor) / (entry + 4))
  return (1 + Math.ceil(tuples / perPage)) * blockBytes
}

export function conventionalHeapBytes(input: ConventionalInput): number {
  const { columns, tuples, fillfactor, blockBytes } = input
  const header = 23 + (hasNulls(input) ? Math.floor((7 + columns.length) / 8) : 0)
  const row = 4 + aligned(header) + aligned(Math.ceil(dataBytes(input)))
  return Math.ceil(tuples / (((blockBytes - 24) * fillfactor) / row)) * blockBytes
}
