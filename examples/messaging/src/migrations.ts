// The migrations of prisma/migrations, read for the demo: it applies them around the loading of its data, and leaves the last two
// out. Prisma's own way, `npm run migrate`, ends in the same schema.

import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

export interface Migration {
  /** The folder's name: a time and what it is about. */
  readonly name: string
  readonly sql: string
}

const FOLDER = new URL('../prisma/migrations/', import.meta.url)

/** In the order in which they are applied. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(`${name}/migration.sql`, FOLDER), 'utf8') }))
}

/** The one whose name ends so. */
export function migration(name: string): Migration {
  const found = readMigrations().find((each) => each.name.endsWith(`_${name}`))
  if (found === undefined) throw new Error(`there is no migration "${name}"`)
  return found
}

/** Its statements without comments, one by one: an index that is built concurrently must not share a transaction. */
export function statementsOf({ sql }: Migration): readonly string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** Writes down what was applied as Prisma Migrate does, so that `npm run migrate` continues from there. */
export async function recordMigrations(client: pg.Client, applied: readonly Migration[]): Promise<void> {
  await client.query(`
    create table _prisma_migrations (
      id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
      logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0
    )`)
  for (const { name, sql } of applied)
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       values ($1, $2, now(), $3, 1)`,
      [randomUUID(), createHash('sha256').update(sql).digest('hex'), name],
    )
}
