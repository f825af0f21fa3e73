// Settings that ALTER ROLE and ALTER DATABASE give to new sessions, over the server's own.

import { defineStateFact } from '../model/fact.ts'
import { text, textOrNull } from './column.ts'

export interface SettingOverrideRow {
  /** Null: for sessions of every role. */
  readonly role: string | null
  /** Null: in every database. */
  readonly database: string | null
  readonly name: string
  readonly value: string
}

export const settingOverrides = defineStateFact<SettingOverrideRow>({
  id: 'setting-overrides',
  title: 'Settings given to roles and databases by ALTER ROLE and ALTER DATABASE',
  scope: 'cluster',
  everyMs: 5 * 60_000,
  variants: [
    {
      since: 140000,
      sql: `
  select r.rolname                                             as role,
         d.datname                                             as database,
         pg_catalog.split_part(c.entry, '=', 1)                as name,
         pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') + 1) as value
    from pg_catalog.pg_db_role_setting s
   cross join lateral pg_catalog.unnest(s.setconfig) c(entry)
    left join pg_catalog.pg_roles r on r.oid = s.setrole
    left join pg_catalog.pg_database d on d.oid = s.setdatabase
   order by d.datname nulls first, r.rolname nulls first, c.entry
   limit 5000`,
    },
  ],
  keyOf: (row) => `${row.database ?? ''}/${row.role ?? ''}/${row.name}`,
  parse: (raw) => ({
    role: textOrNull(raw, 'role'),
    database: textOrNull(raw, 'database'),
    name: text(raw, 'name'),
    value: text(raw, 'value'),
  }),
})
