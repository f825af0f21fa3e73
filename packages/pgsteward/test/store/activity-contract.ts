// What every store must keep of activity, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActivityGroup, ActivityMinute, BlockingIncident } from '../../src/model/activity.ts'
import type { SlowQuery } from '../../src/model/application.ts'
import type { RetentionPolicy, Store } from '../../src/store/store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (minutes: number) => new Date(T0 + minutes * MINUTE)
const hour = { from: at(0), to: at(60) }

const KEEP: RetentionPolicy = {
  rawMs: 3 * DAY,
  hourlyMs: 35 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 400 * DAY,
  slowQueriesMs: 30 * DAY,
  slowQueriesMaxBytes: 2 ** 30,
  maxBytes: null,
}

const group = (over: Partial<ActivityGroup> = {}): ActivityGroup => ({
  waitType: null,
  waitEvent: null,
  queryId: '7',
  database: 'shop',
  user: 'app',
  application: "it's \u0000 quoted",
  sessions: 60,
  ...over,
})

const minute = (begin: number, groups: readonly ActivityGroup[], over: Partial<ActivityMinute> = {}) => ({
  at: at(begin),
  samples: 60,
  groups,
  peakActive: 3,
  idleInTransactionMean: 1,
  blockedMean: 0.5,
  oldestTransactionMs: 1_000,
  oldestXminAge: 10,
  ...over,
})

const session = (pid: number) => ({
  pid,
  startedAt: at(-60),
  database: 'shop',
  user: 'app',
  application: 'web',
  state: 'idle in transaction',
  queryId: '-77',
  query: 'update parcel set weight = ? where id = ?',
  caller: 'src/routes/parcels.ts:41',
  transactionMs: 60_000,
  waitsFor: null,
})

const incident = (over: Partial<BlockingIncident> = {}): BlockingIncident => ({
  id: 'i1',
  startedAt: at(10),
  endedAt: null,
  root: session(1),
  waiting: [
    {
      ...session(2),
      state: 'active',
      waitsFor: {
        lockType: 'transactionid',
        lockMode: 'ShareLock',
        relation: 'public.parcel',
        waitedMs: 3_000,
        blockedBy: [1],
      },
    },
  ],
  peakWaiting: 1,
  longestWaitMs: 3_000,
  lostMs: 3_000,
  ...over,
})

const slow = (over: Partial<SlowQuery> = {}): SlowQuery => ({
  at: at(5),
  fingerprint: 'aaaaaaaaaaaaaaaa',
  text: 'select pg_sleep(?)',
  durationMs: 2_000,
  waitedForPoolMs: 0,
  rows: null,
  caller: null,
  route: null,
  model: null,
  action: null,
  parameters: null,
  database: 'shop',
  user: 'app',
  traceId: null,
  sqlState: null,
  waitEvent: 'Timeout:PgSleep',
  plan: null,
  source: 'activity',
  ...over,
})

