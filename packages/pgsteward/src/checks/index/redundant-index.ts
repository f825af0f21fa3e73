// An index whose columns are the first ones of a longer index, which can answer the same queries.

import { z } from 'zod'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { dropIndex, isNeededUnscanned } from './drop-index.ts'

export const redundantIndex = defineCheck({
  id: 'redundant-index',
  area: 'index',
  title: 'Index that is the beginning of another',
  needs: { indexes },
  options: z.object({
    minSize: size().prefault('1MB').describe('Below this an index costs less to keep than to discuss.'),
    muchSmaller: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'At less than half the size of the longer index a scanned one may be worth its writes: it stays in the cache where the longer one does not.',
      ),
  }),
  run({ indexes }, { minSize, muchSmaller }) {
    const byTable = Object.groupBy(indexes, (index) => `${index.schema}.${index.table}`)
    return Object.values(byTable).flatMap((siblings) =>
      siblings!.flatMap((index) => {
        if (index.sizeBytes < minSize && index.hasStorage) return []
        const longer = siblings!
          .filter((other) => covers(other, index))
          .sort((a, b) => a.sizeBytes - b.sizeBytes || a.name.localeCompare(b.name))[0]
        if (longer === undefined) return []
        const isMuchSmaller = index.sizeBytes < muchSmaller * longer.sizeBytes && index.scansSinceReset > 0
        return [
          {
            subject: {
              kind: 'index' as const,
              database: index.database,
              schema: index.schema,
              name: index.name,
            },
            severity: isMuchSmaller ? ('info' as const) : ('warning' as const),
            summary: `Index ${index.name} on ${index.table} is the beginning of ${longer.name}`,
            evidence: [
              { label: 'covered by', value: longer.definition, unit: 'text' as const },
              { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
              { label: 'size of the longer index', value: longer.sizeBytes, unit: 'bytes' as const },
              { label: 'scans', value: index.scansSinceReset, unit: 'count' as const },
            ],
            remedy: dropIndex(
              index,
              isMuchSmaller
                ? `${longer.name} answers the same queries, but is much larger: compare the slowest of them before and after.`
                : `${longer.name} answers the same queries.`,
            ),
          },
        ]
      }),
    )
  },
})

/** Equal keys with fewer INCLUDE columns count; an exact repetition is the duplicate-index check's. */
function covers(longer: IndexRow, index: IndexRow): boolean {
  if (longer === index || isNeededUnscanned(index)) return false
  if (index.method !== 'btree' || longer.method !== 'btree') return false
  const isUsable = [index, longer].every(
    (each) => each.isValid && !each.isBeingBuilt && !each.isPartOfPartitioned,
  )
  if (!isUsable || longer.predicate !== index.predicate || longer.hasStorage !== index.hasStorage)
    return false
  const isBeginning = index.keySignatures.every((key, i) => key === longer.keySignatures[i])
  const held = new Set([...longer.keyColumns, ...longer.includeColumns])
  const isContained = index.includeColumns.every((column) => held.has(column))
  const isLonger =
    longer.keySignatures.length > index.keySignatures.length ||
    longer.includeColumns.length > index.includeColumns.length
  return isBeginning && isContained && isLonger
}
