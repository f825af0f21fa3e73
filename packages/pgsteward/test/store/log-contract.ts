// What every store must keep of PostgreSQL's log, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogMinute, LogSourceProgress } from '../../src/model/log-event.ts'
import type { KeptLogEvent, LogBatch } from '../../src/store/logs/log-store.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import type { RetentionPolicy } from '../../src/store/store.ts'
import { slowQuery } from './application-report.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (ms: number) => new Date(T0 + ms)
const always = { from: at(-30 * DAY), to: at(30 * DAY) }

const POLICY: RetentionPolicy = {
  rawMs: 3 * DAY,
  hourlyMs: 35 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 30 * DAY,
  slowQueriesMs: 30 * DAY,
  slowQueriesMaxBytes: 500 * 2 ** 20,
  logsMs: 30 * DAY,
  logsMaxBytes: 500 * 2 ** 20,
  maxBytes: null,
}

const event = (over: Partial<KeptLogEvent> = {}): KeptLogEvent => ({
  at: at(0),
  class: 'deadlock',
  severity: 'ERROR',
  sqlState: '40P01',
  pid: 4711,
  user: 'app',
  database: 'shop',
  application: 'messaging',
  client: '10.0.0.7',
  queryId: null,
  fingerprint: null,
  query: null,
  message: 'deadlock detected',
  detail: null,
  hint: null,
  context: null,
  durationMs: null,
  parameters: null,
  plan: null,
  figures: {},
  ...over,
})

const minute = (over: Partial<LogMinute> = {}): LogMinute => ({
  at: at(0),
  class: 'deadlock',
  severity: 'ERROR',
  database: 'shop',
  count: 1,
  firstAt: at(0),
  lastAt: at(0),
  ...over,
})

const source = (over: Partial<LogSourceProgress> = {}): LogSourceProgress => ({
  source: '/var/log/postgresql/postgresql.log',
  lastAt: at(0),
  lines: 10,
  bytes: 1000,
  unknown: 1,
  unreadable: 0,
  because: null,
  position: { file: '1:2', offset: 1000, head: 'abc' },
  ...over,
})

const batch = (over: Partial<LogBatch> = {}): LogBatch => ({
  events: [],
  counts: [],
  sources: [],
  slowQueries: [],
  ...over,
})

