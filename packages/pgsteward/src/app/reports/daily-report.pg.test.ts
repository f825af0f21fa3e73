// Every number of a daily report, worked out again from what was saved; and what a report says of a period with gaps, or of nothing.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alertMessageRow } from '../../../test/notify/alert-rows.ts'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { DAY, HOUR, saveLife, saveMadeDays } from '../../../test/reports/made-days.ts'
import type { Report } from '../../model/report.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { loadConfig } from '../config/load-config.ts'
import { buildReport, type ReportRequest } from './build-report.ts'

const now = new Date('2026-11-23T06:00:00Z')
const begin = new Date('2026-11-22T00:00:00Z')
const STEP = HOUR / 2
const at = (hours: number) => new Date(begin.getTime() + hours * HOUR)
const ORDERS = { kind: 'query', database: 'shop', queryId: '1' } as const

let database: TestDatabase
let store: OpenedStore
let config: ReportRequest['config']

const build = (over: Partial<ReportRequest> = {}) =>
  buildReport({ store, config, kind: 'daily', targetId: 'shop', timeZone: 'UTC', now, ...over })
const figureOf = ({ sections }: Report, label: string) =>
  sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.is === 'figures' ? block.figures : []))
    .find((figure) => figure.label === label)!
const sectionOf = ({ sections }: Report, id: string) => sections.find((section) => section.id === id)!

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  ;({ config } = await loadConfig({ checks: [], cwd: import.meta.dirname, env: {}, flags: {} }))
  // the day before: the same at half the speed, without errors
  await saveMadeDays(store, 'shop', {
    from: at(-24),
    to: at(24),
    stepMs: STEP,
    step: (moment, number) => {
      const isToday = moment > begin
      return {
        statements: [
          { queryId: '1', calls: 100, meanMs: isToday ? 9 : 4 },
          { queryId: '2', calls: 300, meanMs: 1 },
        ],
        requests: { count: 50, errors: isToday ? 1 : 0, ms: isToday ? 80 : 40 },
        queriesMs: [5, 5, 5, 5, 5, 5, 5, 5, 5, isToday ? 700 : 20],
        deliveries: { all: 20, failed: isToday && number % 8 === 0 ? 2 : 0 },
        isUp: number !== 60,
      }
    },
  })
  await saveMadeDays(store, 'gappy', {
    from: at(0),
    to: at(24),
    stepMs: STEP,
    step: (moment) => (moment > at(6) && moment <= at(14) ? null : { statements: [] }),
  })
  await saveMadeDays(store, 'young', {
    from: at(-6),
    to: at(24),
    stepMs: HOUR,
    step: () => ({ requests: { count: 10, errors: 0, ms: 20 } }),
  })
  const slow = {
    subject: ORDERS,
    summary: 'Orders are slow',
    remedy: remedyOf('create index concurrently a on b (c)'),
  }
  await saveLife(store, 'shop', 'slow-statement', slow, [[at(-30), 'opened']])
  await saveLife(
    store,
    'shop',
    'wraparound',
    { subject: { kind: 'server' }, summary: 'It will stop', severity: 'critical' },
    [
      [at(3), 'opened'],
      [at(5), 'resolved'],
    ],
  )
  // after the day
  await saveLife(
    store,
    'shop',
    'deadlocks',
    { subject: { kind: 'server' }, summary: 'Too late', severity: 'critical' },
    [[at(25), 'opened']],
  )
  await store.saveTargetEvents('shop', [
    { at: at(10), kind: 'deployment', subject: 'messaging', detail: 'version 1.0.0 to 1.1.0' },
    { at: at(11), kind: 'statistics', subject: 'public.b', detail: 'analyzed' },
  ])
  await saveAlert()
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

function remedyOf(sql: string) {
  return { sql: [sql], undo: null, lock: 'share update exclusive', caution: '' } as const
}

