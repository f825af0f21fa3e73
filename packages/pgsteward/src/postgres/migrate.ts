// Brings a schema to the code's revision: numbered .sql files, forward only, one process at a time.

import { StewardError } from '../model/error.ts'

export interface Migration {
  /** Counts from 1 without gaps; the number in the file's name. */
  readonly revision: number
  readonly file: string
  readonly sql: string
}

interface Sql {
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>
}

interface Database extends Sql {
  readonly transaction: <T>(run: (tx: Sql) => Promise<T>) => Promise<T>
}

/** Any constant will do, as long as nobody else's program uses it: the letters of 'pgsteward' as a number. */
const ADVISORY_LOCK = 7_047_731

/**
 * Runs what is missing, each file in a transaction of its own, and returns the files that ran. Throws 'store-newer' when the
 * database knows revisions that the code does not, 'store-migration' naming file and cause.
 */
export async function migrate(
  database: Database,
  schema: string,
  migrations: readonly Migration[],
  lockTimeoutMs = 30_000,
): Promise<readonly string[]> {
  const newest = migrations.at(-1)?.revision ?? 0
  const ran: string[] = []
  // Most starts have nothing to do, and a role without create on the database can do that nothing.
  const current = await revisionOf(database, schema)
  if (current > newest) throw tooNew(current, newest)
  if (current === newest) return ran
  for (const migration of migrations) {
    if (migration.revision <= current) continue
    const hasRun = await database
      .transaction((tx) => run(tx, schema, migration, newest, lockTimeoutMs))
      .catch((error) => {
        throw error instanceof StewardError ? error : failed(migration, error)
      })
    if (hasRun) ran.push(migration.file)
  }
  return ran
}

/** 0: nothing was ever migrated. */
export async function revisionOf(sql: Sql, schema: string): Promise<number> {
  const [found] = await sql.query<{ exists: boolean }>(
    'select pg_catalog.to_regclass($1) is not null as exists',
    [`${schema}.revision`],
  )
  if (found?.exists !== true) return 0
  const [row] = await sql.query<{ revision: number }>(
    `select coalesce(max(r.revision), 0) as revision from ${schema}.revision r`,
  )
  return row?.revision ?? 0
}

async function run(
  tx: Sql,
  schema: string,
  migration: Migration,
  newest: number,
  lockTimeoutMs: number,
): Promise<boolean> {
  await tx.query(`set local lock_timeout = ${Math.round(lockTimeoutMs)}`)
  // released at the end of the transaction, whatever that is
  await tx.query('select pg_catalog.pg_advisory_xact_lock($1)', [ADVISORY_LOCK])
  await tx.query(`create schema if not exists ${schema}`)
  await tx.query(`create table if not exists ${schema}.revision (
    revision int primary key, file text not null, ran_at timestamptz not null default now())`)
  // another process may have run it while we waited for the lock
  const reached = await revisionOf(tx, schema)
  if (reached > newest) throw tooNew(reached, newest)
  if (reached >= migration.revision) return false
  // recorded first: should the lock ever fail us, the second process collides here and not in the middle
  await tx.query(`insert into ${schema}.revision (revision, file) values ($1, $2)`, [
    migration.revision,
    migration.file,
  ])
  await tx.query(migration.sql)
  return true
}

function tooNew(found: number, known: number): StewardError {
  return new StewardError('store-newer', `the store is at revision ${found}, this pgsteward knows ${known}`, {
    detail: 'A newer pgsteward has changed its tables; writing to them now could damage what it stored.',
    hint: 'Run the newer pgsteward again, or give this one a store of its own.',
  })
}

function failed(migration: Migration, cause: unknown): StewardError {
  const { code, message } = cause as { code?: string; message?: string }
  const hint =
    code === '42501'
      ? 'The role must be able to create a schema in the store database: grant create on database ... to ...;'
      : code === '55P03'
        ? 'Another session holds a lock on the store; end it, or try again later.'
        : 'Nothing of this file was kept. Please report it with the detail above.'
  return new StewardError(
    'store-migration',
    `migration ${migration.file} failed: ${message ?? String(cause)}`,
    {
      ...(code === undefined ? {} : { detail: `PostgreSQL said ${code}.` }),
      hint,
      cause,
    },
  )
}
