// A weekly review over five weeks that were saved: a regression that is more than weeks differ, and one that is not.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { DAY, HOUR, saveLife, saveMadeDays } from '../../../test/reports/made-days.ts'
import { madeIncident, madeLaunch, madeRecord } from '../../../test/reports/made-records.ts'
import { report as applicationReport, slowQuery } from '../../../test/store/application-report.ts'
import type { Report } from '../../model/report.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { loadConfig } from '../config/load-config.ts'
import { buildReport } from './build-report.ts'

const now = new Date('2026-11-23T06:00:00Z')
/** Monday of week 47. */
const begin = new Date('2026-11-16T00:00:00Z')
const day = (days: number, hours = 0) => new Date(begin.getTime() + days * DAY + hours * HOUR)
const WEEK = 7 * DAY
/** By week, the one that is reviewed last. */
const STEADY = [10, 10.1, 9.9, 10, 15]
const WILD = [7, 13, 10, 9, 14]
const REQUESTS = [80, 118, 99, 101, 125]

let database: TestDatabase
let store: OpenedStore
let review: Report

const blocksOf = (id: string) => review.sections.find((section) => section.id === id)!.blocks
const figureOf = (id: string, label: string) =>
  blocksOf(id)
    .flatMap((block) => (block.is === 'figures' ? block.figures : []))
    .find((figure) => figure.label === label)!
const tableOf = (id: string, title: string | null) =>
  blocksOf(id)
    .flatMap((block) => (block.is === 'table' ? [block.table] : []))
    .find((table) => table.title === title)!

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  const { config } = await loadConfig({ checks: [], cwd: import.meta.dirname, env: {}, flags: {} })
  await saveMadeDays(store, 'shop', {
    from: new Date(begin.getTime() - 4 * WEEK),
    to: day(7),
    stepMs: 6 * HOUR,
    step: (at) => {
      const week = Math.ceil((at.getTime() - begin.getTime()) / WEEK) + 3
      return {
        statements: [
          { queryId: '1', calls: 1_000, meanMs: STEADY[week]! },
          { queryId: '2', calls: 10, meanMs: WILD[week]! },
          { queryId: '3', calls: 1, meanMs: 500 },
        ],
        requests: { count: 40, errors: at > day(3) && at <= day(3, 6) ? 12 : 0, ms: REQUESTS[week]! },
        deliveries: { all: 100, failed: week === 4 ? 4 : 0 },
      }
    },
  })
  await store.saveTexts('shop', new Map([['1', 'select * from orders where id = $1']]))
  await store.saveReport(
    'shop',
    applicationReport({ slowQueries: [slowQuery(day(2)), slowQuery(day(2, 1))] }),
    day(2, 1),
  )
  const finding = (name: string) => ({
    subject: { kind: 'table', database: 'shop', schema: 'public', name } as const,
    summary: `${name} is amiss`,
  })
  await saveLife(store, 'shop', 'dead-tuples', finding('old'), [[day(-20), 'opened']])
  await saveLife(store, 'shop', 'dead-tuples', finding('new'), [[day(2), 'opened']])
  await saveLife(store, 'shop', 'dead-tuples', finding('mended'), [
    [day(-2), 'opened'],
    [day(4), 'resolved'],
  ])
  await store.importRecords([
    madeLaunch(1, 'shop', day(0), [day(1), day(2), day(7, 5)]),
    madeIncident(1, 'shop', day(5), { acknowledged: 5, resolved: 60 }),
    madeIncident(2, 'elsewhere', day(5), { acknowledged: 5, resolved: 60 }),
    madeRecord('meeting', 1, null, [
      [day(1), 'opened', { title: 'Board', meetsAt: day(1).toISOString(), place: '' }],
      [
        day(1, 2),
        'minutes',
        {
          notes: '',
          decisions: [],
          actions: [{ what: 'Raise the limit', owner: 'eve', due: day(3).toISOString() }],
        },
      ],
    ]),
  ])
  review = await buildReport({ store, config, kind: 'weekly', targetId: 'shop', timeZone: 'UTC', now })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

