// The remedy that every surplus index shares: drop it without blocking anyone, and the statement that builds it again.

import type { IndexRow } from '../../facts/indexes.ts'
import type { Remedy } from '../../model/finding.ts'
import { qualified } from '../../sql/quote.ts'

export function dropIndex(index: IndexRow, caution: string): Remedy {
  const name = qualified(index.schema, index.name)
  if (index.hasStorage) {
    return {
      sql: [`drop index concurrently if exists ${name}`],
      undo: [index.definition.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ')],
      lock: 'share update exclusive',
      caution,
    }
  }
  // PostgreSQL knows no CONCURRENTLY for the index of a partitioned table
  return {
    sql: [`drop index if exists ${name}`],
    undo: [index.definition.replace(/ ON ONLY /, ' ON ')],
    lock: 'access exclusive',
    caution: `${caution} The table is partitioned: dropping takes a moment's exclusive lock on all partitions, building again blocks writes.`,
  }
}

/** Indexes that serve without being scanned (they enforce a rule, or identify rows), or that are not the user's to drop. */
export function isNeededUnscanned(index: IndexRow): boolean {
  return (
    index.isUnique ||
    index.isExclusion ||
    index.constraintDefinition !== null ||
    index.referencedBy > 0 ||
    index.isReplicaIdentity ||
    index.isClustered ||
    index.extension !== null
  )
}
