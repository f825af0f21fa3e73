// Reads the statements of a workload file as they are to be explained: each with its literals where the file has them.

import { readFile } from 'node:fs/promises'
import { splitSql } from '../advise/workload.ts'
import { StewardError } from '../model/error.ts'

export interface WorkloadQuery {
  readonly id: string
  readonly sql: string
}

/** JSON `[{ id, sql | template }]` (also under "queries" or "statements"), or SQL. What has no text is kept, and fails alone. */
export async function readWorkloadQueries(path: string): Promise<readonly WorkloadQuery[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new StewardError('workload-invalid', `the workload ${path} cannot be read`, {
      detail: (cause as Error).message,
      hint: 'A JSON file [{ "id", "sql" or "template" }], or a file of SQL statements.',
      cause,
    })
  }
  if (!/^\s*[[{]/.test(text))
    return splitSql(text).map((sql, place) => ({ id: `statement ${place + 1}`, sql }))
  const list = listOf(text, path)
  return list.map((each, place) => {
    const { id, sql, template } = (each ?? {}) as { id?: unknown; sql?: unknown; template?: unknown }
    const written = typeof sql === 'string' ? sql : typeof template === 'string' ? template : ''
    return {
      id: typeof id === 'string' || typeof id === 'number' ? String(id) : `statement ${place + 1}`,
      sql: written,
    }
  })
}

function listOf(text: string, path: string): readonly unknown[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new StewardError('workload-invalid', `the workload ${path} is not JSON`, {
      detail: (cause as Error).message,
      hint: 'A file that starts with [ or { is read as JSON, any other as SQL statements.',
      cause,
    })
  }
  const { queries, statements } = (parsed ?? {}) as { queries?: unknown; statements?: unknown }
  const list = [parsed, queries, statements].find((each) => Array.isArray(each))
  if (list !== undefined) return list as readonly unknown[]
  throw new StewardError('workload-invalid', `the workload ${path} holds no list of statements`, {
    hint: 'Expected: [{ "id", "sql" or "template" }]',
  })
}
