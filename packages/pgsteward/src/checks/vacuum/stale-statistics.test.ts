import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import { tableRow } from '../../../test/rows.ts'
import { staleStatistics } from './stale-statistics.ts'

/** An automatic analyze of parcel is due from 100,050 changes; the last was an hour ago. */
const quiet = {
  'no changes': {},
  'an analyze being due, not late': { modifiedSinceAnalyze: 190_000 },
  'a queue between two visits': {
    rows: 500,
    analyzeThreshold: 100,
    modifiedSinceAnalyze: 50_000,
    lastAnalyzeAt: ago(120_000),
  },
  'a small table': { rows: 2000, analyzeThreshold: 250, modifiedSinceAnalyze: 9_000 },
  'a partitioned table, which counts no changes': {
    kind: 'partitioned table' as const,
    reltuples: null,
    lastAnalyzeAt: null,
  },
  'a foreign table': { kind: 'foreign table' as const, reltuples: null, lastAnalyzeAt: null },
  'a table of some rows, never analyzed': { rows: 9_000, reltuples: null, lastAnalyzeAt: null },
  'a table analyzed before its statistics were reset': { lastAnalyzeAt: null },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(staleStatistics, { tables: [tableRow(over)] })).toEqual([])
})

const finds = {
  'twice the changes that an analyze waits for': { modifiedSinceAnalyze: 210_000 },
  'a table that changed by half under a threshold of its own': {
    analyzeThreshold: 100_000_000,
    modifiedSinceAnalyze: 600_000,
  },
  'a table that was never analyzed': { reltuples: null, lastAnalyzeAt: null },
  'a queue that is never visited': { rows: 500, analyzeThreshold: 100, modifiedSinceAnalyze: 50_000 },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(staleStatistics, { tables: [tableRow(over)] })).toMatchObject([
    {
      subject: { kind: 'table', name: 'parcel' },
      severity: 'warning',
      remedy: { sql: ['analyze public.parcel'], undo: null },
    },
  ])
})
