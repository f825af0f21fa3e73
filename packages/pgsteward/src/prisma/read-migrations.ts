// A folder of migrations as texts in the order in which they are applied: Prisma's folders with a migration.sql, or plain .sql files.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../model/error.ts'

export interface MigrationFile {
  /** The folder's name, or the file's without .sql. */
  readonly name: string
  /** Below the folder: `20260601080000_x/migration.sql`. */
  readonly path: string
  readonly sql: string
}

/** Throws 'usage' where the folder can't be read or holds no migration. Files that undo (`down.sql`, `x.down.sql`) are left out. */
export async function readMigrations(dir: string): Promise<readonly MigrationFile[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause) => {
    throw new StewardError('usage', `the migrations in ${dir} cannot be read`, {
      detail: (cause as Error).message,
      hint: 'Give a folder that holds NAME/migration.sql (Prisma) or .sql files.',
      cause,
    })
  })
  const found: MigrationFile[] = []
  for (const entry of entries) {
    const path = entry.isDirectory() ? `${entry.name}/migration.sql` : entry.name
    if (!/\.sql$/i.test(path) || /(^|[._-])down\.sql$/i.test(path)) continue
    const sql = await readFile(join(dir, path), 'utf8').catch(() => null)
    if (sql !== null) found.push({ name: entry.name.replace(/\.sql$/i, ''), path, sql })
  }
  if (found.length === 0)
    throw new StewardError('usage', `${dir} holds no migration`, {
      hint: 'Give a folder that holds NAME/migration.sql (Prisma) or .sql files.',
    })
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}
