// The monthly deep dive, index health and query optimization over a quarter that was saved.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { DAY, saveLife, saveMadeDays } from '../../../test/reports/made-days.ts'
import {
  changeApplied,
  changeOpened,
  changeRolledBack,
  madeIncident,
  madeLaunch,
  madeRecord,
} from '../../../test/reports/made-records.ts'
import { madeRun } from '../../../test/store/made-run.ts'
import { BASELINE_FORMAT } from '../../model/baseline.ts'
import type { Report, ReportKind } from '../../model/report.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { loadConfig } from '../config/load-config.ts'
import { indexHealth } from '../index-health/index-health.ts'
import { buildReport, type ReportRequest } from './build-report.ts'

const now = new Date('2026-11-02T06:00:00Z')
const october = new Date('2026-10-01T00:00:00Z')
const day = (days: number) => new Date(october.getTime() + days * DAY)
const index = (name: string) => ({ kind: 'index', database: 'shop', schema: 'public', name }) as const
const remedy = (sql: string) =>
  ({ sql: [sql], undo: null, lock: 'share update exclusive', caution: '' }) as const

let database: TestDatabase
let store: OpenedStore
let config: ReportRequest['config']

const build = (kind: ReportKind) =>
  buildReport({ store, config, kind, targetId: 'shop', timeZone: 'UTC', now })
const blocksOf = ({ sections }: Report, id: string) => sections.find((section) => section.id === id)!.blocks
const figureOf = (report: Report, id: string, label: string) =>
  blocksOf(report, id)
    .flatMap((block) => (block.is === 'figures' ? block.figures : []))
    .find((figure) => figure.label === label)!
const tablesOf = (report: Report, id: string) =>
  blocksOf(report, id).flatMap((block) => (block.is === 'table' ? [block.table] : []))

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  ;({ config } = await loadConfig({ checks: [], cwd: import.meta.dirname, env: {}, flags: {} }))
  await saveMadeDays(store, 'shop', {
    from: day(-61),
    to: day(32),
    stepMs: DAY,
    step: () => ({
      statements: [
        { queryId: '1', calls: 200, meanMs: 6 },
        { queryId: '2', calls: 200, meanMs: 2 },
        { queryId: '3', calls: 400, meanMs: 1 },
      ],
      requests: { count: 20, errors: 0, ms: 20 },
    }),
  })
  await store.saveTexts('shop', new Map([['1', 'select * from orders o']]))
  const query = (queryId: string) => ({ kind: 'query', database: 'shop', queryId }) as const
  await saveLife(store, 'shop', 'heavy-statement', { subject: query('1'), summary: 'Orders are heavy' }, [
    [day(2), 'opened'],
  ])
  await saveLife(
    store,
    'shop',
    'spilling-sort-or-hash',
    { subject: query('2'), summary: 'A sort spills', remedy: remedy('alter role app set work_mem = 1') },
    [[day(2), 'opened']],
  )
  const again = [4, 8, 12].flatMap(
    (at) =>
      [
        [day(at), 'opened'],
        [day(at + 1), 'resolved'],
      ] as const,
  )
  await saveLife(
    store,
    'shop',
    'deadlocks',
    { subject: { kind: 'server' }, summary: 'They lock', area: 'availability' },
    again,
  )
  await saveLife(
    store,
    'shop',
    'unused-index',
    {
      subject: index('orders_note'),
      summary: 'Never used',
      area: 'index',
      evidence: [{ label: 'size', value: 300 * 2 ** 20, unit: 'bytes' }],
      remedy: remedy('drop index concurrently if exists public.orders_note'),
    },
    [[day(20), 'opened']],
  )
  await saveLife(
    store,
    'shop',
    'bloated-index',
    {
      subject: index('orders_at'),
      summary: 'Bloated',
      area: 'index',
      evidence: [
        { label: 'size', value: 100 * 2 ** 20, unit: 'bytes' },
        { label: 'size when rebuilt', value: 60 * 2 ** 20, unit: 'bytes' },
      ],
    },
    [[day(27), 'opened']],
  )
  await store.saveOutcomes(
    'shop',
    [
      { status: 'skipped', checkId: 'missing-index', because: 'no advice was sought' },
      { status: 'quiet', checkId: 'invalid-index' },
    ],
    now,
  )
  const runs = (meanMs: number, from: number) =>
    Array.from({ length: 5 }, (_, at) =>
      madeRun({
        id: `run-${from}-${at}`,
        startedAt: day(from + at),
        meanMs: meanMs + at * 0.1,
        requests: 3_600,
      }),
    )
  const [base, head] = [runs(40, -20), runs(30, 10)]
  for (const run of [...base, ...head]) await store.saveLoadRun(run, now)
  await store.saveBaseline({
    format: BASELINE_FORMAT,
    name: 'main',
    scenario: { id: 'smoke', hash: 'hash-smoke' },
    hostClass: 'host-a',
    status: 'active',
    createdAt: day(-15).toISOString(),
    promoted: null,
    runs: base,
    noise: [],
  })
  const review = {
    happened: 'h',
    impact: 'i',
    rootCause: 'c',
    wentWell: [],
    wentBadly: [],
    actionItems: [{ text: 'an index', owner: 'eve', due: '2026-10-20' }],
  }
  await store.importRecords([
    madeIncident(1, 'shop', day(-10), { acknowledged: 20, resolved: 200 }),
    madeIncident(2, 'shop', day(3), { acknowledged: 5, resolved: 40 }, [day(5), 'reviewed', { review }]),
    // reviewed when the month was over
    madeIncident(3, 'shop', day(20), { acknowledged: 9, resolved: 60 }, [day(31.1), 'reviewed', { review }]),
    madeIncident(4, 'elsewhere', day(20), { acknowledged: 900, resolved: 901 }),
    madeRecord('change', 1, 'shop', [changeOpened(day(1)), changeApplied(day(2)), changeRolledBack(day(4))]),
    madeRecord('change', 2, 'shop', [
      changeOpened(day(1)),
      changeApplied(day(6)),
      changeRolledBack(day(31.1)),
    ]),
    madeRecord('change', 3, 'shop', [changeOpened(day(-9)), changeApplied(day(-8))]),
    madeLaunch(
      1,
      'shop',
      day(10),
      [day(11), day(12), day(30.5)],
      [day(11.5), 'reviewed', { due: 1, note: 'fine' }],
    ),
  ])
}, 60_000)
afterAll(async () => {
  await store.close()
  await database.drop()
})

