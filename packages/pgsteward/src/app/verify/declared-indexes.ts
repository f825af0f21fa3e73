// The indexes that a project declares, read from wherever it says so: a Prisma project, a schema, a folder of migrations, a list.

import { readFile } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { Declared } from '../../prisma/declared-index.ts'
import { findPrismaProject } from '../../prisma/find-project.ts'
import { indexList, listedIndexes } from '../../prisma/listed-indexes.ts'
import { mergeDeclared } from '../../prisma/merge-declared.ts'
import { migrationIndexes } from '../../prisma/migration-indexes.ts'
import { type MigrationText, readMigrationFiles } from '../../prisma/read-migration-files.ts'
import { schemaIndexes } from '../../prisma/schema-indexes.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { loadScriptReader } from '../../sql/parse/read-script.ts'

export type DeclaredSource =
  | { readonly kind: 'prisma'; readonly dir: string }
  | { readonly kind: 'schema'; readonly path: string }
  | { readonly kind: 'migrations'; readonly dir: string }
  | { readonly kind: 'list'; readonly path: string }

/** Throws 'usage' where nothing is to be found; what can't be read within is a problem in the answer. */
export async function readDeclaredIndexes(source: DeclaredSource): Promise<Declared> {
  const [parse, readScript] = [await loadParser(), await loadScriptReader()]
  switch (source.kind) {
    case 'prisma': {
      const project = await findPrismaProject(source.dir)
      const schema = schemaIndexes(project.schema, parse)
      if (!project.hasMigrations) return schema
      const migrations = await migrationsBelow(project.migrationsDir, project.dir)
      return mergeDeclared(migrationIndexes(migrations, readScript), schema)
    }
    case 'schema': {
      const { schema } = await findPrismaProject(source.path)
      return schemaIndexes(schema, parse)
    }
    case 'migrations':
      return migrationIndexes(await migrationsBelow(source.dir, source.dir), readScript)
    case 'list': {
      const text = await readFile(source.path, 'utf8').catch((cause) => {
        throw new StewardError('usage', `the list ${source.path} cannot be read`, {
          detail: (cause as Error).message,
          hint: LIST_HINT,
          cause,
        })
      })
      const path = basename(source.path)
      if (!/^\s*[[{]/.test(text)) return migrationIndexes([{ path, text }], readScript)
      const list = indexList(parsedJson(text, source.path))
      if (list === null)
        throw new StewardError('usage', `${source.path} holds no list of indexes`, { hint: LIST_HINT })
      return listedIndexes(list, path, parse, readScript)
    }
  }
}

/** Paths as a reader of the project knows them. */
async function migrationsBelow(dir: string, base: string): Promise<readonly MigrationText[]> {
  const { texts } = await readMigrationFiles(dir)
  return texts.map((each) => ({ ...each, path: relative(base, each.path) }))
}

const LIST_HINT = 'A file of CREATE INDEX statements, or JSON: [{ "table", "columns", "name"?, "where"? }].'

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StewardError('usage', `the list ${path} is not JSON`, {
      detail: (cause as Error).message,
      hint: LIST_HINT,
      cause,
    })
  }
}
