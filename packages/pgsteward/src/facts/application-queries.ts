// Statements as applications sent them, by route, model and place, over ten minutes.

import type { OperationTotals } from '../model/application.ts'
import { defineStoredFact } from '../model/fact.ts'
import { type ApplicationReading, readOperations } from './application-reading.ts'
import { withQueryIds } from './query-ids.ts'

export interface ApplicationQuery extends OperationTotals {
  /** Entries of pg_stat_statements with the same fingerprint; looked up only for those that once took LINKED_FROM_MS or skip rows. */
  readonly queryIds: readonly string[]
}

/** The lowest threshold for a statement that anybody is warned of (S3: 100 ms in the database). */
const LINKED_FROM_MS = 100

export const applicationQueries = defineStoredFact<ApplicationReading<ApplicationQuery>>({
  id: 'application-queries',
  title: 'Statements as applications sent them, by route, model and place, over ten minutes',
  async read(memory, targetId, now) {
    const reading = await readOperations('query', memory, targetId, now)
    const bySlowest = reading.rows.toSorted((a, b) => b.maxMs - a.maxMs)
    const rows = await withQueryIds(
      memory,
      targetId,
      bySlowest,
      (row) => row.maxMs >= LINKED_FROM_MS || row.skippedRows > 0,
    )
    return { ...reading, rows }
  },
})