describe('the monthly deep dive (R1)', () => {
  let report: Report
  beforeAll(async () => {
    report = await build('monthly')
  }, 60_000)

  test('is of October, with the months before beside it', () => {
    expect(report.period).toMatchObject({ label: 'October 2026', from: october.toISOString() })
    const [months] = tablesOf(report, 'months')
    const requests = months!.columns.findIndex(({ label }) => label === 'Requests')
    expect(months!.rows.map(({ cells }) => [cells[0], cells[requests]])).toEqual([
      ['October 2026', 31 * 20],
      ['September 2026', 30 * 20],
      ['August 2026', 31 * 20],
    ])
  })

  test('trends are medians by the week, and go on by a forecast with an interval', () => {
    const size = figureOf(report, 'trends', 'Databases on disk')
    // it grows by a byte a millisecond of a thousand: a week's medians are twelve weeks apart
    expect((size.value as number) - size.was!).toBeCloseTo((12 * 7 * DAY) / 1_000, -4)
    expect(size.note).toMatch(/^In a quarter 1\.\d GB, between /)
    const charts = blocksOf(report, 'trends').flatMap((block) => (block.is === 'chart' ? [block.chart] : []))
    expect(charts[0]!.series[0]!.points).toHaveLength(13)
  })

  test('a baseline whose month is over 10 % faster is to be promoted (V6)', () => {
    const [decisions] = tablesOf(report, 'baselines')
    expect(decisions!.rows).toMatchObject([
      { cells: ['main', 'smoke', 'promote', expect.stringContaining('Over 10 % faster'), 5] },
    ])
  })

  test('capacity is decided by when limits are reached', () => {
    expect(figureOf(report, 'capacity', 'Decision').note).toContain('As of 2026-11-02')
    expect(['keep', 'unknown', 'plan', 'act']).toContain(figureOf(report, 'capacity', 'Decision').value)
  })

  test('what opened three times keeps coming back', () => {
    const [list] = blocksOf(report, 'recurring').flatMap((block) => (block.is === 'list' ? [block] : []))
    expect(list!.items).toMatchObject([{ text: 'They lock.', detail: 'Opened 3 times.' }])
  })

  test('how well the practice went, as it stood when the month ended, beside the months before', () => {
    const of = (label: string) => figureOf(report, 'practice', label)
    const minutes = (count: number) => count * 60_000
    expect(of('Incidents')).toMatchObject({ value: 2, was: 1, link: expect.stringMatching(/^\/incidents\?/) })
    expect(of('Time to recover')).toMatchObject({ value: minutes(50), was: minutes(200) })
    expect(of('Time to recover').note).toBe('Median of 2; 90 % within 58 min.')
    expect(of('Incidents reviewed')).toMatchObject({ value: 0.5, note: '1 of 2.', was: 0 })
    expect(of('Action items done')).toMatchObject({ value: 0, note: '0 of 1.', was: null })
    // rolled back in November, the second had held until then
    expect(of('Changes that held')).toMatchObject({ value: 0.5, note: '1 of 2.', was: 1 })
    // the third may still be done on time
    expect(of('Launch reviews done')).toMatchObject({ value: 0.5, note: '1 of 2.' })
    expect(of('Space freed')).toMatchObject({ value: null, note: 'No optimization was completed.' })
    expect(of('Time to mitigate')).toMatchObject({ value: null, note: 'None is known.' })
    const [months] = tablesOf(report, 'practice')
    expect(months!.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
      ['October 2026', 2],
      ['September 2026', 1],
      ['August 2026', 0],
      ['July 2026', 0],
    ])
  })

  test('the roadmap ranks what is measured by value and effort', () => {
    const [ranked] = tablesOf(report, 'roadmap')
    expect(ranked!.rows.map(({ cells }) => cells.slice(0, 4))).toEqual([
      ['A sort spills', expect.closeTo(0.2, 6), 1, expect.closeTo(0.2, 6)],
      ['Orders are heavy', expect.closeTo(0.6, 6), 5, expect.closeTo(0.12, 6)],
    ])
    const [rest] = blocksOf(report, 'roadmap').flatMap((block) => (block.is === 'list' ? [block] : []))
    expect(rest!.items.map(({ text }) => text)).toEqual(['Never used.', 'Bloated.'])
  })
})

