// The statements of a workload file as they are to be explained: each with its literals where the file has them.

import { damageOf, idOf } from '../../advise/workload.ts'
import { splitScript } from '../../sql/parse/split-script.ts'
import type { WorkloadFile } from './read-workload-file.ts'

export interface WorkloadQuery {
  readonly id: string
  readonly sql: string
  /** Why it can't be asked about; null: nothing speaks against it. */
  readonly problem: string | null
}

/** What has no text is kept, and fails alone. */
export function workloadQueries(file: WorkloadFile): readonly WorkloadQuery[] {
  if (file.kind === 'sql')
    return splitScript(file.text).map(({ sql }, place) => ({
      id: `statement ${place + 1}`,
      sql,
      problem: damageOf(sql),
    }))
  return file.list.map((each, place) => {
    const { sql, template } = (each ?? {}) as { sql?: unknown; template?: unknown }
    const text = typeof sql === 'string' ? sql : typeof template === 'string' ? template : ''
    const problem = text.trim() === '' ? 'it has neither sql nor template' : damageOf(text)
    return { id: idOf(each, place), sql: text, problem }
  })
}