describe('the regression rules against the weeks before (R1)', () => {
  test('slower than steady weeks is broken, and makes the week red', () => {
    const mean = (week: number) => (1_000 * STEADY[week]! + 10 * WILD[week]! + 500) / 1_011
    const before = [0, 1, 2, 3].map(mean).toSorted((a, b) => a - b)
    const rule = figureOf('regressions', 'Time a statement')
    expect(rule.value).toBeCloseTo(mean(4), 6)
    expect(rule.was).toBeCloseTo((before[1]! + before[2]!) / 2, 6)
    expect(rule.limit).toBeCloseTo(rule.was! * 1.1, 6)
    expect(rule).toMatchObject({
      judgement: 'bad',
      note: expect.stringContaining('more than those weeks differ'),
    })
    expect(review.status!.level).toBe('red')
    expect(review.status!.reasons.map(({ text }) => text.split(':')[0])).toEqual([
      'Time a statement',
      'Messages that arrived',
      'Request p95',
      'Error rate',
    ])
  })

  test('slower by no more than weeks differ is doubtful, and says so', () => {
    const rule = figureOf('regressions', 'Request p95')
    expect((rule.value as number) / rule.was!).toBeGreaterThan(1.1)
    expect(rule).toMatchObject({ judgement: 'neutral', note: expect.stringContaining('it may be chance') })
  })

  test('deliveries short each day are broken; errors of one burst are doubtful', () => {
    expect(figureOf('regressions', 'Messages that arrived')).toMatchObject({
      value: 0.96,
      was: 1,
      judgement: 'bad',
    })
    expect(figureOf('regressions', 'Error rate')).toMatchObject({
      value: 12 / (40 * 28),
      was: 0,
      judgement: 'neutral',
      note: expect.stringContaining('from one burst'),
    })
  })

  test('what nobody tells is unknown', () => {
    expect(figureOf('regressions', 'Query p95')).toMatchObject({ value: null, judgement: 'neutral' })
  })
})

test('statements that changed, with support, and what that costs', () => {
  const { rows } = tableOf('statements', 'Slower')
  expect(rows).toMatchObject([
    {
      cells: [
        'select * from orders where id = $1',
        10,
        15,
        1.5,
        28_000,
        expect.closeTo(140_000, 0),
        '< 0.001',
      ],
    },
  ])
  expect(rows[0]!.link).toMatch(/^\/statements\/1\?target=shop&from=/)
  expect(tableOf('statements', 'Faster').rows).toEqual([])
  expect(blocksOf('statements')[0]).toMatchObject({
    text: expect.stringMatching(/^2 statements .*of 1 more/),
  })
})

test('findings by what became of them, slow queries by statement', () => {
  expect(['Opened', 'Resolved', 'Open at the end'].map((label) => figureOf('findings', label).value)).toEqual(
    [1, 1, 2],
  )
  const lists = blocksOf('findings').flatMap((block) => (block.is === 'list' ? [block] : []))
  expect(lists.map(({ items }) => items.map(({ text }) => text))).toEqual([
    ['new is amiss.'],
    ['mended is amiss.'],
    ['old is amiss.'],
  ])
  expect(figureOf('slow-queries', 'Slow queries kept')).toMatchObject({ value: 2, was: 0 })
  expect(tableOf('slow-queries', 'By total time').rows[0]!.cells.slice(3)).toEqual([2, 1_400, 700])
})

test('its days add up to the week', () => {
  const { rows } = tableOf('days', null)
  expect(rows.map(({ cells }) => cells[0])).toEqual(
    [16, 17, 18, 19, 20, 21, 22].map((date) => `2026-11-${date}`),
  )
  expect(rows.map(({ cells }) => cells[1])).toEqual(Array(7).fill(160))
  expect(figureOf('figures', 'Requests')).toMatchObject({ value: 7 * 160, was: 7 * 160 })
})

test('reviews and action items that wait, as of the end of the week, the overdue first', () => {
  const [list] = blocksOf('open-items').flatMap((block) => (block.is === 'list' ? [block] : []))
  expect(list!.items).toEqual([
    {
      text: 'Review 1 of 3, and 1 more: Checkout 7.0 (REV-1).',
      severity: 'warning',
      detail: 'Was due 2026-11-17 00:00. Have it done: `pgsteward launch review REV-1`.',
      link: expect.stringMatching(/^\/changes\?/),
    },
    {
      text: 'Raise the limit: Board (MTG-1).',
      severity: 'warning',
      detail: 'eve. Was due 2026-11-19 00:00.',
      link: expect.stringMatching(/^\/changes\?/),
    },
    {
      text: 'Its review: Checkout hangs (INC-1).',
      severity: null,
      detail: 'It ended 2026-11-21 01:00. Have it done: `pgsteward incidents review INC-1`.',
      link: expect.stringMatching(/^\/incidents\/INC-1\?/),
    },
  ])
})
