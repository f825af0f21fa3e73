// A B-tree whose pages are emptier than they would become again by themselves: a rebuild frees space that stays free.

import { z } from 'zod'
import { type IndexDensityRow, indexDensities } from '../../facts/index-densities.ts'
import { defineCheck } from '../../model/check.ts'
import { size } from '../../model/units.ts'
import { qualified } from '../../sql/quote.ts'

export const bloatedIndex = defineCheck({
  id: 'bloated-index',
  area: 'index',
  title: 'Index that is mostly air',
  needs: { indexDensities },
  options: z.object({
    notable: z
      .number()
      .default(0.15)
      .describe('Share of the index that a rebuild would free for good, reported as information.'),
    serious: z.number().default(0.2).describe('The same share, reported as a warning.'),
    clear: z
      .number()
      .default(0.13)
      .describe('Open until the share is below: inserts fill and deletes empty a few pages all the time.'),
    settledDensity: z
      .number()
      .min(0.1)
      .max(1)
      .default(0.69)
      .describe(
        'How full the leaves of a healthy B-tree are under inserts in random order (ln 2). What a rebuild packs tighter loosens again, so it does not count as gain.',
      ),
    minGain: size()
      .prefault('10MB')
      .describe('Freeing less is not worth reading the table and writing the index anew.'),
  }),
  run({ indexDensities }, { notable, serious, clear, settledDensity, minGain }) {
    return indexDensities.flatMap((index) => {
      const gainBytes = index.sizeBytes - sizeAt(index, Math.min(settledDensity, index.fillfactor))
      const share = gainBytes / index.sizeBytes
      if (share < Math.min(clear, notable) || gainBytes < minGain) return []
      return [
        {
          subject: {
            kind: 'index' as const,
            database: index.database,
            schema: index.schema,
            name: index.name,
          },
          severity: share >= serious ? ('warning' as const) : ('info' as const),
          summary: `Index ${index.name} on ${index.table} is bloated: a rebuild would shrink it lastingly`,
          evidence: [
            { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
            { label: 'size when rebuilt', value: sizeAt(index, index.fillfactor), unit: 'bytes' as const },
            { label: 'freed for good', value: share, unit: 'ratio' as const },
            { label: 'reported from', value: notable, unit: 'ratio' as const },
            { label: 'leaf density', value: index.leafDensity, unit: 'ratio' as const },
            { label: 'empty pages', value: index.emptyPages, unit: 'count' as const },
          ],
          remedy: {
            sql: [`reindex index concurrently ${qualified(index.schema, index.name)}`],
            // nobody wants the air back
            undo: null,
            lock: 'share update exclusive' as const,
            caution:
              'Needs room for the new index beside the old one and waits for running transactions. If it fails, it leaves an invalid index (_ccnew) to drop.',
          },
          ...(share < notable ? { sustains: true as const } : {}),
        },
      ]
    })
  },
})

/** The same entries on leaves of that density; inner pages shrink alike, the metapage stays. */
function sizeAt(index: IndexDensityRow, density: number): number {
  const leafPages = (index.leafPages * index.leafDensity) / density
  const shrink = index.leafPages === 0 ? 0 : leafPages / index.leafPages
  return Math.round((1 + leafPages + index.internalPages * Math.min(1, shrink)) * index.blockBytes)
}
