// Knex on node-postgres needs nothing: its statements are seen by the patched pg. `watchKnex(knex)` adds what pg can't know: the table
// as model and Knex's own word for what is done (`first`, `pluck`, `del`), for statistics by model and action.

import { getRecorder } from '../current-recorder.ts'
import { tellOperation } from './tell-operation.ts'

interface KnexQuery {
  readonly sql?: unknown
  readonly method?: unknown
}

/** As far as it is used here. */
export interface KnexEvents {
  on(event: 'query', listener: (query: KnexQuery) => void): unknown
  removeListener(event: 'query', listener: (query: KnexQuery) => void): unknown
}

/** Knex tells right before it sends, in the same go. Returns what undoes it. */
export function watchKnex(knex: KnexEvents): () => void {
  const listener = ({ sql, method }: KnexQuery) => {
    if (typeof sql !== 'string' || getRecorder() === null) return
    if (typeof method === 'string' && method !== 'raw') tellOperation(sql, method)
    else tellOperation(sql)
  }
  knex.on('query', listener)
  return () => {
    knex.removeListener('query', listener)
  }
}
