// What the catalogs and pg_stats tell of a column, for estimates of size.

import { oneHot, type StoredColumn, TUPLE_ALIGNMENT } from './tuple-bytes.ts'

/** As COLUMN_ESTIMATE returns it. */
export interface ColumnEstimate {
  /** Null: not known. */
  readonly width: number | null
  readonly varying: boolean
  readonly alignment: number
  readonly nulls: number | null
  /** Null: of one width, or not told. */
  readonly remainders: readonly number[] | null
}

/** Values of varying length below this have a header of one byte and are not aligned. */
const SHORT_VALUE_BYTES = 127
/** Longer lists, of a raised statistics target, are not gone through. */
const MOST_VALUES = 1001
const LARGEST = 200

/**
 * SQL: with statistics `s` of a column of that `type` the shares of values whose stored width is 0, 1, ... 7 modulo 8, from the commonest
 * values and the bounds of the histogram; null where the type's text does not tell the width. The values stay on the server. Half a
 * millisecond a column, so it is done for the largest relations only: `place` counts them from 1.
 */
export const REMAINDERS = (type: string, place: string) => `
  case when ${place} <= ${LARGEST} and ${type} in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'numeric'::regtype)
        and greatest(pg_catalog.array_length(s.most_common_vals, 1), pg_catalog.array_length(s.histogram_bounds, 1)) <= ${MOST_VALUES}
  then (select array[${Array.from({ length: TUPLE_ALIGNMENT }, (_, n) => `coalesce(sum(w.share) filter (where w.bytes % ${TUPLE_ALIGNMENT} = ${n}), 0)`).join(', ')}]
          from (select v.share,
                       -- of a numeric as it lies in memory, with three bytes more of header
                       case when ${type} = 'numeric'::regtype then pg_catalog.pg_column_size(v.value::numeric) - 3
                            else pg_catalog.octet_length(v.value)
                                   + case when pg_catalog.octet_length(v.value) < ${SHORT_VALUE_BYTES - 1} then 1 else 4 end end as bytes
                  from (select pg_catalog.unnest(s.most_common_vals::text::text[]) as value,
                               pg_catalog.unnest(s.most_common_freqs)::float8 as share
                        union all
                        select b.value,
                               greatest(0, 1 - s.null_frac - coalesce((select sum(f) from pg_catalog.unnest(s.most_common_freqs) f), 0))::float8
                                 / pg_catalog.array_length(s.histogram_bounds, 1)
                          from pg_catalog.unnest(s.histogram_bounds::text::text[]) b (value)) v) w)
  end`

export function storedColumn(column: ColumnEstimate): StoredColumn {
  const { varying, alignment, nulls } = column
  const width = column.width ?? 0
  const nullFraction = nulls ?? 0
  if (!varying) return { width, alignment, nullFraction, remainders: oneHot(width) }
  const sum = (column.remainders ?? []).reduce((all, share) => all + share, 0)
  const remainders =
    sum === 0
      ? Array.from({ length: TUPLE_ALIGNMENT }, () => 1 / TUPLE_ALIGNMENT)
      : column.remainders!.map((share) => share / sum)
  return {
    // the average is cut to whole bytes
    width: remainders.some((share) => share > 0.999) ? width : width + 0.5,
    alignment: width < SHORT_VALUE_BYTES ? 1 : alignment,
    nullFraction,
    remainders: remainders.some((share) => share > 0.999)
      ? oneHot(remainders.findIndex((share) => share > 0.999))
      : remainders,
  }
}
