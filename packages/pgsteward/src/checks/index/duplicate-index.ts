// Two indexes that hold the same: every write pays for both, and no query gains by the second.

import { z } from 'zod'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { size } from '../../model/units.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { dropIndex } from './drop-index.ts'
import { indexContent } from './index-content.ts'

export const duplicateIndex = defineCheck({
  id: 'duplicate-index',
  area: 'index',
  title: 'Index that repeats another',
  needs: { indexes },
  options: z.object({
    minSize: size().prefault('64kB').describe('Eight pages: an index of less costs nothing worth a change.'),
  }),
  run({ indexes }, { minSize }) {
    const comparable = indexes.filter(
      (index) =>
        index.isValid &&
        !index.isBeingBuilt &&
        // an exclusion constraint compares by operators that its index's text doesn't show
        !index.isExclusion &&
        // a partition's index stands and falls with its parent's, which is compared itself
        !index.isPartOfPartitioned,
    )
    const twins = Object.values(Object.groupBy(comparable, indexContent)).map((group) =>
      [...group!].sort(byWorthKeeping),
    )
    return twins.flatMap(([kept, ...others]) =>
      others
        .filter((index) => mayGo(index, kept!) && (index.sizeBytes >= minSize || !index.hasStorage))
        .map((index) => ({
          subject: {
            kind: 'index' as const,
            database: index.database,
            schema: index.schema,
            name: index.name,
          },
          severity: 'warning' as const,
          summary: `Index ${index.name} on ${index.table} repeats ${kept!.name}`,
          evidence: [
            { label: 'repeats', value: kept!.definition, unit: 'text' as const },
            { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
            { label: 'scans', value: index.scansSinceReset, unit: 'count' as const },
            { label: 'scans of the one to keep', value: kept!.scansSinceReset, unit: 'count' as const },
          ],
          remedy: remedyFor(index, kept!),
        })),
    )
  },
})

/** What can't be dropped first, then what enforces more, then what is used more. */
function byWorthKeeping(a: IndexRow, b: IndexRow): number {
  const rank = (index: IndexRow) =>
    (isFixed(index) ? 8 : 0) +
    (index.isPrimary ? 4 : 0) +
    (index.constraintDefinition !== null ? 2 : 0) +
    (index.isUnique ? 1 : 0)
  return rank(b) - rank(a) || b.scansSinceReset - a.scansSinceReset || a.name.localeCompare(b.name)
}

function isFixed(index: IndexRow): boolean {
  return (
    index.isPrimary ||
    index.referencedBy > 0 ||
    index.isReplicaIdentity ||
    index.isClustered ||
    index.extension !== null
  )
}

/** A unique index may go only where the other enforces the same rule at the same moment. */
function mayGo(index: IndexRow, kept: IndexRow): boolean {
  if (isFixed(index)) return false
  return !index.isUnique || (kept.isUnique && ruleOf(kept) === ruleOf(index))
}

function ruleOf(index: IndexRow): string {
  const nulls = index.definition.includes(' NULLS NOT DISTINCT')
  return `${nulls} ${/ DEFERRABLE.*/.exec(index.constraintDefinition ?? '')?.[0] ?? ''}`
}

function remedyFor(index: IndexRow, kept: IndexRow): Remedy {
  const caution = `${kept.name} answers the same queries. Code may name an index in hints or in ON CONFLICT ON CONSTRAINT.`
  if (index.constraintDefinition === null) return dropIndex(index, caution)
  const table = qualified(index.schema, index.table)
  const name = ident(index.name)
  return {
    sql: [`alter table ${table} drop constraint if exists ${name}`],
    undo: [`alter table ${table} add constraint ${name} ${index.constraintDefinition}`],
    lock: 'access exclusive',
    caution: `${caution} A constraint's index goes with the constraint, under a moment's exclusive lock; adding it again locks the table while it builds.`,
  }
}
