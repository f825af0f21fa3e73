// The statements of a workload file as they are to be explained: each with its literals where the file has them.

import { idOf, splitSql } from '../advise/workload.ts'
import type { WorkloadFile } from './read-workload-file.ts'

export interface WorkloadQuery {
  readonly id: string
  readonly sql: string
}

/** What has no text is kept, and fails alone. */
export function workloadQueries(file: WorkloadFile): readonly WorkloadQuery[] {
  if (file.kind === 'sql')
    return splitSql(file.text).map((sql, place) => ({ id: `statement ${place + 1}`, sql }))
  return file.list.map((each, place) => {
    const { sql, template } = (each ?? {}) as { sql?: unknown; template?: unknown }
    return {
      id: idOf(each, place),
      sql: typeof sql === 'string' ? sql : typeof template === 'string' ? template : '',
    }
  })
}
