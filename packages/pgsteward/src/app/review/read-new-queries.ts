// The queries that a pull request brings: files of SQL, each statement new to production, named by its place or by a comment before it.

import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { WorkloadStatement } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import { splitScript } from '../../sql/parse/split-script.ts'

/** A file, or every .sql file below a folder. Once a minute each: nobody knows yet. Throws 'workload-invalid'. */
export async function readNewQueries(path: string): Promise<readonly WorkloadStatement[]> {
  try {
    const isFolder = (await stat(path)).isDirectory()
    const files = isFolder
      ? (await readdir(path, { recursive: true })).filter((name) => /\.sql$/i.test(name)).toSorted()
      : [null]
    const statements: WorkloadStatement[] = []
    for (const name of files)
      statements.push(
        ...queriesOf(await readFile(name === null ? path : join(path, name), 'utf8'), name ?? basename(path)),
      )
    return statements
  } catch (cause) {
    throw new StewardError('workload-invalid', `the queries ${path} cannot be read`, {
      detail: (cause as Error).message,
      hint: 'Name a file of SQL statements, or a folder of such files.',
      cause,
    })
  }
}

/** `-- name: inbox` on a line before a statement names it, as sqlc and others write it. */
function queriesOf(text: string, file: string): readonly WorkloadStatement[] {
  const lines = text.split('\n')
  return splitScript(text).map(({ sql, line }) => {
    const named = lines
      .slice(0, line - 1)
      .toReversed()
      .find((each) => !/^\s*$/.test(each))
    const name = /^\s*--\s*(?:@?name:?)\s+([\w.-]+)/i.exec(named ?? '')?.[1]
    return { id: name ?? `${file}:${line}`, sql, callsPerMinute: 1, variants: [], rowsPerCall: null }
  })
}