export function logContract(backend: { readonly open: () => Promise<OpenedStore> }): void {
  let store: OpenedStore
  let targets = 0
  const newTarget = () => `logged-${++targets}`

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  test('of a target that is not known there is nothing', async () => {
    expect(await store.logCounts('nowhere', always)).toEqual([])
    expect(await store.logEvents('nowhere', always, {})).toEqual([])
    expect(await store.logEvent('nowhere', '1')).toBe(null)
    expect(await store.logSources('nowhere')).toEqual([])
    expect((await store.logPositions('nowhere')).size).toBe(0)
  })

  describe('events', () => {
    test('come back as they were, with the text of their query (S4)', async () => {
      const target = newTarget()
      const whole = event({
        fingerprint: 'ffffffffffffffff',
        query: 'update parcel set weight = ? where id = ?',
        detail: 'Process 1 waits for ShareLock\u0000 on transaction 2',
        queryId: '-77',
        durationMs: 12.5,
        parameters: ['1', null, '[redacted]'],
        figures: { waitedMs: 1001.5, relation: 'parcel' },
        plan: { nodeType: 'Seq Scan' } as never,
      })
      await store.saveLog(target, batch({ events: [whole, event({ at: at(-MINUTE) })] }), at(0))
      const [first, second, ...others] = await store.logEvents(target, always, {})
      expect(others).toEqual([])
      const { id, ...found } = first!
      // PostgreSQL's text holds no NUL
      expect(found).toEqual({ ...whole, detail: 'Process 1 waits for ShareLock on transaction 2' })
      expect(second).toMatchObject({ query: null, at: at(-MINUTE) })
      expect(await store.logEvent(target, id)).toEqual(first)
      expect(await store.logEvent(target, 'no number')).toBe(null)
      expect(await store.logEvent(newTarget(), id)).toBe(null)
    })

    test('are found by class, severity, query, database and any part of their texts', async () => {
      const target = newTarget()
      await store.saveLog(
        target,
        batch({
          events: [
            event({ at: at(1) }),
            event({
              at: at(2),
              class: 'temp-file',
              severity: 'LOG',
              message: 'temporary file: 100% of _it_',
            }),
            event({ at: at(3), fingerprint: 'aaaaaaaaaaaaaaaa', query: 'select secretless from parcel' }),
            event({ at: at(4), queryId: '42', database: 'other' }),
          ],
        }),
        at(5),
      )
      const times = async (filter: object, window = always) =>
        (await store.logEvents(target, window, filter)).map((each) => each.at.getTime() - T0)
      expect(await times({})).toEqual([4, 3, 2, 1])
      expect(await times({ limit: 2 })).toEqual([4, 3])
      expect(await times({ classes: ['temp-file', 'panic'] })).toEqual([2])
      expect(await times({ severities: ['LOG'] })).toEqual([2])
      expect(await times({ queryId: '42' })).toEqual([4])
      expect(await times({ fingerprint: 'aaaaaaaaaaaaaaaa' })).toEqual([3])
      expect(await times({ database: 'other' })).toEqual([4])
      expect(await times({ search: 'SECRETLESS' })).toEqual([3])
      expect(await times({ search: '100%' })).toEqual([2])
      // wildcards of like are letters here
      expect(await times({ search: 'p%l' })).toEqual([])
      expect(await times({ search: '_it_' })).toEqual([2])
      expect(await times({}, { from: at(1), to: at(3) })).toEqual([3, 2])
    })
  })

  describe('counts', () => {
    test('are summed over minutes and batches, by class, severity and database', async () => {
      const target = newTarget()
      await store.saveLog(
        target,
        batch({
          counts: [
            minute({ count: 3, lastAt: at(20_000) }),
            minute({ at: at(MINUTE), firstAt: at(MINUTE), lastAt: at(MINUTE + 5), count: 2 }),
            minute({ class: 'connection-authorized', severity: 'LOG', database: null, count: 50 }),
          ],
        }),
        at(0),
      )
      await store.saveLog(target, batch({ counts: [minute({ firstAt: at(10), lastAt: at(30_000) })] }), at(1))
      expect(await store.logCounts(target, always)).toEqual([
        {
          class: 'connection-authorized',
          severity: 'LOG',
          database: null,
          count: 50,
          firstAt: at(0),
          lastAt: at(0),
        },
        {
          class: 'deadlock',
          severity: 'ERROR',
          database: 'shop',
          count: 6,
          firstAt: at(0),
          lastAt: at(MINUTE + 5),
        },
      ])
      expect(await store.logCounts(target, { from: at(MINUTE - 1), to: at(HOUR) })).toMatchObject([
        { class: 'deadlock', count: 2 },
      ])
      const history = await store.logHistory(target, { from: at(0), to: at(2 * MINUTE) }, 2)
      expect(history.map((each) => [each.at.getTime() - T0, each.class, each.count])).toEqual([
        [MINUTE, 'connection-authorized', 50],
        [MINUTE, 'deadlock', 4],
        [2 * MINUTE, 'deadlock', 2],
      ])
    })
  })

  describe('sources', () => {
    test('add up, and keep the position that was saved last', async () => {
      const target = newTarget()
      await store.saveLog(
        target,
        batch({ sources: [source(), source({ source: 'http', position: null })] }),
        at(0),
      )
      await store.saveLog(
        target,
        batch({
          sources: [
            source({
              lastAt: at(5),
              lines: 1,
              bytes: 50,
              unknown: 0,
              position: { file: '1:2', offset: 1050, head: 'abc' },
            }),
            source({
              source: 'http',
              lastAt: null,
              lines: 0,
              bytes: 0,
              unknown: 0,
              because: 'no',
              position: null,
            }),
          ],
        }),
        at(1),
      )
      expect(await store.logSources(target)).toEqual([
        {
          source: '/var/log/postgresql/postgresql.log',
          lastAt: at(5),
          lines: 11,
          bytes: 1050,
          unknown: 1,
          unreadable: 0,
          because: null,
        },
        { source: 'http', lastAt: at(0), lines: 10, bytes: 1000, unknown: 1, unreadable: 0, because: 'no' },
      ])
      expect([...(await store.logPositions(target))]).toEqual([
        ['/var/log/postgresql/postgresql.log', { file: '1:2', offset: 1050, head: 'abc' }],
      ])
    })
  })

  test('slow statements of the log stand in slow_query_log beside those of applications (S1, S2)', async () => {
    const target = newTarget()
    const slow = slowQuery(at(0), { source: 'log', user: 'app', database: 'shop', caller: null })
    await store.saveLog(target, batch({ slowQueries: [slow] }), at(0))
    const [found] = await store.slowQueries(target, always, { order: 'latest', limit: 10 })
    expect(found).toMatchObject({
      source: 'log',
      application: null,
      text: slow.text,
      database: 'shop',
      user: 'app',
    })
  })

  describe('retention', () => {
    test('drops events and counts after their time, and keeps the texts of those that stay', async () => {
      const target = newTarget()
      // the partitions of other tests of this store must not be dropped
      const day = (days: number) => at(200 * DAY + days * DAY)
      const text = { fingerprint: 'bbbbbbbbbbbbbbbb', query: 'select 1 from kept_by_log' }
      await store.saveLog(
        target,
        batch({
          events: [event({ at: day(0) }), event({ at: day(10), ...text })],
          counts: [minute({ at: day(0), firstAt: day(0), lastAt: day(0) })],
        }),
        day(10),
      )
      const { droppedPartitions } = await store.applyRetention({ ...POLICY, logsMs: 5 * DAY }, day(10))
      expect(droppedPartitions.filter((each) => each.startsWith('log_event')).length).toBeGreaterThan(0)
      expect(droppedPartitions.filter((each) => each.startsWith('log_count')).length).toBeGreaterThan(0)
      const window = { from: day(-1), to: day(20) }
      expect(await store.logCounts(target, window)).toEqual([])
      expect(await store.logEvents(target, window, {})).toMatchObject([text])
    })

    test('cuts the oldest events where they grow beyond their size', async () => {
      const target = newTarget()
      const begin = T0 + 300 * DAY
      const message = (index: number) => `relation "${index}" ${String(Math.sin(index)).repeat(10)}`
      const events = [...Array(3000).keys()].map((index) =>
        event({ at: new Date(begin + index * 1000), message: message(index) }),
      )
      await store.saveLog(target, batch({ events }), new Date(begin + HOUR))
      await store.applyRetention({ ...POLICY, logsMaxBytes: 600_000 }, new Date(begin + 2 * HOUR))
      const kept = await store.logEvents(
        target,
        { from: new Date(begin - 1), to: new Date(begin + DAY) },
        { limit: 1000 },
      )
      expect(kept[0]?.message).toBe(message(2999))
      const [{ count } = { count: 0 }] = await store.database.query<{ count: number }>(
        'select count(*)::int as count from pgsteward.log_event e where e.at >= $1',
        [new Date(begin)],
      )
      expect(count).toBeGreaterThan(500)
      expect(count).toBeLessThan(2700)
    })
  })
}