/** Opens at 3, is acknowledged at 3:10. */
async function saveAlert() {
  const alert = {
    targetId: 'shop',
    findingKey: 'wraparound:server',
    openedAt: at(3),
    severity: 'critical',
    channels: ['chat'],
    silencedBy: null,
    toldAt: at(3),
    acknowledgedUntil: null,
    escalations: 0,
    nextEscalationAt: null,
    resolvedAt: null,
  } as const
  const news = (event: 'opened' | 'acknowledged', actor: string | null) => ({
    event,
    channels: ['chat'],
    actor,
    because: null,
  })
  const message = alertMessageRow({ targetId: 'shop', findingKey: 'wraparound:server' })
  await store.saveAlertSteps(
    [
      {
        after: null,
        alert: { ...alert, state: 'firing', seq: 1, acknowledgedBy: null },
        news: news('opened', null),
        message,
      },
    ],
    at(3),
  )
  const acknowledged = { ...alert, state: 'acknowledged', seq: 2, acknowledgedBy: 'ada' } as const
  await store.saveAlertSteps(
    [{ after: 1, alert: acknowledged, news: news('acknowledged', 'ada'), message: null }],
    new Date(at(3).getTime() + 10 * 60_000),
  )
}

describe('a day that is known whole (R1)', () => {
  let report: Report
  beforeAll(async () => {
    report = await build()
  })

  test('is of the day, and all of it', () => {
    expect(report).toMatchObject({
      kind: 'daily',
      title: 'Daily status of shop',
      period: {
        from: begin.toISOString(),
        to: at(24).toISOString(),
        timeZone: 'UTC',
        label: '22 November 2026',
      },
      coverage: { ratio: 1, gaps: [] },
    })
  })

  test('its figures are sums of what was saved, against the day before', () => {
    const steps = 48
    expect(figureOf(report, 'Requests')).toMatchObject({ value: 50 * steps, was: 50 * steps })
    expect(figureOf(report, 'Error rate')).toMatchObject({
      value: 1 / 50,
      was: 0,
      limit: 0.001,
      judgement: 'bad',
    })
    expect(figureOf(report, 'Messages that arrived')).toMatchObject({
      value: (20 * steps - 2 * 6) / (20 * steps),
      was: 1,
      judgement: 'good',
    })
    expect(figureOf(report, 'Statements')).toMatchObject({ value: 400 * steps })
    expect(figureOf(report, 'Database time').value).toBeCloseTo((100 * 9 + 300) * steps, 3)
    expect(figureOf(report, 'Database time').was).toBeCloseTo((100 * 4 + 300) * steps, 3)
    expect(figureOf(report, 'Time a statement').value).toBeCloseTo(1_200 / 400, 6)
    // a tenth of the statements takes 700 ms: the histogram knows it to a twelfth
    expect(figureOf(report, 'Query p95').value as number).toBeGreaterThan(640)
    expect(figureOf(report, 'Query p95').value as number).toBeLessThanOrEqual(700)
    expect(figureOf(report, 'Uptime of health')).toMatchObject({
      value: (steps - 1) / steps,
      was: 1,
      limit: 0.999,
    })
  })

  test('every figure leads to its evidence, over its time', () => {
    const all = report.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.is === 'figures' ? block.figures : []))
    expect(all.filter(({ link }) => link === null)).toEqual([])
    expect(figureOf(report, 'Requests').link).toBe(
      `/applications?target=shop&from=${begin.getTime() / 1_000}&to=${at(24).getTime() / 1_000}`,
    )
  })

  test('the status names each rule that was broken, and nothing of the day after', () => {
    expect(report.status!.level).toBe('red')
    expect(report.status!.reasons.map(({ text, severity }) => [severity, text])).toEqual([
      ['critical', 'health was down for 30 min: up 97.92 %.'],
      ['warning', 'It will stop.'],
      ['warning', '2 % of the requests failed: 48 of 2,400.'],
      ['warning', expect.stringMatching(/^Every twentieth statement took over 6\d\d ms\.$/)],
    ])
    expect(JSON.stringify(report)).not.toContain('Too late')
  })

  test('what to do has its cost as measured, and its remedy', () => {
    expect(sectionOf(report, 'actions').blocks).toMatchObject([
      {
        items: [
          {
            text: 'Orders are slow.',
            detail: '75 % of database time. Remedy: `create index concurrently a on b (c)`.',
            link: expect.stringContaining('/findings/slow-statement%3Aquery'),
          },
        ],
      },
    ])
  })

  test('events, without the routine; alerts with the time until somebody had them', () => {
    expect(sectionOf(report, 'events').blocks).toMatchObject([
      {
        items: [
          { text: expect.stringContaining('2026-11-22 06:29: health was down for 30 min: it answered 503') },
          { text: '2026-11-22 10:00: messaging: version 1.0.0 to 1.1.0' },
        ],
      },
    ])
    expect(figureOf(report, 'Time to acknowledge')).toMatchObject({
      value: 600_000,
      limit: 900_000,
      judgement: 'good',
    })
  })

  test('charts have the means that were saved', () => {
    const [chart] = sectionOf(report, 'charts').blocks.flatMap((block) =>
      block.is === 'chart' ? [block.chart] : [],
    )
    const values = chart!.series[0]!.points.flatMap(([, value]) => value ?? [])
    expect(values).toHaveLength(48)
    expect(values[0]).toBeCloseTo(1_200 / (STEP / 1), 6)
    expect(chart!.marks).toMatchObject([{ kind: 'outage' }, { kind: 'deployment' }])
  })
})

