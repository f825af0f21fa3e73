// The store's migrations, read from the .sql files beside this file (the build copies them to dist).

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from '../postgres/migrate.ts'

export const STORE_SCHEMA = 'pgsteward'

export function storeMigrations(): readonly Migration[] {
  const folder = join(import.meta.dirname, 'migrations')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file, index) => {
      const revision = Number(file.split('-')[0])
      if (revision !== index + 1) throw new Error(`migration ${file} is not number ${index + 1}`)
      return { revision, file, sql: readFileSync(join(folder, file), 'utf8') }
    })
}
