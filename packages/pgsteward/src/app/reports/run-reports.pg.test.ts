// Reports of a load run and of a release, from what the store keeps of them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { DAY, HOUR, saveLife, saveMadeDays } from '../../../test/reports/made-days.ts'
import { madeRun } from '../../../test/store/made-run.ts'
import { compareRuns } from '../../gate/compare-runs.ts'
import type { Report } from '../../model/report.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { loadConfig } from '../config/load-config.ts'
import { buildReport, type ReportRequest } from './build-report.ts'

const now = new Date('2026-11-23T12:00:00Z')
/** A Friday. */
const deployedAt = new Date('2026-11-20T12:30:00Z')
let database: TestDatabase
let store: OpenedStore
let config: ReportRequest['config']

const build = (over: Partial<ReportRequest> & Pick<ReportRequest, 'kind'>) =>
  buildReport({ store, config, targetId: 'shop', timeZone: 'UTC', now, ...over })
const blocksOf = ({ sections }: Report, id: string) => sections.find((section) => section.id === id)!.blocks
const figureOf = (report: Report, id: string, label: string) =>
  blocksOf(report, id)
    .flatMap((block) => (block.is === 'figures' ? block.figures : []))
    .find((figure) => figure.label === label)!
const rowsOf = (report: Report, id: string) =>
  blocksOf(report, id).flatMap((block) => (block.is === 'table' ? block.table.rows : []))

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  ;({ config } = await loadConfig({ checks: [], cwd: import.meta.dirname, env: {}, flags: {} }))
  await saveMadeDays(store, 'shop', {
    from: new Date(now.getTime() - 35 * DAY),
    to: now,
    stepMs: 12 * HOUR,
    step: (at) => ({
      statements: [
        { queryId: '1', calls: 500, meanMs: at > deployedAt ? 6 : 4 + (at.getUTCDate() % 3) / 20 },
      ],
      requests: { count: 100, errors: at > deployedAt ? 2 : 0, ms: 50 },
    }),
  })
  await store.saveTargetEvents('shop', [
    {
      at: new Date('2026-11-02T09:00:00Z'),
      kind: 'deployment',
      subject: 'messaging',
      detail: 'version 1.3.0 to 1.4.0',
    },
    { at: deployedAt, kind: 'deployment', subject: 'messaging', detail: 'version 1.4.0 to 1.5.0' },
  ])
  await saveLife(store, 'shop', 'slow-statement', { subject: { kind: 'server' }, summary: 'Slow since' }, [
    [new Date(deployedAt.getTime() + HOUR), 'opened'],
  ])
  const [base, head] = [madeRun({ id: 'base', meanMs: 40 }), madeRun({ id: 'head', meanMs: 80 })]
  for (const run of [base, head]) await store.saveLoadRun(run, now)
  const comparison = compareRuns([base], [head])
  await store.saveComparison(
    { base: 'base', head: 'head', baseIds: ['base'], headIds: ['head'], comparison },
    now,
  )
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

describe('a load run (R2)', () => {
  test('has its figures, endpoints, thresholds and comparisons', async () => {
    const run = madeRun({ id: 'head', meanMs: 80 })
    const report = await build({ kind: 'load', runId: 'head' })
    expect(report).toMatchObject({
      kind: 'load',
      title: 'Load run of smoke, 2026-11-22 12:00',
      coverage: { ratio: 1 },
    })
    expect(figureOf(report, 'figures', 'Requests')).toMatchObject({
      value: 600,
      link: expect.stringContaining('/load/head?'),
    })
    expect(figureOf(report, 'figures', 'Requests a second').value).toBe(10)
    expect(figureOf(report, 'figures', 'p95').value).toBe(run.series[0]!.percentiles.p95Ms)
    const endpoints = rowsOf(report, 'endpoints')
    expect(endpoints.map(({ cells }) => cells[0])).toEqual(
      run.series
        .slice(1)
        .toSorted((a, b) => b.sumMs - a.sumMs)
        .map(({ name }) => name),
    )
    expect(rowsOf(report, 'thresholds')).toMatchObject([
      { cells: ['p95 below 500 ms', 'yes', expect.any(String)] },
    ])
    expect(rowsOf(report, 'comparisons')).toMatchObject([
      { cells: ['2026-11-23 12:00', 'base', expect.any(String), expect.any(String)] },
    ])
    expect(blocksOf(report, 'course')).toMatchObject([
      { is: 'chart', chart: { title: 'Response times', series: { length: 3 } } },
      { is: 'chart' },
    ])
  })

  test('one that there is none of is an error', async () => {
    await expect(build({ kind: 'load', runId: 'gone' })).rejects.toMatchObject({ code: 'load-run-unknown' })
  })
})

describe('a release (R2)', () => {
  test('compares whole days after it with as many before, and with the same hours of the weeks before', async () => {
    const report = await build({ kind: 'release' })
    // from 13:00 to noon three days later are two whole days
    expect(report.period).toMatchObject({
      from: '2026-11-20T13:00:00.000Z',
      to: '2026-11-22T13:00:00.000Z',
      label: 'since 2026-11-20 12:30',
    })
    expect(report.title).toBe('Release of messaging, version 1.4.0 to 1.5.0')
    expect(figureOf(report, 'figures', 'Time a statement').value).toBeCloseTo(6, 6)
    expect(figureOf(report, 'figures', 'Time a statement').was).toBeLessThan(4.2)
    expect(figureOf(report, 'figures', 'Error rate')).toMatchObject({ value: 0.02, was: 0 })
    expect(figureOf(report, 'regressions', 'Time a statement')).toMatchObject({ judgement: 'bad' })
    expect(figureOf(report, 'regressions', 'Error rate')).toMatchObject({ judgement: 'bad', limit: 0.005 })
    expect(figureOf(report, 'regressions', 'Request p95')).toMatchObject({ judgement: 'good' })
    expect(report.status!.level).toBe('red')
    expect(rowsOf(report, 'statements')).toMatchObject([{ link: expect.stringContaining('/statements/1?') }])
    expect(blocksOf(report, 'since')[0]).toMatchObject({ items: [{ text: 'Slow since.' }] })
  })

  test('an earlier version is compared as well, and finds nothing', async () => {
    const report = await build({ kind: 'release', version: '1.4.0' })
    expect(report.period).toMatchObject({ from: '2026-11-02T09:00:00.000Z', to: '2026-11-09T09:00:00.000Z' })
    expect(report.status!.level).not.toBe('red')
  })

  test('of an unknown version it names those that it knows', async () => {
    await expect(build({ kind: 'release', version: '9' })).rejects.toMatchObject({
      code: 'usage',
      hint: 'The latest: version 1.4.0 to 1.5.0; version 1.3.0 to 1.4.0.',
    })
  })
})
