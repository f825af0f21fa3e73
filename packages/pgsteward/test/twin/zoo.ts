// The zoo in a database, and its statements.

import { readFileSync } from 'node:fs'
import type { AskedStatement } from '../../src/twin/agreement.ts'
import type { TestDatabase } from '../postgres/database.ts'

const read = (name: string) => readFileSync(new URL(`./zoo/${name}.sql`, import.meta.url), 'utf8')

function statements(text: string): readonly string[] {
  return text
    .replace(/^--.*$/gm, '')
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** Half a million rows in all; seconds. */
export const ZOO_SCHEMA = statements(read('schema'))

export async function fillZoo(database: Pick<TestDatabase, 'run'>): Promise<void> {
  await database.run(...ZOO_SCHEMA)
}

export const ZOO_STATEMENTS: readonly AskedStatement[] = statements(read('queries')).map((sql) => ({
  id: sql.slice(0, 100),
  sql,
  parameters: { kind: /\$\d/.test(sql) ? 'generic' : 'none' },
}))
