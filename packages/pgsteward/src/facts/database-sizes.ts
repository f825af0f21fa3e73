// How large each database is on disk. Apart from `databases`: the server stats every file of a database for it.

import { defineStateFact } from '../model/fact.ts'
import { number, text } from './column.ts'

export interface DatabaseSizeRow {
  readonly database: string
  readonly sizeBytes: number
}

const DATABASE_SIZES = `
  select d.datname                          as database,
         pg_catalog.pg_database_size(d.oid) as size_bytes
    from pg_catalog.pg_database d
   where not d.datistemplate
   order by d.datname
   limit 200`

/** At most 200 databases; each costs the server a stat() for every file it has. */
export const databaseSizes = defineStateFact<DatabaseSizeRow>({
  id: 'database-sizes',
  title: 'Size of each database on disk',
  scope: 'cluster',
  everyMs: 15 * 60_000,
  variants: [{ since: 140000, sql: DATABASE_SIZES }],
  keyOf: (row) => row.database,
  parse: (raw) => ({ database: text(raw, 'database'), sizeBytes: number(raw, 'size_bytes') }),
  series: [{ name: 'database.size', unit: 'bytes', value: (row) => row.sizeBytes }],
})
