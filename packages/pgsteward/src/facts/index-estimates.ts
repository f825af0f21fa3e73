// What a B-tree of so many entries should measure when freshly built: an estimate from the catalogs alone, without reading it.

import { defineStateFact, type RawRow } from '../model/fact.ts'
import type { Bytes } from '../model/units.ts'
import { isTrue, number, numberArray, text, textArray } from './column.ts'
import { type ColumnEstimate, REMAINDERS, storedColumn } from './column-estimates.ts'
import { freshBtreeBytes } from './fresh-btree.ts'
import { MEASURED_INDEX_BYTES } from './index-densities.ts'

export interface IndexEstimateRow {
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly name: string
  /** As of the last vacuum, analyze or build, like the number of entries. */
  readonly sizeBytes: Bytes
  readonly entries: number
  /** Different keys, as the table's statistics tell. */
  readonly distinctKeys: number
  /** Null: the average width of a column is not known (never analyzed, or hidden from the role: pg_stats shows readable tables only). */
  readonly freshBytes: Bytes | null
  /** What pgstattuple would read until it has read this one, largest first; null: it is too large to be read. */
  readonly budgetBytes: Bytes | null
}

interface KeyColumn extends ColumnEstimate {
  /** n_distinct: below 0 a share of the table's rows; 0 or null: not known. */
  readonly distinct: number | null
}

/**
 * Largest first, 2,000 of those from 1 MB. The arithmetic is `freshBtreeBytes`; here is what it is told. A column of type name is stored
 * shorter than pg_stats says, and not estimated. An index counts as deduplicated when each key type says that equal is the same bytes
 * (B-tree support function 4; its collation deterministic) and the option is not off.
 */
