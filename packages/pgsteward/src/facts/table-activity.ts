// What happened to each user table: scans and writes, as increases.

import { defineCounterFact } from '../model/fact.ts'
import { number, numberOrNull, text } from './column.ts'
import { perSecond } from './rates.ts'

export interface TableActivityRow {
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly sequentialScans: number
  /** Live rows that sequential scans went through. */
  readonly sequentialRows: number
  readonly indexScans: number
  /** Live rows fetched by index scans. */
  readonly indexRows: number
  readonly inserts: number
  /** HOT ones included. */
  readonly updates: number
  /** Updates that needed no index entry, since their new version stayed on its page. */
  readonly hotUpdates: number
  /** PostgreSQL 16+: updates whose new version went to another page; null before. */
  readonly newPageUpdates: number | null
  readonly deletes: number
}

const TABLE_ACTIVITY = (newPageUpdates: string) => `
  select pg_catalog.current_database()   as database,
         s.schemaname                    as schema,
         s.relname                       as name,
         s.seq_scan                      as sequential_scans,
         s.seq_tup_read                  as sequential_rows,
         s.idx_scan                      as index_scans,
         s.idx_tup_fetch                 as index_rows,
         s.n_tup_ins                     as inserts,
         s.n_tup_upd                     as updates,
         s.n_tup_hot_upd                 as hot_updates,
         ${newPageUpdates}               as new_page_updates,
         s.n_tup_del                     as deletes
    from pg_catalog.pg_stat_all_tables s
   where s.schemaname not in ('pg_catalog', 'information_schema', 'pg_toast')
     and s.schemaname not like 'pg\\_temp\\_%'
     and (s.seq_scan > 0 or s.idx_scan > 0 or s.n_tup_ins > 0 or s.n_tup_upd > 0 or s.n_tup_del > 0)
   order by s.schemaname, s.relname
   limit 20000`

/** Tables that were touched at least once, at most 20,000. */
export const tableActivity = defineCounterFact<TableActivityRow>({
  id: 'table-activity',
  title: 'User tables: sequential and index scans, rows inserted, updated and deleted',
  scope: 'database',
  everyMs: 60_000,
  variants: [
    { since: 140000, sql: TABLE_ACTIVITY('null::bigint') },
    { since: 160000, sql: TABLE_ACTIVITY('s.n_tup_newpage_upd') },
  ],
  // no epoch: the reset of one table's counters moves the whole database's stats_reset, and would make every other table
  // count from zero; a table that was reset shows it by falling
  keyOf: (row) => `${row.schema}.${row.name}`,
  counters: [
    'sequentialScans',
    'sequentialRows',
    'indexScans',
    'indexRows',
    'inserts',
    'updates',
    'hotUpdates',
    'newPageUpdates',
    'deletes',
  ],
  parse: (raw) => ({
    database: text(raw, 'database'),
    schema: text(raw, 'schema'),
    name: text(raw, 'name'),
    sequentialScans: number(raw, 'sequential_scans'),
    sequentialRows: number(raw, 'sequential_rows'),
    indexScans: number(raw, 'index_scans'),
    indexRows: number(raw, 'index_rows'),
    inserts: number(raw, 'inserts'),
    updates: number(raw, 'updates'),
    hotUpdates: number(raw, 'hot_updates'),
    newPageUpdates: numberOrNull(raw, 'new_page_updates'),
    deletes: number(raw, 'deletes'),
  }),
  series: [
    {
      name: 'table.rowsWritten',
      unit: 'perSecond',
      value: (row, seconds) => perSecond(row.inserts + row.updates + row.deletes, seconds),
    },
  ],
})