test('days begin where the place says, and past ones are as they were', async () => {
  const berlin = await build({ timeZone: 'Europe/Berlin', wanted: '2026-11-22' })
  expect(berlin.period).toMatchObject({ from: at(-1).toISOString(), to: at(23).toISOString() })
  // two steps of the day before instead of two of the day
  expect(figureOf(berlin, 'Error rate').value).toBeCloseTo(46 / 2_400, 10)
  const before = await build({ wanted: '2026-11-21' })
  expect(figureOf(before, 'Error rate')).toMatchObject({ value: 0, was: null })
  expect(JSON.stringify(before)).not.toContain('It will stop')
})

test('a day with a gap says so, and is not called green (issue 9)', async () => {
  const report = await build({ targetId: 'gappy' })
  expect(report.coverage.ratio).toBeCloseTo(1 - 8.5 / 24, 6)
  expect(report.coverage.gaps).toEqual([
    { from: at(6).toISOString(), to: at(14.5).toISOString(), because: expect.stringContaining('no reading') },
  ])
  expect(report.status).toMatchObject({
    level: 'unknown',
    reasons: [{ text: 'Only 64.6 % of the period was observed.' }],
  })
  expect(figureOf(report, 'Error rate')).toMatchObject({ value: null, note: 'No application reported.' })
})

test('a day before of which less than half is known is not compared with', async () => {
  const report = await build({ targetId: 'young' })
  expect(figureOf(report, 'Requests')).toMatchObject({ value: 240, was: null })
  const before = await build({ targetId: 'young', wanted: '2026-11-21' })
  expect(before.coverage).toMatchObject({ ratio: 0.25, gaps: [{ because: 'it was not watched yet' }] })
})

test('of nothing it says what is missing, and invents nothing', async () => {
  const report = await build({ targetId: 'nobody' })
  expect(report.coverage).toEqual({
    ratio: 0,
    gaps: [{ from: begin.toISOString(), to: at(24).toISOString(), because: 'nothing is kept of nobody' }],
  })
  expect(report.status!.level).toBe('unknown')
  const figures = sectionOf(report, 'figures').blocks.flatMap((block) =>
    block.is === 'figures' ? block.figures : [],
  )
  expect(figures.every(({ value, note }) => value === null && note !== null)).toBe(true)
})

test('today is as far as it goes, against yesterday as far', async () => {
  const report = await build({ wanted: 'current', now: at(12) })
  expect(report.period.label).toBe('22 November 2026, until 12:00')
  expect(figureOf(report, 'Requests')).toMatchObject({ value: 50 * 24, was: 50 * 24 })
})

test.each(['weekly', 'monthly', 'index-health', 'optimization'] as const)(
  '%s of nothing says so',
  async (kind) => {
    const report = await build({ kind, targetId: 'nobody', now: new Date(now.getTime() + DAY) })
    expect(report.coverage.ratio).toBe(0)
    const numbers = report.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.is === 'figures' ? block.figures : []))
      .filter(({ value }) => typeof value === 'number' && value > 0)
    expect(numbers).toEqual([])
  },
)