export function activityContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  const newTarget = () => `sampled-${++targets}`

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  describe('activity', () => {
    test('of a target that is not known is nothing', async () => {
      expect(await store.activityHistory('nowhere', hour, 'waitType', 10)).toEqual([])
      expect(await store.activityLevels('nowhere', hour, 10)).toEqual([])
      expect(await store.activityGroups('nowhere', hour)).toEqual({ samples: 0, groups: [] })
      expect(await store.blockingIncidents('nowhere', hour)).toEqual([])
    })

    test('is the average over the seconds sampled, by any dimension; a minute without samples is a gap', async () => {
      const target = newTarget()
      const lock = group({ waitType: 'Lock', waitEvent: 'tuple', queryId: '-8', sessions: 120 })
      await store.saveActivity(target, minute(0, [group(), lock]))
      await store.saveActivity(target, minute(2, [group({ sessions: 30 })], { samples: 30 }))
      const points = await store.activityHistory(target, hour, 'waitType', 60)
      expect(points.map((point) => [point.at, point.seconds, [...point.sessions]])).toEqual([
        [
          at(1),
          60,
          [
            ['Lock', 2],
            [null, 1],
          ],
        ],
        [at(3), 30, [[null, 1]]],
      ])
      const byQuery = await store.activityHistory(target, hour, 'queryId', 1)
      expect(byQuery.map((point) => [point.at, ...point.sessions])).toEqual([
        [at(60), ['-8', 120 / 90], ['7', 1]],
      ])
      const ofLocks = await store.activityHistory(target, hour, 'waitEvent', 1, { waitType: 'Lock' })
      expect(ofLocks.map((point) => [...point.sessions])).toEqual([[['tuple', 120 / 90]]])
      const onProcessor = await store.activityGroups(target, hour, { waitType: null })
      expect(onProcessor).toEqual({
        samples: 90,
        groups: [group({ application: "it's  quoted", sessions: 90 })],
      })
      expect((await store.activityGroups(target, hour, { queryId: '-8' })).groups).toMatchObject([
        { waitType: 'Lock', waitEvent: 'tuple', sessions: 120 },
      ])
    })

    test('of a minute is replaced by the same minute later, and added to after a restart within it', async () => {
      const target = newTarget()
      await store.saveActivity(target, minute(0, [group({ sessions: 20 })], { samples: 20 }))
      await store.saveActivity(target, minute(0, [group({ sessions: 40 })], { samples: 40 }))
      const restarted = { samples: 10, startedAt: at(0.7), peakActive: 9 }
      await store.saveActivity(target, minute(0, [group({ sessions: 10 })], restarted))
      expect(await store.activityGroups(target, hour)).toMatchObject({
        samples: 50,
        groups: [{ sessions: 50 }],
      })
      expect(await store.activityLevels(target, hour, 60)).toEqual([
        {
          at: at(1),
          seconds: 50,
          peakActive: 9,
          idleInTransactionMean: 1,
          blockedMean: 0.5,
          oldestTransactionMs: 1_000,
          oldestXminAge: 10,
        },
      ])
    })

    test('beyond twenty values goes by the name (other)', async () => {
      const target = newTarget()
      const groups = [...Array(30).keys()].map((index) =>
        group({ queryId: String(index), sessions: 60 * (30 - index) }),
      )
      await store.saveActivity(target, minute(0, groups))
      const [point] = await store.activityHistory(target, hour, 'queryId', 1)
      expect(point!.sessions.size).toBe(21)
      expect(point!.sessions.get('0')).toBe(30)
      expect(point!.sessions.get('(other)')).toBe(55)
    })

    test('is folded by hour once, and a long window sums to the same before and after', async () => {
      const target = newTarget()
      const groups = [
        group(),
        ...[...Array(420).keys()].map((each) => group({ queryId: `-${each + 1}`, sessions: 1 })),
      ]
      for (const begin of [3, 64, 118]) await store.saveActivity(target, minute(begin, groups))
      const day = { from: at(-22 * 60), to: at(130) }
      const before = await store.activityGroups(target, day, { waitType: null })
      await store.applyRetention(KEEP, at(125))
      await store.applyRetention(KEEP, at(125))
      const after = await store.activityGroups(target, day, { waitType: null })
      const sum = ({ groups: each }: typeof before) =>
        each.reduce((total, { sessions }) => total + sessions, 0)
      expect(after.samples).toBe(180)
      expect(sum(after)).toBeCloseTo(3 * 480, 3)
      expect(sum(after)).toBeCloseTo(sum(before), 3)
      expect(after.groups.find((each) => each.queryId === null)).toMatchObject({ application: '(other)' })
      const points = await store.activityHistory(target, day, 'waitType', 30)
      expect(points.map((point) => [point.at, point.seconds])).toEqual([
        [at(60), 60],
        [at(120), 120],
      ])
    })

    test('goes with its grain: minutes after days, hours after weeks', async () => {
      const target = newTarget()
      await store.saveActivity(target, minute(0, [group()]))
      await store.applyRetention(KEEP, at(5 * 24 * 60))
      expect(await store.activityGroups(target, hour)).toEqual({ samples: 0, groups: [] })
      const day = { from: at(-22 * 60), to: at(130) }
      expect(await store.activityGroups(target, day)).toMatchObject({ samples: 60 })
      await store.applyRetention(KEEP, at(60 * 24 * 60))
      expect(await store.activityGroups(target, day)).toEqual({ samples: 0, groups: [] })
    })
  })

  describe('an incident of blocking', () => {
    test('grows while it lasts, ends once, and comes back as it was', async () => {
      const target = newTarget()
      await store.saveIncident(target, incident(), at(10))
      expect(await store.blockingIncidents(target, hour)).toEqual([incident()])
      const ended = incident({ endedAt: at(12), peakWaiting: 4, lostMs: 9_000 })
      await store.saveIncident(target, ended, at(12))
      await store.saveIncident(target, incident({ lostMs: 1 }), at(13))
      expect(await store.blockingIncidents(target, hour)).toEqual([ended])
      expect(await store.blockingIncidents(target, { from: at(12), to: at(60) })).toEqual([])
      expect(await store.blockingIncidents(target, { from: at(11), to: at(60) })).toEqual([ended])
    })

    test('that nobody follows any more ends where it was seen last', async () => {
      const target = newTarget()
      await store.saveIncident(target, incident({ id: 'lost' }), at(11))
      await store.saveIncident(target, incident({ id: 'live', startedAt: at(12) }), at(19.8))
      await store.endLostIncidents(target, at(20))
      expect(await store.blockingIncidents(target, hour)).toMatchObject([
        { id: 'live', endedAt: null },
        { id: 'lost', endedAt: at(11) },
      ])
    })

    test('is forgotten in the end', async () => {
      const target = newTarget()
      await store.saveIncident(target, incident({ endedAt: at(12) }), at(12))
      await store.applyRetention(KEEP, at(36 * 24 * 60))
      expect(await store.blockingIncidents(target, hour)).toEqual([])
    })
  })

  test('texts of statements seen running are known until pg_stat_statements tells them', async () => {
    const target = newTarget()
    await store.saveActivityTexts(
      target,
      new Map([
        ['5', 'select ?'],
        ['-6', 'delete from parcel'],
      ]),
      at(0),
    )
    await store.saveActivityTexts(target, new Map([['5', 'select 2']]), at(1))
    await store.saveTexts(target, new Map([['-6', 'delete from parcel where id = $1']]))
    expect(await store.textsOfQueries(target, ['5', '-6', '5', '99'])).toEqual(
      new Map([
        ['-6', 'delete from parcel where id = $1'],
        ['5', 'select ?'],
      ]),
    )
    expect(await store.textsOfQueries(target, [])).toEqual(new Map())
  })

  test('slow queries seen are kept unless an application or the log told of the same', async () => {
    const target = newTarget()
    await store.saveReport(
      target,
      {
        source: { application: 'web', instance: 'a', version: null, environment: null, sdk: 'pgsteward' },
        endpoint: null,
        operations: [],
        levels: [],
        pools: [],
        slowQueries: [slow({ source: 'application', durationMs: 2_700, route: 'GET /' })],
        repeats: [],
        texts: new Map(),
        dropped: {},
      },
      at(5.1),
    )
    const seen = [
      slow({ at: at(5.02) }),
      slow({ at: at(5.03) }),
      slow({ fingerprint: 'bbbbbbbbbbbbbbbb' }),
      slow({ at: at(7) }),
    ]
    expect(await store.saveSeenSlowQueries(target, seen, at(8))).toBe(3)
    expect(await store.saveSeenSlowQueries(target, [], at(8))).toBe(0)
    const kept = await store.slowQueries(target, hour, { order: 'latest', limit: 10 })
    expect(kept.map((each) => each.source).sort()).toEqual([
      'activity',
      'activity',
      'activity',
      'application',
    ])
    expect(kept[0]).toMatchObject({ text: 'select pg_sleep(?)', waitEvent: 'Timeout:PgSleep' })
  })
}
