// Extensions that the server can offer, and the version that the connected database has installed of each.

import { defineStateFact } from '../model/fact.ts'
import { text, textOrNull } from './column.ts'

export interface ExtensionRow {
  readonly database: string
  readonly name: string
  /** What CREATE EXTENSION would install. */
  readonly offeredVersion: string
  /** Null: not installed in this database. */
  readonly installedVersion: string | null
}

export const extensions = defineStateFact<ExtensionRow>({
  id: 'extensions',
  title: 'Extensions offered by the server and installed in the database',
  scope: 'database',
  everyMs: 10 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select pg_catalog.current_database()  as database,
         a.name                         as name,
         a.default_version              as offered_version,
         a.installed_version            as installed_version
    from pg_catalog.pg_available_extensions a
   order by a.name
   limit 1000`,
    },
  ],
  keyOf: (row) => row.name,
  parse: (raw) => ({
    database: text(raw, 'database'),
    name: text(raw, 'name'),
    offeredVersion: text(raw, 'offered_version'),
    installedVersion: textOrNull(raw, 'installed_version'),
  }),
})
