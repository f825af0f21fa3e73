// What makes two indexes answer the same: everything but their names, sizes and rules.

import type { IndexRow } from '../../facts/indexes.ts'

/** Fill factor and the like left out: they change how the entries lie, not what they answer. */
export function indexContent(index: IndexRow): string {
  const { schema, table, method, keySignatures, includeColumns, predicate, hasStorage } = index
  return JSON.stringify([
    schema,
    table,
    method,
    keySignatures,
    [...includeColumns].sort(),
    predicate,
    hasStorage,
  ])
}
