// What all statements that pg_stat_statements holds look for in tables with composite indexes: over weeks, not over an interval.

import { defineStateFact } from '../model/fact.ts'
import { type ColumnUse, columnUse } from '../sql/parse/column-use.ts'
import { loadParser } from '../sql/parse/parse-statements.ts'
import { dateOrNull, number, text, textArray } from './column.ts'

export interface TableStatementRow {
  readonly queryId: string
  readonly userId: string
  readonly isTopLevel: boolean
  /** Since `countedSince`. */
  readonly calls: number
  /** `schema.name` of the tables whose name stands in the text, whatever it means there. */
  readonly tables: readonly string[]
  /** Null: the text is longer than is read. */
  readonly use: ColumnUse | null
  /** When the whole view was reset. */
  readonly countedSince: Date | null
  /** How often entries were thrown out since. */
  readonly evictions: number
}

interface Raw extends TableStatementRow {
  readonly text: string | null
}

const MOST_CHARACTERS = 10_000
/** A quarter of a millisecond each. */
const PARSED_AT_ONCE = 100

/**
 * Of the 200 tables with the largest composite B-trees from 1 MB that no rule needs. Each text is looked through for each of their names,
 * once in six hours: a second for 5,000 texts. Children by inheritance are left out: statements name their parents.
 */
export const tableStatements = defineStateFact<TableStatementRow>({
  id: 'table-statements',
  title: 'What statements look for in tables with composite indexes, since pg_stat_statements was reset',
  scope: 'database',
  everyMs: 6 * 3_600_000,
  extension: 'pg_stat_statements',
  variants: [
    {
      since: '1.9',
      sql: `
  with indexed as materialized (
         select t.oid, n.nspname, t.relname
           from pg_catalog.pg_index x
           join pg_catalog.pg_class c on c.oid = x.indexrelid
           join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
           join pg_catalog.pg_class t on t.oid = x.indrelid
           join pg_catalog.pg_namespace n on n.oid = t.relnamespace
          where c.relkind = 'i' and t.relpersistence <> 't' and x.indisvalid and not x.indisunique and x.indnatts > 1
            and c.relpages >= 1048576 / pg_catalog.current_setting('block_size')::int
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            and not exists (select from pg_catalog.pg_inherits i where i.inhrelid = t.oid)
          group by t.oid, n.nspname, t.relname
          order by max(c.relpages) desc, t.oid
          limit 200),
       entries as materialized (
         select s.queryid, s.userid, s.toplevel, s.calls, s.query, pg_catalog.lower(s.query) as lowered
           from pg_stat_statements(true) s
          where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
            and s.queryid is not null and s.query is not null
            and pg_catalog.strpos(s.query, '/* pgsteward:') = 0
            and exists (select from indexed))
  select e.queryid::text                                        as query_id,
         e.userid::text                                         as user_id,
         e.toplevel                                             as is_top_level,
         e.calls                                                as calls,
         pg_catalog.array_agg(i.nspname || '.' || i.relname)    as tables,
         case when pg_catalog.char_length(e.query) <= ${MOST_CHARACTERS} then e.query end as text,
         n.stats_reset                                          as counted_since,
         n.dealloc                                              as evictions
    from entries e
    join indexed i on pg_catalog.strpos(e.lowered, pg_catalog.lower(i.relname)) > 0
   cross join pg_stat_statements_info n
   group by e.queryid, e.userid, e.toplevel, e.calls, e.query, n.stats_reset, n.dealloc
   order by e.queryid, e.userid, e.toplevel
   limit 10000`,
    },
  ],
  keyOf: (row) => `${row.userId}/${row.queryId}/${row.isTopLevel}`,
  parse: (raw): Raw => ({
    queryId: text(raw, 'query_id'),
    userId: text(raw, 'user_id'),
    isTopLevel: raw.is_top_level === true,
    calls: number(raw, 'calls'),
    tables: textArray(raw, 'tables'),
    use: null,
    countedSince: dateOrNull(raw, 'counted_since'),
    evictions: number(raw, 'evictions'),
    text: raw.text === null ? null : text(raw, 'text'),
  }),
  async finish(rows) {
    const parse = await loadParser()
    const read: TableStatementRow[] = []
    for (const [place, { text, ...row }] of (rows as readonly Raw[]).entries()) {
      read.push({ ...row, use: text === null ? null : columnUse(text, parse) })
      // others want to be served in between
      if (place % PARSED_AT_ONCE === PARSED_AT_ONCE - 1) await new Promise(setImmediate)
    }
    return read
  },
})
