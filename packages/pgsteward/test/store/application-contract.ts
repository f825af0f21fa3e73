// What every store must do with what applications report, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprintOf } from '../../src/sql/fingerprint.ts'
import { countDurations, percentileOf } from '../../src/stats/duration-histogram.ts'
import { MAX_OPERATIONS, OTHER } from '../../src/store/applications/application-names.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import type { RetentionPolicy } from '../../src/store/store.ts'
import { operation, repeated, report, slowQuery } from './application-report.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (ms: number) => new Date(T0 + ms)

const POLICY: RetentionPolicy = {
  rawMs: 3 * DAY,
  hourlyMs: 35 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 30 * DAY,
  slowQueriesMs: 30 * DAY,
  slowQueriesMaxBytes: 500 * 2 ** 20,
  maxBytes: null,
}

export function applicationContract(backend: { readonly open: () => Promise<OpenedStore> }): void {
  let store: OpenedStore
  let targets = 0
  const newTarget = () => `application-target-${++targets}`

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  describe('operations', () => {
    test('of several processes and reports within a window are summed, percentiles and all', async () => {
      const target = newTarget()
      const fast = [...Array(95).keys()].map((index) => 10 + index / 100)
      await store.saveReport(target, report({ operations: [operation(fast)] }), at(0))
      await store.saveReport(
        target,
        report({
          source: { ...report().source, instance: 'two' },
          operations: [operation([900, 900, 900, 900, 900], { errors: 2, rows: 50 })],
        }),
        at(15_000),
      )
      const [found, ...others] = await store.operations(
        target,
        { from: at(-HOUR), to: at(MINUTE) },
        { kind: 'query' },
      )
      expect(others).toEqual([])
      expect(found).toMatchObject({
        application: 'messaging',
        name: 'SELECT member',
        route: 'GET /members',
        model: 'Member',
        caller: 'src/routes/members.ts:41',
        count: 100,
        errors: 2,
        rows: 145,
        maxMs: 900,
        lastAt: at(MINUTE),
      })
      const all = countDurations([...fast, 900, 900, 900, 900, 900])
      expect(found!.totalMs).toBeCloseTo(fast.reduce((sum, each) => sum + each, 0) + 4500, 1)
      expect(found!.p50Ms).toBeCloseTo(percentileOf(all, 0.5)!, 6)
      expect(found!.p99Ms).toBeLessThanOrEqual(900)
      expect(found!.p99Ms).toBeGreaterThan(820)
    })

    test('are told apart by every part of their name, filtered and limited', async () => {
      const target = newTarget()
      const operations = [
        operation([10]),
        operation([20], { route: 'GET /groups' }),
        operation([30], { caller: null }),
        operation([40], { fingerprint: 'aaaaaaaaaaaaaaaa' }),
        operation([50, 50], { kind: 'request', name: 'GET /members', route: null, fingerprint: null }),
      ]
      await store.saveReport(target, report({ operations }), at(0))
      const window = { from: at(-HOUR), to: at(MINUTE) }
      const totals = async (filter: object) =>
        (await store.operations(target, window, { kind: 'query', ...filter })).map((each) => each.totalMs)
      expect(await totals({})).toEqual([40, 30, 20, 10])
      expect(await totals({ limit: 2 })).toEqual([40, 30])
      expect(await totals({ route: 'GET /groups' })).toEqual([20])
      expect(await totals({ fingerprint: 'aaaaaaaaaaaaaaaa' })).toEqual([40])
      expect(await totals({ application: 'messaging' })).toHaveLength(4)
      expect(await totals({ application: 'other' })).toEqual([])
      expect(await store.operations(target, window, { kind: 'request' })).toMatchObject([{ count: 2 }])
    })

    test('a count has no percentiles', async () => {
      const target = newTarget()
      const signups = operation([], { kind: 'metric', name: 'signups', count: 3, histogram: null })
      await store.saveReport(target, report({ operations: [signups] }), at(0))
      expect(
        await store.operations(target, { from: at(-HOUR), to: at(MINUTE) }, { kind: 'metric' }),
      ).toMatchObject([{ name: 'signups', count: 3, p50Ms: null, p95Ms: null }])
    })

    test('minutes, hours and days add up to the same sums, whatever the window, late reports too', async () => {
      const target = newTarget()
      const saved: { at: number; totalMs: number }[] = []
      const save = async (moment: number, ms: number) => {
        await store.saveReport(target, report({ operations: [operation([ms])] }), at(moment))
        saved.push({ at: T0 + moment, totalMs: ms })
      }
      for (let index = 0; index < 120; index++) await save(index * 33 * MINUTE, 1 + (index % 7))
      const last = 119 * 33 * MINUTE
      await save(5 * MINUTE, 100)
      await save(5 * MINUTE + 20_000, 200)
      await save(last - 3 * MINUTE, 300)
      for (const [from, to] of [
        [-HOUR, last + MINUTE],
        [0, DAY],
        [-8 * HOUR, 16 * HOUR],
        [20 * HOUR, 50 * HOUR],
        [last - HOUR, last + MINUTE],
        [90 * MINUTE, 4 * HOUR],
      ] as const) {
        const window = { from: at(from), to: at(to) }
        const expected = saved
          .filter((each) => each.at >= T0 + from && each.at < T0 + to)
          .reduce((sum, each) => sum + each.totalMs, 0)
        const [found] = await store.operations(target, window, { kind: 'query' })
        expect(found?.totalMs, `${from / HOUR} to ${to / HOUR}`).toBe(expected)
        const points = await store.operationHistory(target, 'messaging', { kind: 'query' }, window, 50)
        const summed = points.reduce((sum, each) => sum + each.totalMs, 0)
        expect(summed, `history of ${from / HOUR} to ${to / HOUR}`).toBe(expected)
      }
    })

    test('history has a point a bucket, nothing where nothing was reported, 0 where the operation did not run', async () => {
      const target = newTarget()
      await store.saveReport(target, report({ operations: [operation([10, 30])] }), at(0))
      await store.saveReport(target, report({ operations: [operation([5], { name: 'other' })] }), at(MINUTE))
      await store.saveReport(target, report({ operations: [operation([20])] }), at(5 * MINUTE))
      const points = await store.operationHistory(
        target,
        'messaging',
        { kind: 'query', name: 'SELECT member', route: null },
        { from: at(0), to: at(10 * MINUTE) },
        10,
      )
      expect(points).toMatchObject([
        { at: at(MINUTE), seconds: 60, count: 2, totalMs: 40 },
        { at: at(2 * MINUTE), seconds: 60, count: 0, p95Ms: null },
        { at: at(6 * MINUTE), seconds: 60, count: 1 },
      ])
    })

    test('more than the bound an application are kept as one named other', async () => {
      const target = newTarget()
      const many = [...Array(MAX_OPERATIONS + 20).keys()].map((index) =>
        operation([1], { name: `SELECT t${index}` }),
      )
      await store.saveReport(target, report({ operations: many.slice(0, MAX_OPERATIONS) }), at(0))
      await store.saveReport(target, report({ operations: many.slice(MAX_OPERATIONS - 5) }), at(MINUTE))
      const [other, ...rest] = await store.operations(
        target,
        { from: at(-HOUR), to: at(HOUR) },
        { kind: 'query', limit: 100_000 },
      )
      expect(other).toMatchObject({ name: OTHER, count: 20, fingerprint: null })
      expect(rest).toHaveLength(MAX_OPERATIONS)
    })
  })

  test('a report with the digest of one that was saved changes nothing, another one does', async () => {
    const target = newTarget()
    const given = report({
      operations: [operation([10])],
      slowQueries: [slowQuery(at(0))],
      repeats: [repeated(at(0))],
      digest: `${'0'.repeat(28)}${String(targets).padStart(4, '0')}`,
    })
    await store.saveReport(target, given, at(0))
    await store.saveReport(target, given, at(10_000))
    const window = { from: at(-HOUR), to: at(HOUR) }
    expect(await store.operations(target, window, { kind: 'query' })).toMatchObject([{ count: 1 }])
    expect(await store.slowQueryCounts(target, window)).toEqual({ kept: 1, dropped: 0 })
    expect(await store.repeats(target, window)).toMatchObject([{ requests: 1 }])
  })

  test('applications tell their processes, pools and what was dropped', async () => {
    const target = newTarget()
    const pool = {
      pool: 'main',
      max: 10,
      used: 10,
      idle: 0,
      waiting: 4,
      waitP95Ms: 120,
      oldestCheckoutMs: 60_000,
      oldestCheckoutBy: 'src/leak.ts:3',
    }
    await store.saveReport(target, report({ pools: [pool], dropped: { statements: 3 } }), at(0))
    // logs tell of no pools: what is known of them stays
    await store.saveReport(target, report({ dropped: { statements: 2, events: 0 } }), at(MINUTE))
    const window = { from: at(-HOUR), to: at(HOUR) }
    expect(await store.applications(target, window)).toEqual([
      {
        application: 'messaging',
        sdk: 'pgsteward',
        version: '1.2.0',
        environment: 'test',
        firstSeenAt: at(0),
        lastSeenAt: at(MINUTE),
        instances: [{ instance: 'one', lastSeenAt: at(MINUTE), pools: [pool] }],
        dropped: { statements: 5 },
      },
    ])
    expect(await store.applications(target, { from: at(2 * MINUTE), to: at(HOUR) })).toEqual([])
    const [waiting] = await store.series(target, 'pool.waiting', window)
    expect(waiting).toEqual({
      name: 'pool.waiting',
      unit: 'count',
      labels: { application: 'messaging', instance: 'one', pool: 'main' },
      points: [[at(0), 4]],
    })
  })

  test('levels are series of the process that tells them', async () => {
    const target = newTarget()
    const level = (value: number) =>
      report({ levels: [{ name: 'queue.length', unit: 'count', labels: { queue: 'sms' }, value }] })
    await store.saveReport(target, level(5), at(0))
    await store.saveReport(target, level(7), at(15_000))
    expect(await store.series(target, 'queue.length', { from: at(-HOUR), to: at(HOUR) })).toEqual([
      {
        name: 'queue.length',
        unit: 'count',
        labels: { application: 'messaging', instance: 'one', queue: 'sms' },
        points: [
          [at(0), 5],
          [at(15_000), 7],
        ],
      },
    ])
  })

  test('repeats of one place are summed over requests', async () => {
    const target = newTarget()
    await store.saveReport(target, report({ repeats: [repeated(at(0)), repeated(at(1000))] }), at(2000))
    await store.saveReport(
      target,
      report({ repeats: [repeated(at(9000), { repetitions: 12 }), repeated(at(9000), { route: 'GET /x' })] }),
      at(10_000),
    )
    expect(await store.repeats(target, { from: at(-HOUR), to: at(HOUR) })).toMatchObject([
      {
        route: 'GET /members',
        requests: 3,
        repetitions: 72,
        totalMs: 135,
        lastAt: at(9000),
        text: 'select * from member where church_id = $1',
      },
      { route: 'GET /x', requests: 1, repetitions: 30 },
    ])
    expect(await store.repeats(target, { from: at(9500), to: at(HOUR) })).toEqual([])
  })

  describe('slow queries (S1)', () => {
    test('come back whole, latest or slowest first, filtered', async () => {
      const target = newTarget()
      const known = {
        user: 'app',
        sqlState: '57014',
        waitEvent: 'Lock:relation',
        plan: { 'Node Type': 'Seq Scan' },
        source: 'log' as const,
      }
      await store.saveReport(
        target,
        report({
          slowQueries: [
            slowQuery(at(0), { durationMs: 900, ...known }),
            slowQuery(at(5000), { durationMs: 600, route: null, parameters: null }),
          ],
        }),
        at(10_000),
      )
      const window = { from: at(-HOUR), to: at(HOUR) }
      const latest = await store.slowQueries(target, window, { order: 'latest', limit: 10 })
      expect(latest).toMatchObject([
        {
          ...slowQuery(at(5000), { durationMs: 600, route: null, parameters: null }),
          application: 'messaging',
        },
        { ...slowQuery(at(0), { durationMs: 900, ...known }), application: 'messaging' },
      ])
      expect(new Set(latest.map((each) => each.id)).size).toBe(2)
      const slowest = await store.slowQueries(target, window, { order: 'slowest', limit: 1 })
      expect(slowest).toMatchObject([{ durationMs: 900 }])
      const ofRoute = await store.slowQueries(target, window, {
        order: 'latest',
        limit: 9,
        route: 'GET /members',
      })
      expect(ofRoute).toHaveLength(1)
      expect(
        await store.slowQueries(target, window, { order: 'latest', limit: 9, fingerprint: 'unknown' }),
      ).toEqual([])
    })

    test('are grouped by statement and place, each with its own text', async () => {
      const target = newTarget()
      await store.saveReport(
        target,
        report({
          slowQueries: [
            slowQuery(at(0), { durationMs: 500 }),
            slowQuery(at(1), { durationMs: 700, text: 'select * from member where church_id in ($1, $2)' }),
            slowQuery(at(2), { durationMs: 2000, fingerprint: 'b', text: 'select 2' }),
          ],
        }),
        at(10_000),
      )
      const window = { from: at(-HOUR), to: at(HOUR) }
      expect(await store.slowQueryGroups(target, window, { limit: 10 })).toMatchObject([
        { fingerprint: 'b', text: 'select 2', count: 1, totalMs: 2000 },
        {
          text: 'select * from member where church_id in ($1, $2)',
          count: 2,
          totalMs: 1200,
          maxMs: 700,
          lastAt: at(1),
        },
      ])
      const texts = await store.slowQueries(target, window, { order: 'latest', limit: 10 })
      expect(texts.map((each) => each.text)).toEqual([
        'select 2',
        'select * from member where church_id in ($1, $2)',
        'select * from member where church_id = $1',
      ])
    })

    test('one place floods: what is beyond its share is counted', async () => {
      const target = newTarget()
      const flood = [...Array(200).keys()].map((index) => slowQuery(at(index)))
      const rare = slowQuery(at(0), { caller: 'src/rare.ts:1' })
      await store.saveReport(target, report({ slowQueries: [...flood, rare] }), at(10_000))
      const window = { from: at(-HOUR), to: at(HOUR) }
      const { kept, dropped } = await store.slowQueryCounts(target, window)
      expect(kept + dropped).toBe(201)
      expect(kept).toBeLessThan(100)
      const groups = await store.slowQueryGroups(target, window, { limit: 10 })
      expect(groups.map((each) => each.caller)).toContain('src/rare.ts:1')
    })

    test('what both the application and the database told of counts once (N2)', async () => {
      const target = newTarget()
      const one = { fingerprint: 'a' }
      const other = { fingerprint: 'b', text: 'select 2' }
      const slowQueries = [
        slowQuery(at(1), { ...one, durationMs: 700 }),
        slowQuery(at(2), { ...one, durationMs: 2_100 }),
        // the same two, by the log
        slowQuery(at(1), { ...one, durationMs: 695, source: 'log' }),
        slowQuery(at(2), { ...one, durationMs: 2_090, source: 'log' }),
        // a third that the application has no measure of
        slowQuery(at(3), { ...one, durationMs: 120, source: 'log' }),
        slowQuery(at(4), { ...other, durationMs: 1_500, source: 'activity' }),
        // not slow
        slowQuery(at(5), { ...other, durationMs: 499 }),
        slowQuery(at(6), { ...other, durationMs: 99, source: 'log' }),
        // before the window
        slowQuery(at(-MINUTE), { ...other, durationMs: 9_000 }),
      ]
      await store.saveReport(target, report({ slowQueries }), at(10_000))
      expect(await store.slowQueryRates(target, { from: at(0), to: at(MINUTE) })).toEqual({
        slow: 4,
        critical: 3,
      })
    })

    test('a clock that is wrong makes no partition of another year', async () => {
      const target = newTarget()
      await store.saveReport(
        target,
        report({ slowQueries: [slowQuery(new Date(0)), slowQuery(at(300 * DAY))] }),
        at(0),
      )
      const found = await store.slowQueries(
        target,
        { from: at(-HOUR), to: at(HOUR) },
        { order: 'latest', limit: 9 },
      )
      expect(found.map((each) => each.at)).toEqual([at(0), at(0)])
    })
  })

  test('the fingerprint joins the statements of the target and of the application', async () => {
    const target = newTarget()
    const fromApplication = 'select "id" from "Member" where "churchId" = $1 /* route */'
    const fingerprint = fingerprintOf(fromApplication)
    await store.saveTexts(
      target,
      new Map([
        ['42', 'select "id" from "Member" where "churchId" = $1'],
        ['43', 'select "id" from "Group" where "churchId" = $1'],
      ]),
    )
    await store.saveReport(target, report({ texts: new Map([[fingerprint, fromApplication]]) }), at(0))
    expect(await store.queryIdsOf(target, fingerprint)).toEqual(['42'])
    expect(await store.queryIdsOf(newTarget(), fingerprint)).toEqual([])
    expect(await store.textOfFingerprint(fingerprint)).toContain('"Member"')
    expect(await store.textOfFingerprint('nothing')).toBeNull()
  })

  test('texts and names that PostgreSQL refuses are cleaned', async () => {
    const target = newTarget()
    const broken = 'select \0 from \ud800'
    await store.saveReport(
      target,
      report({
        operations: [operation([1], { name: broken, caller: broken })],
        slowQueries: [slowQuery(at(0), { text: broken, parameters: [broken], plan: { text: broken } })],
        repeats: [repeated(at(0), { text: broken, caller: broken })],
        texts: new Map([['ab', broken]]),
        levels: [{ name: broken, unit: 'count', labels: { broken }, value: 1 }],
        dropped: { [broken]: 1 },
      }),
      at(0),
    )
    const window = { from: at(-HOUR), to: at(HOUR) }
    const [slow] = await store.slowQueries(target, window, { order: 'latest', limit: 1 })
    expect(slow?.text).toBe('select  from \ufffd')
    expect(await store.operations(target, window, { kind: 'query' })).toMatchObject([
      { name: 'select  from \ufffd' },
    ])
  })

  test('of a target never heard of, there is nothing', async () => {
    const window = { from: at(0), to: at(HOUR) }
    expect(await store.applications('nobody', window)).toEqual([])
    expect(await store.operations('nobody', window, { kind: 'query' })).toEqual([])
    expect(await store.operationHistory('nobody', 'x', { kind: 'query' }, window, 5)).toEqual([])
    expect(await store.repeats('nobody', window)).toEqual([])
    expect(await store.slowQueries('nobody', window, { order: 'latest', limit: 5 })).toEqual([])
    expect(await store.slowQueryGroups('nobody', window, { limit: 5 })).toEqual([])
    expect(await store.slowQueryCounts('nobody', window)).toEqual({ kept: 0, dropped: 0 })
    expect(await store.slowQueryRates('nobody', window)).toEqual({ slow: 0, critical: 0 })
  })

  // Last: these remove what is old, of every target.
  describe('retention', () => {
    const FUTURE = Date.UTC(2031, 0, 1)
    const moment = (ms: number) => new Date(FUTURE + ms)

    test('drops minutes and their sums stay, slow queries after their month', async () => {
      const target = newTarget()
      for (let hour = 0; hour < 5 * 24; hour += 4) {
        const now = moment(hour * HOUR)
        await store.saveReport(
          target,
          report({ operations: [operation([10])], slowQueries: [slowQuery(now)] }),
          now,
        )
      }
      const { droppedPartitions } = await store.applyRetention(POLICY, moment(5 * DAY))
      expect(droppedPartitions).toContain('operation_minute_20310101')
      expect(droppedPartitions).not.toContain('slow_query_log_20310101')
      const window = { from: moment(-1), to: moment(5 * DAY) }
      expect(await store.operations(target, window, { kind: 'query' })).toMatchObject([{ count: 30 }])
      expect((await store.slowQueryCounts(target, window)).kept).toBe(30)
      const later = await store.applyRetention(POLICY, moment(31 * DAY + HOUR))
      expect(later.droppedPartitions).toContain('slow_query_log_20310101')
      expect(await store.slowQueryCounts(target, window)).toMatchObject({ kept: 24, dropped: 0 })
      expect(await store.operations(target, window, { kind: 'query' })).toMatchObject([{ count: 30 }])
    })

    test('slow queries past their size lose the repetitive, then the oldest, and are counted', async () => {
      const target = newTarget()
      const begin = 40 * DAY
      for (let minute = 0; minute < 20; minute++) {
        const now = moment(begin + minute * MINUTE)
        const repetitive = [...Array(25).keys()].map((index) => slowQuery(now, { durationMs: 500 + index }))
        const single = slowQuery(now, { caller: `src/single.ts:${minute}`, durationMs: 5000 })
        await store.saveReport(target, report({ slowQueries: [...repetitive, single] }), now)
      }
      const window = { from: moment(begin - HOUR), to: moment(begin + HOUR) }
      await store.applyRetention({ ...POLICY, slowQueriesMaxBytes: 150_000 }, moment(begin + HOUR))
      const thinned = await store.slowQueryCounts(target, window)
      expect(thinned).toEqual({ kept: 25, dropped: 495 })
      const groups = await store.slowQueryGroups(target, window, { limit: 50 })
      expect(groups).toHaveLength(21)
      // the slowest of the repetitive stay
      expect(groups.find((each) => each.caller === 'src/routes/members.ts:41')?.maxMs).toBe(524)
      const gone = await store.applyRetention({ ...POLICY, slowQueriesMaxBytes: 1 }, moment(begin + 3 * DAY))
      expect(gone.droppedPartitions).toContain('slow_query_log_20310210')
      expect(await store.slowQueryCounts(target, window)).toEqual({ kept: 0, dropped: 520 })
    })

    test('processes and operations that are long gone are forgotten', async () => {
      const target = newTarget()
      const begin = 60 * DAY
      const level = { name: 'lag', unit: 'ms' as const, labels: {}, value: 1 }
      await store.saveReport(
        target,
        report({ operations: [operation([10])], levels: [level] }),
        moment(begin),
      )
      const two = { ...report().source, instance: 'two' }
      await store.saveReport(target, report({ source: two, levels: [level] }), moment(begin + 4 * DAY))
      await store.applyRetention(POLICY, moment(begin + 4 * DAY))
      const window = { from: moment(begin - DAY), to: moment(begin + 5 * DAY) }
      const [application] = await store.applications(target, window)
      expect(application?.instances.map((each) => each.instance)).toEqual(['two'])
      expect((await store.series(target, 'lag', window)).map((each) => each.labels)).toEqual([
        { application: 'messaging', instance: 'two' },
      ])
      await store.applyRetention(POLICY, moment(begin + 500 * DAY))
      expect(await store.applications(target, { from: moment(0), to: moment(600 * DAY) })).toEqual([])
    })
  })
}
