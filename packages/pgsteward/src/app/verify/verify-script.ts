// verify-indices.sql, the ten queries that the package ships for psql, with a project's own indexes filled in.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { DeclaredIndex } from '../../prisma/declared-index.ts'
import { type DeclaredSource, readDeclaredIndexes } from './declared-indexes.ts'

// the same from src/app and from dist/app
const SCRIPT = fileURLToPath(new URL('../../../sql/verify-indices.sql', import.meta.url))

/** Between the two dollar quotes. */
const LIST = /(\$declared\$\n)\[\](\n\$declared\$)/

/** null: the file as it is, with an empty list. */
export async function verifyScript(source: DeclaredSource | null): Promise<string> {
  const script = await readFile(SCRIPT, 'utf8')
  if (source === null) return script
  const { indexes } = await readDeclaredIndexes(source)
  const list = indexes.map((index) => `  ${JSON.stringify(entryOf(index))}`).join(',\n')
  return script.replace(LIST, (_, before: string, after: string) => `${before}[\n${list}\n]${after}`)
}

function entryOf({ schema, table, name, keys, isUnique }: DeclaredIndex): Readonly<Record<string, unknown>> {
  return {
    ...(schema === null ? {} : { schema }),
    table,
    name,
    // as pg_get_indexdef writes a key; how it writes an expression is its own matter, so the name alone has to do
    ...(keys.some(({ column }) => column === null) ? {} : { keys: keys.map(({ sql }) => sql) }),
    ...(isUnique ? { unique: true } : {}),
  }
}
