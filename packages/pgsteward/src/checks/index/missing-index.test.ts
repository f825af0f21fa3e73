import { expect, test } from 'vitest'
import { adviceReport, adviceRun, advisedIndex, servedStatement } from '../../../test/advice-rows.ts'
import { judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import type { AdviceRun } from '../../model/advice-run.ts'
import { missingIndex } from './missing-index.ts'

const given = (run: AdviceRun, rows: Parameters<typeof indexRow>[0][] = []) => ({
  advice: { done: run, latest: run },
  indexes: rows.map((row) => indexRow(row)),
})

const busyFor = (ms: number) =>
  adviceRun([advisedIndex()], {
    workload: { source: 'history', statements: 1, from: null, to: null, execMsPerMinute: { '77': ms } },
  })

const quiet = {
  'advice of nothing': given(adviceRun([])),
  'a gain that nobody notices': given(adviceRun([advisedIndex({ gainPerMinute: 600 })])),
  'one that exists under its name': given(adviceRun([advisedIndex()]), [{ name: 'parcel_weight_idx' }]),
  'one that exists under another name': given(adviceRun([advisedIndex()]), [{ name: 'by_weight' }]),
  'a partial one, which is another check': given(
    adviceRun([advisedIndex({ definition: '(weight) where weight > 10' })]),
  ),
}
test.each(Object.entries(quiet))('quiet: %s', (_name, facts) => {
  expect(judge(missingIndex, facts)).toEqual([])
})

const finds = {
  'an index that is not there': { facts: given(adviceRun([advisedIndex()])), severity: 'warning' },
  'one whose build failed': {
    facts: given(adviceRun([advisedIndex()]), [{ name: 'parcel_weight_idx', isValid: false }]),
    severity: 'warning',
  },
  'one that is being built': {
    facts: given(adviceRun([advisedIndex()]), [{ name: 'parcel_weight_idx', isBeingBuilt: true }]),
    severity: 'warning',
  },
  'one where only a longer, a unique or another table has the like': {
    facts: given(adviceRun([advisedIndex()]), [
      { name: 'a', keyColumns: ['weight', 'place'] },
      { name: 'b', isUnique: true },
      { name: 'c', table: 'letter' },
    ]),
    severity: 'warning',
  },
  'a small gain': { facts: given(adviceRun([advisedIndex({ gainPerMinute: 6000 })])), severity: 'info' },
  'work that keeps a session busy': { facts: given(busyFor(61_000)), severity: 'critical' },
  'work that keeps half a session busy': { facts: given(busyFor(30_000)), severity: 'warning' },
  "a column whose name holds 'where'": {
    facts: given(adviceRun([advisedIndex({ definition: '("a where b")' })])),
    severity: 'warning',
  },
} as const
test.each(Object.entries(finds))('finds: %s', (_name, { facts, severity }) => {
  expect(judge(missingIndex, facts)).toMatchObject([{ severity }])
})

test('its key stays when the name that is proposed changes', () => {
  const subjects = ['parcel_weight_idx', 'parcel_weight_idx2'].map((name) => {
    const found = judge(missingIndex, given(adviceRun([advisedIndex({ name })])))
    return 'skip' in found ? null : found[0]?.subject
  })
  expect(subjects[0]).toEqual({ kind: 'index', database: 'app', schema: 'public', name: 'parcel (weight)' })
  expect(subjects[1]).toEqual(subjects[0])
})

test('evidence names the statements with their costs, what it costs in turn, and who planned', () => {
  const statements = [...Array(7).keys()].map((number) => servedStatement({ id: String(number) }))
  const run = adviceRun([], {
    report: adviceReport([advisedIndex({ statements })], {
      redundant: [
        {
          schema: 'public',
          table: 'parcel',
          name: 'old_idx',
          sizeBytes: 1,
          because: 'the advised index (weight) starts with the same keys',
          sql: 'drop index concurrently public.old_idx',
        },
      ],
    }),
  })
  const found = judge(missingIndex, given(run))
  expect(found).toMatchObject([
    {
      evidence: expect.arrayContaining([
        {
          label: 'query 0',
          value: 'cost 1,000 to 10, 60 calls a minute: select id from parcel where weight = $1',
          unit: 'text',
        },
        { label: 'further statements served', value: 2, unit: 'count' },
        { label: 'makes superfluous', value: 'old_idx', unit: 'text' },
        { label: 'planned as by the target', value: '98 of 98 statements', unit: 'text' },
      ]),
      remedy: {
        sql: ['create index concurrently if not exists parcel_weight_idx on public.parcel (weight)'],
        undo: ['drop index concurrently if exists public.parcel_weight_idx'],
        lock: 'share update exclusive',
      },
    },
  ])
})

test('without advice it is skipped with the reason, after a failure the advice before stands', () => {
  const failed = adviceRun([], { id: '2', status: 'failed', because: 'it was refused', report: null })
  const facts = (done: AdviceRun | null, latest: AdviceRun | null) => ({
    advice: { done, latest },
    indexes: [],
  })
  expect(judge(missingIndex, facts(null, null))).toEqual({ skip: 'no advice has been sought yet' })
  expect(judge(missingIndex, facts(null, failed))).toEqual({ skip: 'no advice yet: it was refused' })
  expect(judge(missingIndex, facts(adviceRun([advisedIndex()]), failed))).toHaveLength(1)
})
