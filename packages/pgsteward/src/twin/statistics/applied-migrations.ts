// The names of the migrations that a database has, from the table of the tool that applied them.

import type { Session } from '../../postgres/connect.ts'
import { ident, literal } from '../../sql/quote.ts'

interface Ledger {
  readonly table: string
  /** Columns that tell it from another table of that name. */
  readonly columns: readonly string[]
  /** SQL over its columns. */
  readonly name: string
  readonly where: string
}

/** Prisma, Knex, node-pg-migrate, Flyway. Drizzle records hashes, which say nothing without its journal. */
const LEDGERS: readonly Ledger[] = [
  {
    table: '_prisma_migrations',
    columns: ['migration_name', 'finished_at', 'rolled_back_at'],
    name: 'migration_name',
    where: 'finished_at is not null and rolled_back_at is null',
  },
  { table: 'knex_migrations', columns: ['name', 'batch'], name: 'name', where: 'true' },
  { table: 'pgmigrations', columns: ['name', 'run_on'], name: 'name', where: 'true' },
  { table: 'flyway_schema_history', columns: ['script', 'success'], name: 'script', where: 'success' },
]

/** Two queries at most. Null: no such table is there, or the role may not read it. */
export async function readAppliedMigrations(session: Session): Promise<string[] | null> {
  const names = LEDGERS.map(({ table }) => literal(table)).join(', ')
  const { rows } = await session.query(
    'twin',
    `select n.nspname as schema, c.relname as name,
            array(select a.attname::text from pg_catalog.pg_attribute a
                   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relname in (${names})
        and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
      order by n.nspname = 'public' desc, n.nspname, c.relname
      limit 20`,
  )
  for (const row of rows) {
    const ledger = LEDGERS.find(({ table }) => table === row.name)
    const columns = row.columns as string[]
    if (ledger === undefined || !ledger.columns.every((each) => columns.includes(each))) continue
    const found = await session.query(
      'twin',
      `select l.${ident(ledger.name)}::text as name from ${ident(String(row.schema))}.${ident(ledger.table)} l
        where ${ledger.where} order by 1 limit 10000`,
    )
    return found.rows.map((each) => String(each.name))
  }
  return null
}
