import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { indexDensityRow } from '../../../test/rows.ts'
import { describeRule } from '../../../test/rule-series.ts'
import { bloatedIndex } from './bloated-index.ts'

const quiet = {
  'a fresh index': {},
  'one settled under inserts in random order': { leafDensity: 0.69 },
  'one a little emptier than that': { leafDensity: 0.62 },
  'one that keeps room on purpose': { leafDensity: 0.5, fillfactor: 0.5 },
  'a small one': { leafDensity: 0.2, leafPages: 1000 },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(bloatedIndex, { indexDensities: [indexDensityRow(over)] })).toEqual([])
})

const finds = {
  'leaves that are emptier than they would become again': { over: { leafDensity: 0.57 }, severity: 'info' },
  'leaves that are half empty': { over: { leafDensity: 0.45 }, severity: 'warning' },
  'full leaves between empty pages': { over: { emptyPages: 12_800 }, severity: 'warning' },
  'an index without an entry': { over: { leafDensity: 0 }, severity: 'warning' },
}

test.each(Object.entries(finds))('finds %s', (_, { over, severity }) => {
  expect(judge(bloatedIndex, { indexDensities: [indexDensityRow(over)] })).toMatchObject([
    {
      subject: { kind: 'index', name: 'parcel_weight_idx' },
      severity,
      remedy: { sql: ['reindex index concurrently public.parcel_weight_idx'], undo: null },
    },
  ])
})

// nearly all pages are leaves, so the share that is freed follows their density
describeRule(bloatedIndex, {
  facts: (share) => ({ indexDensities: [indexDensityRow({ leafDensity: 0.69 * (1 - share) })] }),
  fires: 0.21,
  between: 0.14,
  calm: 0.12,
})