export const indexEstimates = defineStateFact<IndexEstimateRow>({
  id: 'index-estimates',
  title: 'Expected size of B-tree indexes if they were rebuilt, from the catalogs',
  scope: 'database',
  everyMs: 3_600_000,
  variants: [
    {
      since: 140000,
      sql: `
  with large as materialized (
         select c.oid, n.nspname, t.relname as table_name, c.relname, c.relpages, c.reltuples, t.reltuples as table_rows,
                c.reloptions, x.indrelid, x.indkey, x.indclass, x.indcollation, x.indnatts, x.indnkeyatts, x.indisunique,
                x.indpred is not null as is_partial,
                current_setting('block_size')::bigint as block,
                row_number() over (order by c.relpages desc, c.oid) as place
           from pg_catalog.pg_index x
           join pg_catalog.pg_class c on c.oid = x.indexrelid
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
           join pg_catalog.pg_class t on t.oid = x.indrelid
           join pg_catalog.pg_namespace n on n.oid = t.relnamespace
          where c.relkind = 'i' and c.relpersistence <> 't' and x.indisvalid and c.reltuples >= 0
            and c.relpages >= 1048576 / current_setting('block_size')::int
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
          order by c.relpages desc, c.oid
          limit 2000)
  select pg_catalog.current_database()  as database,
         l.nspname                      as schema,
         l.table_name                   as table_name,
         l.relname                      as name,
         l.relpages * l.block           as size_bytes,
         l.block                        as block_bytes,
         l.reltuples                    as entries,
         l.table_rows                   as table_rows,
         l.is_partial                   as is_partial,
         coalesce((select o.option_value::float8 from pg_catalog.pg_options_to_table(l.reloptions) o
                    where o.option_name = 'fillfactor'), 90) / 100 as fillfactor,
         not l.indisunique and l.indnatts = l.indnkeyatts
           and coalesce((select o.option_value::bool from pg_catalog.pg_options_to_table(l.reloptions) o
                          where o.option_name = 'deduplicate_items'), true)
           and not exists (
             select from rows from (pg_catalog.unnest(l.indclass::oid[]), pg_catalog.unnest(l.indcollation::oid[])) k (opclass, collation_oid)
               join pg_catalog.pg_opclass o on o.oid = k.opclass
               left join pg_catalog.pg_collation b on b.oid = k.collation_oid
              where b.collisdeterministic = false
                 or not exists (select from pg_catalog.pg_amproc p
                                 where p.amprocfamily = o.opcfamily and p.amproclefttype = o.opcintype
                                   and p.amprocrighttype = o.opcintype and p.amprocnum = 4))
                                        as is_deduplicated,
         l.indnkeyatts                  as key_columns,
         l.indkey::int2[]               as key_numbers,
         d.columns                      as columns,
         d.common                       as common_shares,
         -- the view is dear, and few tables have such statistics
         case when l.indnkeyatts > 1 and exists (select from pg_catalog.pg_statistic_ext e
                                                  where e.stxrelid = l.indrelid and 'd' = any (e.stxkind))
              then array(select e.n_distinct::text from pg_catalog.pg_stats_ext e
                          where e.schemaname = l.nspname and e.tablename = l.table_name and e.n_distinct is not null)
         end                            as known_combinations,
         case when l.relpages * l.block <= ${MEASURED_INDEX_BYTES.each}
              then sum(l.relpages * l.block) filter (where l.relpages * l.block <= ${MEASURED_INDEX_BYTES.each})
                   over (order by l.relpages desc, l.oid)
         end                            as budget_bytes
    from large l
   cross join lateral (
         select pg_catalog.json_agg(pg_catalog.json_build_object(
                  -- name is stored as cstring
                  'width', case when a.attlen > 0 and a.atttypid <> 'name'::regtype then a.attlen
                                -- of an expression values are weighed before their header is cut to one byte
                                when a.attlen = -1 and ta.attnum is null and s.avg_width < 130 then s.avg_width - 3
                                when a.attlen = -1 then s.avg_width end,
                  'varying', a.attlen < 0,
                  'alignment', case a.attalign when 'c' then 1 when 's' then 2 when 'i' then 4 else 8 end,
                  'nulls', s.null_frac, 'distinct', s.n_distinct, 'remainders', ${REMAINDERS('a.atttypid', 'l.place')}) order by a.attnum) as columns,
                min(case when l.indnkeyatts = 1 and a.attnum = 1 then s.most_common_freqs[1:100] end) as common
           from pg_catalog.pg_attribute a
           left join pg_catalog.pg_attribute ta on ta.attrelid = l.indrelid and ta.attnum = l.indkey[a.attnum - 1]
           left join lateral (
                -- offset: row by row by the indexes on names, never the whole of pg_statistic; an expression has statistics under
                -- the index's own name
                select s.avg_width, s.null_frac, s.n_distinct, s.most_common_freqs, s.most_common_vals, s.histogram_bounds
                  from pg_catalog.pg_stats s
                 where s.schemaname = l.nspname and not s.inherited
                   and s.tablename = case when ta.attnum > 0 then l.table_name else l.relname end
                   and s.attname = case when ta.attnum > 0 then ta.attname else a.attname end
                offset 0) s on true
          where a.attrelid = l.oid and a.attnum > 0) d
   order by l.relpages desc, l.nspname, l.relname`,
    },
  ],
  keyOf: (row) => `${row.schema}.${row.name}`,
  parse: (raw) => {
    const columns = (raw.columns ?? []) as readonly KeyColumn[]
    const entries = number(raw, 'entries')
    const isPartial = isTrue(raw, 'is_partial')
    const distinctKeys = distinctKeysOf(raw, columns)
    return {
      database: text(raw, 'database'),
      schema: text(raw, 'schema'),
      table: text(raw, 'table_name'),
      name: text(raw, 'name'),
      sizeBytes: number(raw, 'size_bytes'),
      entries,
      distinctKeys,
      freshBytes: columns.some(({ width }) => width === null)
        ? null
        : freshBtreeBytes({
            blockBytes: number(raw, 'block_bytes'),
            fillfactor: number(raw, 'fillfactor'),
            entries,
            // a partial index may leave out just the nulls: the table's share tells nothing, and none is the larger estimate
            columns: columns.map((column) => storedColumn(isPartial ? { ...column, nulls: 0 } : column)),
            keyColumns: number(raw, 'key_columns'),
            isDeduplicated: isTrue(raw, 'is_deduplicated'),
            distinctKeys,
            commonShares: isPartial ? [] : numberArray(raw, 'common_shares'),
          }),
      budgetBytes: raw.budget_bytes === null ? null : number(raw, 'budget_bytes'),
    }
  },
})

/**
 * At most the entries. Of several columns the product, unless extended statistics know the combination: columns that hang together
 * have fewer combinations, so the product errs towards a larger index.
 */
function distinctKeysOf(raw: RawRow, columns: readonly KeyColumn[]): number {
  const entries = number(raw, 'entries')
  const keys = number(raw, 'key_columns')
  const known = combinationsOf(
    textArray(raw, 'known_combinations'),
    numberArray(raw, 'key_numbers').slice(0, keys),
  )
  if (known !== null) return Math.min(entries, known)
  const product = columns.slice(0, keys).reduce((all, { distinct, nulls }) => {
    if (distinct === null || distinct === 0) return all * entries
    const values = distinct < 0 ? -distinct * number(raw, 'table_rows') : distinct
    return all * Math.max(1, values + (keys > 1 && (nulls ?? 0) > 0 ? 1 : 0))
  }, 1)
  return Math.min(entries, product)
}

/** As pg_ndistinct writes itself: `{"1, 3": 42}`, from PostgreSQL 19 `[{"attributes": [1, 3], "ndistinct": 42}]`. */
function combinationsOf(texts: readonly string[], numbers: readonly number[]): number | null {
  const wanted = numbers.toSorted((a, b) => a - b).join(', ')
  for (const written of texts) {
    const parsed: unknown = JSON.parse(written)
    const found = Array.isArray(parsed)
      ? parsed.find((each) => each.attributes.join(', ') === wanted)?.ndistinct
      : (parsed as Record<string, number>)[wanted]
    if (found !== undefined) return found
  }
  return null
}
