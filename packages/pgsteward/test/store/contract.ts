// What every store must do, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defineCounterFact, defineStateFact } from '../../src/model/fact.ts'
import type { Change, Decision, OpenFinding, Transition } from '../../src/model/open-finding.ts'
import type { Store } from '../../src/store/store.ts'
import {
  intervalReading,
  STATEMENTS_FACT,
  type SyntheticStatement,
  snapshotOf,
  statementRow,
  statementsSnapshot,
} from './synthetic.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (ms: number) => new Date(T0 + ms)

interface TableRow {
  readonly name: string
  readonly sizeBytes: number
  readonly vacuumedAt: Date | null
}

const tables = defineStateFact<TableRow>({
  id: 'tables',
  title: 'tables',
  scope: 'database',
  everyMs: MINUTE,
  variants: [],
  parse: () => ({ name: '', sizeBytes: 0, vacuumedAt: null }),
  keyOf: (row) => row.name,
  series: [{ name: 'table-size', unit: 'bytes', value: (row) => row.sizeBytes }],
})

const databaseActivity = defineCounterFact<{ commits: number; rollbacks: number }>({
  id: 'database',
  title: 'database',
  scope: 'database',
  everyMs: MINUTE,
  variants: [],
  parse: () => ({ commits: 0, rollbacks: 0 }),
  keyOf: () => 'database',
  counters: ['commits', 'rollbacks'],
  series: [
    { name: 'commits', unit: 'perSecond', value: (row, seconds) => row.commits / seconds },
    {
      name: 'rollback-ratio',
      unit: 'ratio',
      value: (row) => (row.commits === 0 ? null : row.rollbacks / row.commits),
    },
  ],
})

function found(targetId: string, change: Partial<OpenFinding> = {}): OpenFinding {
  return {
    subject: { kind: 'table', database: 'shop', schema: 'public', name: 'orders' },
    severity: 'warning',
    summary: 'The table orders is bloated',
    evidence: [{ label: 'free space', value: 0.4, unit: 'ratio' }],
    key: 'bloat:table/shop/public/orders',
    checkId: 'bloat',
    area: 'vacuum',
    targetId,
    state: 'open',
    firstSeenAt: at(0),
    lastSeenAt: at(0),
    openedAt: at(0),
    resolvedAt: null,
    mutedUntil: null,
    muteReason: null,
    quietSince: null,
    openings: [],
    ...change,
  }
}

const change = (transition: Transition, finding: OpenFinding): Change => ({ transition, finding })

function mute(targetId: string, more: Partial<Decision> = {}): Decision {
  return {
    at: at(0),
    actor: 'ada',
    action: 'waive',
    targetId,
    findingKey: found(targetId).key,
    reason: 'rebuilt on Sunday',
    expiresAt: at(3 * DAY),
    ...more,
  }
}

const POLICY = {
  rawMs: 2 * DAY,
  hourlyMs: 30 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 30 * DAY,
  slowQueriesMs: 30 * DAY,
  slowQueriesMaxBytes: 500 * 2 ** 20,
  maxBytes: null,
}

