import { expect, test } from 'vitest'
import { runRow, seriesRow } from '../../test/gate/runs.ts'
import type { LoadRun } from '../model/load-run.ts'
import { compareRuns } from './compare-runs.ts'
import { validityOf } from './validity.ts'

const row = runRow()
const postgres = (megabytes: number) => ({
  ...row.environment,
  postgres: {
    versionNum: 180_000,
    settingsHash: 'a',
    settings: {},
    schemaHash: 'b',
    dataBytes: megabytes * 1024 ** 2,
  },
})

test.each<[string, Partial<LoadRun>, Partial<LoadRun>]>([
  ['other-scenario', {}, { scenario: { ...row.scenario, hash: 'changed' } }],
  ['other-model', {}, { scenario: { ...row.scenario, model: 'closed' } }],
  ['other-engine', {}, { engine: { name: 'k6', version: '2.2.0' } }],
  ['other-scale', {}, { scenario: { ...row.scenario, loadScale: 2 } }],
  ['other-host-class', {}, { environment: { ...row.environment, hostClass: 'host-2' } }],
  ['other-data', { environment: postgres(1_000) }, { environment: postgres(3_000) }],
  ['no-common-series', {}, { series: [seriesRow({ name: 'GET /other' })] }],
  ['no-histogram', {}, { series: [seriesRow({ hasHistogram: false })] }],
  ['dropped-arrivals', {}, { invalid: [{ reason: 'dropped-arrivals', detail: '3 of 100 dropped' }] }],
  ['generator-starved', { invalid: [{ reason: 'generator-starved', detail: 'busy' }] }, {}],
  ['interrupted', {}, { ended: 'interrupted' }],
  ['target-lost', {}, { ended: 'target-lost' }],
])('%s: the runs are not compared', (reason, base, head) => {
  const comparison = compareRuns([runRow(base)], [runRow(head)])
  expect(comparison.verdict).toBe('invalid')
  expect(comparison.invalid.map((each) => each.reason)).toEqual([reason])
  expect(comparison.summary).toContain(comparison.invalid[0]!.detail)
  expect(comparison.series).toEqual([])
})

test.each<[string, Partial<LoadRun>]>([
  ['growth by the run itself', { environment: postgres(1_050) }],
  ['a threshold that ended the run', { ended: 'threshold', environment: postgres(1_000) }],
])('%s does not matter', (_name, head) => {
  expect(validityOf([runRow({ environment: postgres(1_000) })], [runRow(head)]).invalid).toEqual([])
})

test('runs of unknown hosts are compared with a note, and so are other versions of Node', () => {
  const unknown = { ...row.environment, hostClass: 'unknown', node: '20.0.0' }
  const { invalid, notes } = validityOf([runRow()], [runRow({ environment: unknown })])
  expect(invalid).toEqual([])
  expect(notes.join(' ')).toMatch(/not known.*Node differs: base 24\.0\.0, head 20\.0\.0/)
})

test('a head that fails too many requests is a failure, not an invalid run', () => {
  const invalid = [{ reason: 'too-many-errors' as const, detail: '9 % failed' }]
  const failing = () => runRow({ invalid, series: [seriesRow({ count: 2_000, errors: 180 })] })
  const comparison = compareRuns([runRow(), runRow(), runRow()], [failing(), failing(), failing()])
  expect(comparison).toMatchObject({ verdict: 'fail', invalid: [], series: [] })
  expect(comparison.errors).toMatchObject([{ name: 'all', headRatio: 0.09, verdict: 'fail' }])
  expect(compareRuns([failing()], [failing()]).verdict).toBe('invalid')
})
