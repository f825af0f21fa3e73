// Migration files as projects keep them: a file, a folder of .sql files, or Prisma's folders of migration.sql; in the order in which
// they are applied.

import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StewardError } from '../model/error.ts'
import type { Runner } from '../model/review.ts'

export interface MigrationText {
  /** Folder or file name, by which it is ordered and recorded. */
  readonly name: string
  readonly path: string
  readonly text: string
}

export interface FoundMigrations {
  readonly texts: readonly MigrationText[]
  /** Who would run them, as far as the folder tells. */
  readonly runner: Runner
}

/** Throws 'usage' when there is nothing to read. Files that undo (`down.sql`, `x.down.sql`, Flyway's `U1__x.sql`) are left out. */
export async function readMigrationFiles(path: string): Promise<FoundMigrations> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (cause) => {
      throw unreadable(path, (cause as Error).message, cause)
    },
  )
  if (!isFolder) {
    const isPrisma = basename(path) === 'migration.sql'
    const name = isPrisma ? basename(dirname(path)) : basename(path)
    return { texts: [await textOf(name, path)], runner: isPrisma ? 'prisma' : runnerOf(path) }
  }
  const entries = (await readdir(path, { withFileTypes: true })).toSorted((one, other) =>
    naturally(one.name, other.name),
  )
  const texts: MigrationText[] = []
  let isPrisma = entries.some(({ name }) => name === 'migration_lock.toml' || name === 'migration.sql')
  for (const entry of entries) {
    const inside = join(path, entry.name, 'migration.sql')
    if (entry.isDirectory() && (await exists(inside))) {
      isPrisma = true
      texts.push(await textOf(entry.name, inside))
    } else if (entry.isFile() && entry.name === 'migration.sql') {
      texts.push(await textOf(basename(path), join(path, entry.name)))
    } else if (
      entry.isFile() &&
      /\.sql$/i.test(entry.name) &&
      !/(^U\d|(^|[._-])down\.sql$|\.undo\.sql$)/i.test(entry.name)
    ) {
      texts.push(await textOf(entry.name, join(path, entry.name)))
    }
  }
  if (texts.length === 0)
    throw unreadable(
      path,
      'It holds no migration: no .sql file, and no folder with a migration.sql.',
      undefined,
    )
  const isDrizzle = await exists(join(path, 'meta', '_journal.json'))
  return { texts, runner: isPrisma ? 'prisma' : isDrizzle ? 'drizzle' : runnerOf(join(path, texts[0]!.name)) }
}

/** Flyway names its files V1__name.sql. Others leave no trace in a file, and psql runs statement by statement. */
function runnerOf(path: string): Runner {
  return /^V[\d._]+__/.test(basename(path)) ? 'flyway' : 'psql'
}

/** 2 before 10. */
function naturally(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

async function textOf(name: string, path: string): Promise<MigrationText> {
  try {
    return { name, path, text: await readFile(path, 'utf8') }
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause)
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function unreadable(path: string, detail: string, cause: unknown): StewardError {
  return new StewardError('usage', `no migration can be read from ${path}`, {
    detail,
    hint: 'Name a .sql file, a folder of .sql files, or the migrations folder of Prisma.',
    cause,
  })
}