/** `open` opens the same store again each time; `empty` removes what is in it. */
export function storeContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  const newTarget = () => `target-${++targets}`

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  describe('snapshots', () => {
    test('the same moment saved twice counts once', async () => {
      const target = newTarget()
      const snapshot = statementsSnapshot(target, at(MINUTE), [{ queryId: '1', calls: 7, totalExecMs: 70 }])
      await store.saveSnapshot(snapshot, [STATEMENTS_FACT])
      await store.saveSnapshot(snapshot, [STATEMENTS_FACT])
      expect(await store.statementSums(target, { from: at(0), to: at(HOUR) })).toEqual({
        totalExecMs: 70,
        calls: 7,
        seconds: 60,
      })
    })

    test('statements that another target has read a while before are of that time', async () => {
      const target = newTarget()
      const read = (takenAt: number, readAt: number) =>
        store.saveSnapshot(
          snapshotOf(target, at(takenAt), {
            statements: intervalReading(at(readAt), 60, [statementRow({ queryId: '1', calls: 6 })]),
          }),
          [STATEMENTS_FACT],
        )
      await read(2 * MINUTE + 5_000, 2 * MINUTE)
      await read(3 * MINUTE + 9_000, 3 * MINUTE)
      const sums = (from: number, to: number) => store.statementSums(target, { from: at(from), to: at(to) })
      expect(await sums(0, 2 * MINUTE)).toMatchObject({ calls: 6, seconds: 60 })
      expect(await sums(2 * MINUTE, 3 * MINUTE)).toMatchObject({ calls: 6, seconds: 60 })
      expect(await sums(3 * MINUTE, 4 * MINUTE)).toMatchObject({ calls: 0, seconds: 0 })
    })

    test('only facts read in this round are saved', async () => {
      const target = newTarget()
      const rows = [{ name: 'orders', sizeBytes: 100, vacuumedAt: null }]
      const reading = { status: 'rows' as const, rows, at: at(0), tookMs: 1 }
      await store.saveSnapshot(snapshotOf(target, at(0), { tables: reading }), [tables])
      const carriedOver = snapshotOf(target, at(MINUTE), { tables: reading })
      await store.saveSnapshot({ ...carriedOver, refreshed: new Set() }, [tables])
      const [series] = await store.series(target, 'table-size', { from: at(-HOUR), to: at(HOUR) })
      expect(series?.points).toEqual([[at(0), 100]])
    })

    test('a document keeps its newest rows, dates as dates', async () => {
      const target = newTarget()
      const save = (minute: number, sizeBytes: number) =>
        store.saveSnapshot(
          snapshotOf(target, at(minute * MINUTE), {
            tables: {
              status: 'rows',
              rows: [{ name: 'orders', sizeBytes, vacuumedAt: at(5) }],
              at: at(minute * MINUTE),
              tookMs: 1,
            },
          }),
          [tables],
        )
      await save(2, 200)
      await save(1, 100)
      expect(await store.document(target, 'tables')).toEqual({
        at: at(2 * MINUTE),
        rows: [{ name: 'orders', sizeBytes: 200, vacuumedAt: at(5) }],
      })
      expect(await store.document(target, 'indexes')).toBeNull()
      expect((await store.documents('tables')).filter(({ targetId }) => targetId === target)).toEqual([
        { targetId: target, ...(await store.document(target, 'tables')) },
      ])
      expect(await store.documents('indexes')).toEqual([])
    })

    test('breaks are kept with their fact and cause', async () => {
      const target = newTarget()
      const reading = intervalReading(at(MINUTE), 60, [], [{ at: at(MINUTE), cause: 'reset' }])
      await store.saveSnapshot(snapshotOf(target, at(MINUTE), { statements: reading }), [STATEMENTS_FACT])
      expect(await store.breaks(target, { from: at(0), to: at(HOUR) })).toEqual([
        { at: at(MINUTE), factId: 'statements', cause: 'reset' },
      ])
    })
  })

  describe('series', () => {
    test('several rows are labelled by their key, one row has no label', async () => {
      const target = newTarget()
      const rows = [
        { name: 'orders', sizeBytes: 100, vacuumedAt: null },
        { name: 'lines', sizeBytes: 2 ** 40 + 1, vacuumedAt: null },
      ]
      await store.saveSnapshot(
        snapshotOf(target, at(MINUTE), {
          tables: { status: 'rows', rows, at: at(MINUTE), tookMs: 1 },
          database: intervalReading(at(MINUTE), 30, [{ commits: 60, rollbacks: 3 }]),
        }),
        [tables, databaseActivity],
      )
      const window = { from: at(0), to: at(HOUR) }
      const orders = [at(MINUTE), 100]
      expect(await store.seriesEnds(target, 'table-size', window)).toMatchObject([
        { labels: { key: 'orders' }, first: orders, last: orders },
        { labels: { key: 'lines' } },
      ])
      expect(await store.series(target, 'table-size', window)).toEqual([
        { name: 'table-size', unit: 'bytes', labels: { key: 'orders' }, points: [[at(MINUTE), 100]] },
        { name: 'table-size', unit: 'bytes', labels: { key: 'lines' }, points: [[at(MINUTE), 2 ** 40 + 1]] },
      ])
      expect(await store.series(target, 'commits', window)).toEqual([
        { name: 'commits', unit: 'perSecond', labels: {}, points: [[at(MINUTE), 2]] },
      ])
      expect(await store.series(target, 'rollback-ratio', window)).toHaveLength(1)
      expect(await store.series(target, 'nothing', window)).toEqual([])
    })

    test('beyond what is kept at full grain, means by hour and by day answer, without overlap', async () => {
      const target = newTarget()
      const from = Date.UTC(2026, 5, 1)
      for (let hour = 0; hour < 24 * 6; hour += 2) {
        const moment = new Date(from + hour * HOUR + 30 * MINUTE)
        await store.saveSnapshot(
          snapshotOf(target, moment, {
            tables: {
              status: 'rows',
              rows: [{ name: 'orders', sizeBytes: hour, vacuumedAt: null }],
              at: moment,
              tookMs: 1,
            },
          }),
          [tables],
        )
      }
      const now = new Date(from + 6 * DAY)
      const window = { from: new Date(from), to: now }
      const [week] = await store.series(target, 'table-size', window)
      expect(week?.points).toHaveLength(72)
      expect(week?.points.map(([, value]) => value)).toEqual([...Array(72).keys()].map((index) => index * 2))
      await store.applyRetention(POLICY, now)
      const [kept] = await store.series(target, 'table-size', window)
      // the last hour is a reading no longer but a mean, which stands at the hour's end
      expect(kept?.points.slice(0, -1)).toEqual(week?.points.slice(0, -1))
      expect(kept?.points.at(-1)).toEqual([new Date(now.getTime() - HOUR), 142])
      const year200 = { from: new Date(from - 200 * DAY), to: now }
      const [year] = await store.series(target, 'table-size', year200)
      // the ends are those of the same points, over days, hours and readings
      for (const window of [year200, { from: new Date(now.getTime() - 3 * DAY), to: now }]) {
        const [all] = await store.series(target, 'table-size', window)
        const [ends] = await store.seriesEnds(target, 'table-size', window)
        expect([ends?.first, ends?.last]).toEqual([all?.points[0], all?.points.at(-1)])
      }
      expect(year?.points.map(([, value]) => value)).toEqual([11, 35, 59, 83, 107, 131])
    })
  })

  describe('statements', () => {
    test('levels of one statement are summed, databases and users kept apart', async () => {
      const target = newTarget()
      await store.saveSnapshot(
        statementsSnapshot(target, at(MINUTE), [
          { queryId: '-9223372036854775808', calls: 1, totalExecMs: 5, isTopLevel: true },
          { queryId: '-9223372036854775808', calls: 2, totalExecMs: 6, isTopLevel: false },
          { queryId: '-9223372036854775808', calls: 4, totalExecMs: 1, user: 'batch' },
        ]),
        [STATEMENTS_FACT],
      )
      await store.saveTexts(target, new Map([['-9223372036854775808', 'select $1']]))
      const top = await store.topStatements(target, { from: at(0), to: at(HOUR) }, 'totalTime', 10)
      expect(top).toMatchObject([
        { queryId: '-9223372036854775808', user: 'app', calls: 3, totalExecMs: 11, text: 'select $1' },
        { queryId: '-9223372036854775808', user: 'batch', calls: 4, totalExecMs: 1 },
      ])
      const all = { from: at(0), to: at(HOUR) }
      expect(await store.statementTotals(target, '-9223372036854775808', all)).toEqual(top)
      expect(await store.statementTotals(target, '12', all)).toEqual([])
    })

    test.each([
      ['totalTime', ['3', '1', '2']],
      ['calls', ['1', '2', '3']],
      ['meanTime', ['3', '2', '1']],
      ['rows', ['2', '1', '3']],
      ['reads', ['1', '3', '2']],
      ['tempBlocks', ['2', '3', '1']],
    ] as const)('ordered by %s', async (order, expected) => {
      const target = newTarget()
      await store.saveSnapshot(
        statementsSnapshot(target, at(MINUTE), [
          { queryId: '1', calls: 9, totalExecMs: 20, rows: 5, sharedBlocksRead: 9, tempBlocksWritten: 0 },
          { queryId: '2', calls: 5, totalExecMs: 15, rows: 9, sharedBlocksRead: 0, tempBlocksWritten: 9 },
          { queryId: '3', calls: 1, totalExecMs: 30, rows: 1, sharedBlocksRead: 5, tempBlocksWritten: 5 },
        ]),
        [STATEMENTS_FACT],
      )
      const top = await store.topStatements(target, { from: at(0), to: at(HOUR) }, order, 3)
      expect(top.map((each) => each.queryId)).toEqual(expected)
    })

    test('roll-ups and readings add up to the same sums, whatever the window', async () => {
      const target = newTarget()
      const saved: {
        at: number
        statements: readonly Required<Pick<SyntheticStatement, 'queryId' | 'totalExecMs'>>[]
      }[] = []
      const random = pseudoRandom(7)
      // 17 days with gaps: a dense day, then every 37 minutes, then dense up to now
      const begin = Date.UTC(2026, 7, 30, 13, 7)
      let moment = begin
      while (moment < begin + 17 * DAY) {
        const isDense = moment < begin + 3 * HOUR || moment > begin + 17 * DAY - 3 * HOUR
        const statements = [...Array(5).keys()]
          .filter(() => random() < 0.7)
          .map((id) => ({
            queryId: String(id),
            calls: Math.floor(random() * 100) + 1,
            totalExecMs: Math.floor(random() * 1000),
          }))
        saved.push({ at: moment, statements })
        await store.saveSnapshot(statementsSnapshot(target, new Date(moment), statements), [STATEMENTS_FACT])
        moment += isDense ? MINUTE : 37 * MINUTE
      }
      const last = saved.at(-1)!.at
      const windows = [...Array(25)].map(() => {
        const from = begin + Math.floor(random() * (last - begin))
        return { from: new Date(from), to: new Date(from + Math.floor(random() * (last - from))) }
      })
      windows.push(
        { from: new Date(begin - HOUR), to: new Date(last) },
        { from: new Date(last - 6 * HOUR), to: new Date(last + MINUTE) },
        { from: new Date(last - 7 * DAY), to: new Date(last) },
        { from: new Date(last - 5 * MINUTE), to: new Date(last) },
      )
      for (const window of windows) {
        const exact = await store.statementWindow(target, window)
        const expected = new Map<string, number>()
        for (const each of saved) {
          if (each.at <= exact.from.getTime() || each.at > exact.to.getTime()) continue
          for (const { queryId, totalExecMs } of each.statements)
            expected.set(queryId, (expected.get(queryId) ?? 0) + totalExecMs)
        }
        const top = await store.topStatements(target, window, 'totalTime', 10)
        expect(new Map(top.map((each) => [each.queryId, each.totalExecMs])), JSON.stringify(window)).toEqual(
          new Map([...expected].sort(([a, x], [b, y]) => y - x || Number(a) - Number(b))),
        )
        // of one alone the same, also of one that did not run then
        const [first] = await store.statementTotals(target, '1', window)
        expect(first?.totalExecMs, JSON.stringify(window)).toBe(expected.get('1'))
        const sums = await store.statementSums(target, window)
        expect(sums.totalExecMs).toBe([...expected.values()].reduce((total, each) => total + each, 0))
        const covered = saved.filter(
          (each) => each.at > exact.from.getTime() && each.at <= exact.to.getTime(),
        )
        expect(sums.seconds, JSON.stringify(window)).toBe(covered.length * 60)
      }
    })

    test('history has a point a bucket, and a gap where nothing was read', async () => {
      const target = newTarget()
      for (const minute of [1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 20]) {
        const statements = minute === 3 ? [] : [{ queryId: '5', calls: minute, totalExecMs: 10 }]
        await store.saveSnapshot(
          statementsSnapshot(target, at(minute * MINUTE), [{ queryId: '6' }, ...statements]),
          [STATEMENTS_FACT],
        )
      }
      const window = { from: at(0), to: at(20 * MINUTE) }
      expect(await store.statementHistory(target, '5', window, 4)).toMatchObject([
        { at: at(5 * MINUTE), seconds: 300, calls: 12, totalExecMs: 40 },
        { at: at(10 * MINUTE), seconds: 60, calls: 6 },
        { at: at(20 * MINUTE), seconds: 300, calls: 90 },
      ])
      expect(await store.statementHistory(target, '404', window, 4)).toEqual([])
    })

    test('history over days comes from hours and the newest readings, each counted once', async () => {
      const target = newTarget()
      const begin = Date.UTC(2026, 8, 1)
      let expected = 0
      let seconds = 0
      for (let minute = 7; minute <= 3 * 24 * 60 + 13; minute += 11) {
        await store.saveSnapshot(
          statementsSnapshot(target, new Date(begin + minute * MINUTE), [
            { queryId: '5', calls: minute },
            { queryId: '5', calls: 1, isTopLevel: false },
          ]),
          [STATEMENTS_FACT],
        )
        expected += minute + 1
        seconds += 60
      }
      const window = { from: new Date(begin), to: new Date(begin + 3 * DAY + 13 * MINUTE) }
      const points = await store.statementHistory(target, '5', window, 30)
      const sum = (of: (point: (typeof points)[number]) => number) =>
        points.reduce((total, each) => total + of(each), 0)
      expect(sum((each) => each.calls)).toBe(expected)
      expect(sum((each) => each.seconds)).toBe(seconds)
      expect(points.length).toBeLessThanOrEqual(30)
      expect(points.at(-1)?.at).toEqual(window.to)
    })

    test.each([20, 200])('the first %i of many are whole, from readings and from sums', async (limit) => {
      const target = newTarget()
      for (const minute of [1, 2, 130, 262]) {
        await store.saveSnapshot(
          statementsSnapshot(
            target,
            at(minute * MINUTE),
            [...Array(300).keys()].map((id) => ({
              queryId: String(id),
              calls: 2,
              totalExecMs: 1_000 - id,
              rows: id,
              walBytes: 5,
            })),
          ),
          [STATEMENTS_FACT],
        )
      }
      const window = { from: at(MINUTE), to: at(262 * MINUTE) }
      const top = await store.topStatements(target, window, 'totalTime', limit)
      expect(top).toEqual(
        [...Array(limit).keys()].map((id) => ({
          queryId: String(id),
          database: 'shop',
          user: 'app',
          text: '',
          calls: 6,
          totalExecMs: 3 * (1_000 - id),
          rows: 3 * id,
          sharedBlocksHit: 0,
          sharedBlocksRead: 0,
          tempBlocksWritten: 0,
          walBytes: 15,
          blockReadMs: 0,
        })),
      )
    })

    test('a reading that comes late is counted', async () => {
      const target = newTarget()
      const save = (minute: number) =>
        store.saveSnapshot(
          statementsSnapshot(target, at(minute * MINUTE), [{ queryId: '1', calls: 1, totalExecMs: 1 }]),
          [STATEMENTS_FACT],
        )
      for (const minute of [5, 65, 130, 40]) await save(minute)
      const window = { from: at(-2 * DAY), to: at(3 * HOUR) }
      expect((await store.statementSums(target, window)).calls).toBe(4)
    })

    test('an interval that covers no time, as after a failover, says nothing', async () => {
      const target = newTarget()
      const reading = intervalReading(
        at(MINUTE),
        0,
        [statementRow({ queryId: '1' })],
        [{ at: at(MINUTE), cause: 'failover' }],
      )
      await store.saveSnapshot(snapshotOf(target, at(MINUTE), { statements: reading }), [STATEMENTS_FACT])
      expect(await store.topStatements(target, { from: at(0), to: at(HOUR) }, 'calls', 5)).toEqual([])
    })
  })

  describe('texts', () => {
    test('only unknown ones are asked for', async () => {
      const target = newTarget()
      expect(await store.missingTexts(target, ['1', '2'])).toEqual(['1', '2'])
      await store.saveTexts(target, new Map([['1', 'select 1']]))
      expect(await store.missingTexts(target, ['1', '2'])).toEqual(['2'])
    })

    test.each([
      ['a NUL byte', 'select \0 1', 'select  1'],
      [
        'quotes and backslashes',
        `select 'it''s', "a""b", '\\', $$x$$`,
        `select 'it''s', "a""b", '\\', $$x$$`,
      ],
      ['emoji', 'select 🐘', 'select 🐘'],
      ['half a surrogate pair', 'select \ud83d', 'select \ufffd'],
      ['a megabyte', 'x'.repeat(2 ** 20), 'x'.repeat(2 ** 20)],
      ['braces, commas and null', '{a,NULL,"b"}', '{a,NULL,"b"}'],
    ])('text with %s is stored', async (_, text, expected) => {
      const target = newTarget()
      await store.saveTexts(target, new Map([['1', text]]))
      await store.saveSnapshot(
        statementsSnapshot(target, at(MINUTE), [{ queryId: '1', database: text.slice(0, 60) }]),
        [STATEMENTS_FACT],
      )
      const [top] = await store.topStatements(target, { from: at(0), to: at(HOUR) }, 'calls', 1)
      expect(top?.text === expected).toBe(true)
      await store.saveChanges([change('opened', found(target, { summary: text }))], at(0))
      expect((await store.finding(target, found(target).key))?.summary === expected).toBe(true)
    })
  })

  describe('findings', () => {
    test('live from opened to resolved, with an event for each turn but not for each sight', async () => {
      const target = newTarget()
      const key = found(target).key
      await store.saveChanges([change('pending', found(target, { state: 'pending', openedAt: null }))], at(0))
      expect(await store.knownFindings(target, at(1_000))).toMatchObject([{ state: 'pending' }])
      await store.saveChanges([change('opened', found(target))], at(1))
      await store.saveChanges([change('persisted', found(target, { lastSeenAt: at(2) }))], at(2))
      await store.saveChanges([change('worsened', found(target, { severity: 'critical' }))], at(3))
      expect(await store.finding(target, key)).toEqual(found(target, { severity: 'critical' }))
      await store.saveChanges(
        [change('resolved', found(target, { state: 'resolved', resolvedAt: at(4), severity: 'critical' }))],
        at(4),
      )
      expect(await store.knownFindings(target, at(1_000))).toEqual([])
      expect(await store.findings({ targetId: target })).toMatchObject([{ state: 'resolved' }])
      expect((await store.findingHistory(target, key)).map((each) => each.transition)).toEqual([
        'opened',
        'worsened',
        'resolved',
      ])
    })

    test('one that passes while pending is forgotten', async () => {
      const target = newTarget()
      const pending = found(target, { state: 'pending', openedAt: null })
      await store.saveChanges([change('pending', pending)], at(0))
      await store.saveChanges([change('forgotten', pending)], at(1))
      expect(await store.findings({ targetId: target })).toEqual([])
    })

    test('one that was resolved, and is held back and passes, is resolved as it was (N1)', async () => {
      const target = newTarget()
      const key = found(target).key
      const openings = [at(0)]
      const resolved = found(target, { state: 'resolved', openedAt: at(0), resolvedAt: at(1), openings })
      const pending = found(target, { state: 'pending', openedAt: null, openings })
      await store.saveChanges([change('opened', found(target, { openedAt: at(0), openings }))], at(0))
      await store.saveChanges([change('resolved', resolved)], at(1))
      await store.saveChanges([change('pending', pending)], at(2))
      expect(await store.finding(target, key)).toMatchObject({ state: 'pending', resolvedAt: null })
      await store.saveChanges([change('forgotten', pending)], at(3))
      expect(await store.finding(target, key)).toEqual(resolved)
      expect(await store.knownFindings(target, at(0))).toMatchObject([{ state: 'resolved', openings }])
      // and opens again
      await store.saveChanges([change('opened', found(target, { openedAt: at(4) }))], at(4))
      expect(await store.finding(target, key)).toMatchObject({ state: 'open', resolvedAt: null })
    })

    test('worst first, filtered and limited', async () => {
      const target = newTarget()
      await store.saveChanges(
        [
          change('opened', found(target, { key: 'b', severity: 'info' })),
          change('opened', found(target, { key: 'a', severity: 'critical' })),
          change('opened', found(target, { key: 'c', severity: 'warning' })),
        ],
        at(0),
      )
      const keys = (list: readonly OpenFinding[]) => list.map((each) => each.key)
      expect(keys(await store.findings({ targetId: target }))).toEqual(['a', 'c', 'b'])
      expect(keys(await store.findings({ targetId: target, limit: 1 }))).toEqual(['a'])
      expect(await store.findings({ targetId: target, states: ['muted'] })).toEqual([])
    })

    test('the whole finding comes back, remedy and all', async () => {
      const target = newTarget()
      const remedy = {
        sql: ['vacuum orders'],
        undo: null,
        lock: 'share update exclusive' as const,
        caution: 'reads the table',
      }
      await store.saveChanges([change('opened', found(target, { remedy }))], at(0))
      expect(await store.finding(target, found(target).key)).toEqual(found(target, { remedy }))
    })
  })

  describe('decisions', () => {
    test('a mute hides a finding and an unmute shows it again, both on record', async () => {
      const target = newTarget()
      const key = found(target).key
      await store.saveChanges([change('opened', found(target))], at(0))
      await store.decide(mute(target))
      expect(await store.finding(target, key)).toMatchObject({
        state: 'muted',
        mutedUntil: at(3 * DAY),
        muteReason: 'rebuilt on Sunday',
      })
      await store.decide(mute(target, { action: 'unmute', reason: 'not yet', expiresAt: null }))
      expect(await store.finding(target, key)).toMatchObject({
        state: 'open',
        mutedUntil: null,
        muteReason: null,
      })
      expect((await store.decisions(target)).map((each) => each.action)).toEqual(['waive', 'unmute'])
      expect(await store.decisions(target, 'other')).toEqual([])
      expect(await store.findingHistory(target, key)).toMatchObject([
        { transition: 'opened', actor: null },
        { transition: 'muted', actor: 'ada', reason: 'rebuilt on Sunday' },
        { transition: 'unmuted', actor: 'ada', reason: 'not yet' },
      ])
    })

    test('a mute survives a round that was evaluated before it, an unmute too', async () => {
      const target = newTarget()
      const key = found(target).key
      await store.saveChanges([change('opened', found(target))], at(0))
      await store.decide(mute(target))
      await store.saveChanges([change('persisted', found(target))], at(1))
      expect(await store.finding(target, key)).toMatchObject({ state: 'muted', mutedUntil: at(3 * DAY) })
      const muted = (await store.finding(target, key))!
      await store.decide(mute(target, { action: 'unmute', expiresAt: null }))
      await store.saveChanges([change('persisted', muted)], at(2))
      expect(await store.finding(target, key)).toMatchObject({ state: 'open', mutedUntil: null })
    })

    test('a finding that grew worse is shown although it was muted', async () => {
      const target = newTarget()
      await store.saveChanges([change('opened', found(target))], at(0))
      await store.decide(mute(target))
      await store.saveChanges([change('worsened', found(target, { severity: 'critical' }))], at(1))
      expect(await store.finding(target, found(target).key)).toMatchObject({
        state: 'open',
        mutedUntil: null,
      })
    })

    test.each([
      ['without an end', 'warning', { expiresAt: null }],
      ['without a reason', 'warning', { reason: '  ' }],
      ['that ends in the past', 'warning', { expiresAt: at(-1) }],
      ['of a quarter and a day', 'warning', { expiresAt: at(91 * DAY) }],
      ['of a critical finding for eight days', 'critical', { expiresAt: at(8 * DAY) }],
    ] as const)('a mute %s is refused', async (_, severity, more) => {
      const target = newTarget()
      await store.saveChanges([change('opened', found(target, { severity }))], at(0))
      await expect(store.decide(mute(target, more))).rejects.toMatchObject({ code: 'mute-refused' })
      expect(await store.finding(target, found(target).key)).toMatchObject({ state: 'open' })
      expect(await store.decisions(target)).toEqual([])
    })

    test('a proposal stands in the history and leaves the finding as it is; of an unknown finding it is refused', async () => {
      const target = newTarget()
      await store.saveChanges([change('opened', found(target))], at(0))
      const proposal = { action: 'propose', actor: 'agent', reason: 'drop it', expiresAt: null } as const
      await store.decide(mute(target, proposal))
      expect(await store.finding(target, found(target).key)).toMatchObject({
        state: 'open',
        muteReason: null,
      })
      expect((await store.findingHistory(target, found(target).key)).at(-1)).toMatchObject({
        transition: 'proposed',
        actor: 'agent',
        reason: 'drop it',
      })
      expect(await store.decisions(target)).toMatchObject([proposal])
      await expect(store.decide(mute(target, { ...proposal, findingKey: 'nothing' }))).rejects.toMatchObject({
        code: 'finding-unknown',
      })
    })

    test('a critical finding may be muted for a week', async () => {
      const target = newTarget()
      await store.saveChanges([change('opened', found(target, { severity: 'critical' }))], at(0))
      await store.decide(mute(target, { expiresAt: at(7 * DAY) }))
      expect(await store.finding(target, found(target).key)).toMatchObject({ state: 'muted' })
    })

    test('a mute of what is not there is refused', async () => {
      const target = newTarget()
      await expect(store.decide(mute(target))).rejects.toMatchObject({ code: 'finding-unknown' })
    })

    test('other decisions need no finding', async () => {
      const target = newTarget()
      const decision = mute(target, { action: 'promote-baseline', findingKey: null, expiresAt: null })
      await store.decide(decision)
      expect(await store.decisions(target)).toEqual([decision])
    })
  })

  test('the latest outcome of each check is kept', async () => {
    const target = newTarget()
    await store.saveOutcomes(target, [{ status: 'quiet', checkId: 'a' }], at(0))
    await store.saveOutcomes(
      target,
      [
        { status: 'skipped', checkId: 'a', because: 'no statistics yet' },
        { status: 'failed', checkId: 'b', error: new Error('broken\0') },
      ],
      at(1),
    )
    expect(await store.latestOutcomes(target)).toEqual([
      { checkId: 'a', status: 'skipped', because: 'no statistics yet', at: at(1) },
      { checkId: 'b', status: 'failed', because: 'broken', at: at(1) },
    ])
  })

  const leased = async (target: string, holder: string, now: Date) =>
    (await store.lease([target], holder, MINUTE, now)).has(target)

  test('one of two holders has the lease until it ends or is given back', async () => {
    const target = newTarget()
    expect(await leased(target, 'one', at(0))).toBe(true)
    expect(await leased(target, 'two', at(30_000))).toBe(false)
    expect(await leased(target, 'one', at(40_000))).toBe(true)
    expect(await leased(target, 'two', at(70_000))).toBe(false)
    expect(await leased(target, 'two', at(100_000))).toBe(true)
    expect(await leased(target, 'one', at(100_000))).toBe(false)
    await store.releaseLeases('two')
    expect(await leased(target, 'one', at(100_001))).toBe(true)
  })

  test('a lease that reaches further than any was made by a clock put forward, and is not waited for', async () => {
    const target = newTarget()
    expect(await leased(target, 'put forward', at(HOUR))).toBe(true)
    expect(await leased(target, 'restarted', at(0))).toBe(true)
    expect(await leased(target, 'put forward', at(30_000))).toBe(false)
  })

  test('of several targets those are leased that nobody else has, by the clock of the store', async () => {
    const [taken, free, given] = [newTarget(), newTarget(), newTarget()]
    await store.lease([taken, given], 'one', MINUTE)
    await store.lease([given], 'two', MINUTE)
    expect(await store.lease([taken, free, given], 'two', MINUTE)).toEqual(new Set([free]))
    await store.releaseLeases('one')
    expect(await store.lease([given, free, taken], 'two', MINUTE)).toEqual(new Set([taken, free, given]))
    expect(await store.lease([], 'two', MINUTE)).toEqual(new Set())
  })

  test('of many who ask at once, one gets the lease', async () => {
    const target = newTarget()
    const answers = await Promise.all(
      [...Array(8).keys()].map((holder) => leased(target, `holder ${holder}`, at(0))),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('of a target never heard of, there is nothing', async () => {
    const window = { from: at(0), to: at(HOUR) }
    expect(await store.series('nobody', 'x', window)).toEqual([])
    expect(await store.seriesEnds('nobody', 'x', window)).toEqual([])
    expect(await store.topStatements('nobody', window, 'calls', 5)).toEqual([])
    expect(await store.statementTotals('nobody', '1', window)).toEqual([])
    expect(await store.statementHistory('nobody', '1', window, 5)).toEqual([])
    expect(await store.statementSums('nobody', window)).toEqual({ totalExecMs: 0, calls: 0, seconds: 0 })
    expect(await store.knownFindings('nobody', at(0))).toEqual([])
    expect(await store.finding('nobody', 'x')).toBeNull()
    expect(await store.latestOutcomes('nobody')).toEqual([])
    expect(await store.breaks('nobody', window)).toEqual([])
    expect(await store.missingTexts('nobody', ['1'])).toEqual(['1'])
  })

  // Last: these remove what is old, of every target.
  describe('retention', () => {
    const FUTURE = Date.UTC(2030, 0, 1)
    const moment = (ms: number) => new Date(FUTURE + ms)
    const savedDays = async (target: string, days: number) => {
      for (let hour = 0; hour < days * 24; hour += 3) {
        await store.saveSnapshot(
          statementsSnapshot(target, moment(hour * HOUR + 5 * MINUTE), [
            { queryId: '1', calls: 1, totalExecMs: 2 },
          ]),
          [STATEMENTS_FACT],
        )
      }
    }

    test('drops readings past their time whole days at once, and their sums stay', async () => {
      const target = newTarget()
      await savedDays(target, 5)
      const now = moment(5 * DAY)
      const result = await store.applyRetention(POLICY, now)
      expect(result.droppedPartitions).toContain('statement_interval_20300101')
      expect(result.droppedPartitions).not.toContain('statement_interval_20300104')
      expect(result.sizeBytes).toBeGreaterThan(0)
      const window = { from: moment(0), to: now }
      expect(await store.statementSums(target, window)).toMatchObject({ calls: 40, totalExecMs: 80 })
      expect((await store.applyRetention(POLICY, now)).droppedPartitions).toEqual([])
    })

    test('resolved findings go with their events, decisions stay', async () => {
      const target = newTarget()
      const key = found(target).key
      await store.saveChanges([change('opened', found(target))], at(0))
      await store.decide(mute(target))
      const resolved = found(target, { state: 'resolved', resolvedAt: at(1) })
      await store.saveChanges([change('resolved', resolved)], at(1))
      await store.applyRetention(POLICY, at(29 * DAY))
      expect(await store.finding(target, key)).not.toBeNull()
      await store.applyRetention(POLICY, at(31 * DAY))
      expect(await store.finding(target, key)).toBeNull()
      expect(await store.findingHistory(target, key)).toEqual([])
      expect(await store.decisions(target)).toHaveLength(1)
    })

    test('a store past its size loses its oldest readings first, and never those of today', async () => {
      const target = newTarget()
      await savedDays(target, 4)
      const now = moment(4 * DAY - HOUR)
      const keepAll = { ...POLICY, rawMs: 900 * DAY, hourlyMs: 900 * DAY, dailyMs: 900 * DAY }
      const { sizeBytes } = await store.applyRetention(keepAll, now)
      const result = await store.applyRetention({ ...keepAll, maxBytes: sizeBytes - 1 }, now)
      expect(result.droppedPartitions).toHaveLength(1)
      expect(result.sizeBytes).toBeLessThan(sizeBytes)
      const all = await store.applyRetention({ ...keepAll, maxBytes: 1 }, now)
      expect(all.droppedPartitions).not.toContain('statement_interval_20300104')
      await store.saveSnapshot(statementsSnapshot(target, now, [{ queryId: '1', calls: 5 }]), [
        STATEMENTS_FACT,
      ])
      const newest = { from: new Date(now.getTime() - MINUTE), to: now }
      expect((await store.statementSums(target, newest)).calls).toBe(5)
    })
  })
}

/** Mulberry32: the same numbers each run, so that a failure can be repeated. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