test('index health: what each group takes, what would be freed, what could not be judged (R2)', async () => {
  const report = await build('index-health')
  expect(report.period.label).toBe('Week 44 of 2026, 26 October to 1 November 2026')
  expect(figureOf(report, 'summary', 'Unused')).toMatchObject({ value: 1, note: '300 MB would be freed.' })
  expect(figureOf(report, 'summary', 'Bloated')).toMatchObject({ value: 1, note: '40 MB would be freed.' })
  expect(figureOf(report, 'summary', 'Invalid')).toMatchObject({ value: 0, judgement: 'neutral' })
  expect(figureOf(report, 'summary', 'Duplicate and redundant')).toMatchObject({
    value: null,
    note: 'No check could judge this yet.',
  })
  expect(tablesOf(report, 'unused')[0]!.rows[0]!.cells).toEqual([
    'public.orders_note',
    'Never used',
    300 * 2 ** 20,
    300 * 2 ** 20,
    'Remedy: `drop index concurrently if exists public.orders_note`.',
  ])
  expect(blocksOf(report, 'not-judged')[0]).toMatchObject({ items: [{ detail: 'no advice was sought' }] })
})

test('index health: the report says what the datum says (R2)', async () => {
  const report = await build('index-health')
  const datum = await indexHealth(store, 'shop', {
    from: new Date(report.period.from),
    to: new Date(report.period.to),
  })
  expect(figureOf(report, 'summary', 'Would be freed')).toMatchObject({
    value: datum.freedBytes,
    note: 'Of 2, each counted once.',
  })
  expect(datum.freedBytes).toBe(340 * 2 ** 20)
  const counts = ['invalid', 'unused', 'redundant', 'unused-columns', 'bloated', 'missing'].map(
    (id) => tablesOf(report, id)[0]!.rows.length,
  )
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(
    datum.faults.reduce((sum, { count }) => sum + count, 0),
  )
})

test('query optimization: advice by kind and cost, the heaviest statements (R2)', async () => {
  const report = await build('optimization')
  const [heaviest] = tablesOf(report, 'summary')
  expect(heaviest!.rows.map(({ cells }) => cells.slice(0, 4))).toEqual([
    ['select * from orders o', expect.closeTo(0.6, 6), 6_200, expect.closeTo(6, 6)],
    ['query 2', expect.closeTo(0.2, 6), 6_200, expect.closeTo(2, 6)],
    ['query 3', expect.closeTo(0.2, 6), 12_400, expect.closeTo(1, 6)],
  ])
  const [kinds, advice] = tablesOf(report, 'advice')
  expect(kinds!.rows.map(({ cells }) => cells.slice(1))).toEqual([
    [1, expect.closeTo(0.6, 6)],
    [1, expect.closeTo(0.2, 6)],
  ])
  expect(advice!.rows.map(({ cells }) => cells[0])).toEqual(['Orders are heavy', 'A sort spills'])
})
