// An index that CREATE or REINDEX CONCURRENTLY left unfinished: every write maintains it, no query uses it.

import { z } from 'zod'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { qualified } from '../../sql/quote.ts'
import { dropIndex } from './drop-index.ts'

export const invalidIndex = defineCheck({
  id: 'invalid-index',
  area: 'index',
  title: 'Index that is invalid',
  needs: { indexes },
  options: z.object({}),
  run({ indexes }) {
    return indexes
      .filter(
        (index) =>
          !index.isValid &&
          // under way, not left over
          !index.isBeingBuilt &&
          // a partitioned index is invalid until each partition has its part: step two of the documented way to build one
          index.hasStorage &&
          !index.isPartOfPartitioned &&
          index.extension === null,
      )
      .map((index) => ({
        subject: { kind: 'index' as const, database: index.database, schema: index.schema, name: index.name },
        severity: 'warning' as const,
        summary: `Index ${index.name} on ${index.table} is invalid: writes maintain it, no query can use it`,
        evidence: [
          { label: 'left over by', value: originOf(index), unit: 'text' as const },
          { label: 'definition', value: index.definition, unit: 'text' as const },
          { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
        ],
        remedy: remedyFor(index),
      }))
  },
})

/** REINDEX CONCURRENTLY builds under `_ccnew` and renames the old one to `_ccold` before it drops it; a digit follows where one exists. */
function originOf(index: IndexRow): 'reindex' | 'reindex after the switch' | 'create index' {
  if (/_ccnew\d*$/.test(index.name)) return 'reindex'
  return /_ccold\d*$/.test(index.name) ? 'reindex after the switch' : 'create index'
}

function remedyFor(index: IndexRow): Remedy {
  switch (originOf(index)) {
    case 'reindex':
      return dropIndex(
        index,
        'The index that was to be rebuilt is still there and in use; rebuild it again later.',
      )
    case 'reindex after the switch':
      return dropIndex(index, 'Its rebuilt successor is in use already.')
    case 'create index':
      // a unique index mostly failed for duplicate rows, and would again
      return index.isUnique
        ? dropIndex(
            index,
            'Most likely it failed for duplicate rows: it refuses new duplicates meanwhile, and no longer once dropped. Remove them, then create it again.',
          )
        : {
            sql: [`reindex index concurrently ${qualified(index.schema, index.name)}`],
            // a valid index is what was wanted: there is nothing to take back
            undo: null,
            lock: 'share update exclusive',
            caution:
              'Reads the table twice and waits for running transactions. If it fails again, it leaves one more invalid index behind (_ccnew).',
          }
  }
}
