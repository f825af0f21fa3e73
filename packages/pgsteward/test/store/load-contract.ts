// What every store must do with load runs, baselines and comparisons, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BASELINE_FORMAT, type Baseline } from '../../src/model/baseline.ts'
import { COMPARISON_FORMAT, type Comparison } from '../../src/model/comparison.ts'
import { type LoadRun, loadRunSchema } from '../../src/model/load-run.ts'
import type { RetentionPolicy, Store } from '../../src/store/store.ts'
import { madeRun } from './made-run.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (days: number) => new Date(T0 + days * DAY)

const POLICY: RetentionPolicy = {
  rawMs: 400 * DAY,
  hourlyMs: 400 * DAY,
  dailyMs: 400 * DAY,
  resolvedFindingsMs: 400 * DAY,
  slowQueriesMs: 400 * DAY,
  slowQueriesMaxBytes: 1e9,
  maxBytes: null,
}

function baselineOf(name: string, runs: readonly LoadRun[], more: Partial<Baseline> = {}): Baseline {
  return {
    format: BASELINE_FORMAT,
    name,
    scenario: { id: runs[0]!.scenario.id, hash: runs[0]!.scenario.hash },
    hostClass: runs[0]!.environment.hostClass,
    status: 'active',
    createdAt: at(0).toISOString(),
    promoted: { at: at(1).toISOString(), by: 'ci', reason: 'first' },
    runs: [...runs],
    noise: [],
    ...more,
  }
}

const comparisonOf = (verdict: Comparison['verdict'], scenario: string): Comparison => ({
  format: COMPARISON_FORMAT,
  verdict,
  summary: `it is ${verdict}`,
  scenario: { id: scenario, hash: 'h' },
  design: 'stored',
  baseRuns: 1,
  headRuns: 1,
  invalid: [],
  series: [],
  comparisons: 0,
  inconclusive: 0,
  causes: [],
  isNewBaselineDue: false,
  notes: [],
})

export function loadContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  test('of load that never was there is nothing', async () => {
    expect(await store.loadRuns({ limit: 10 })).toEqual([])
    expect(await store.loadRun('none')).toBe(null)
    expect(await store.runFigures('none', 'all', 10)).toEqual([])
    expect(await store.baselines()).toEqual([])
    expect(await store.baselineOf('17')).toBe(null)
    expect(await store.baselineOf('no number')).toBe(null)
    expect(await store.comparisons(null, 10)).toEqual([])
  })

  describe('runs', () => {
    test('come back as they were, the latest first, with what a list shows of them', async () => {
      const run = madeRun({
        id: 'whole-2',
        scenario: 'whole',
        startedAt: at(2),
        over: {
          ended: 'threshold',
          invalid: [{ reason: 'dropped-arrivals', detail: '214 arrivals were dropped' }],
          thresholds: [
            { text: 'p95 below 10 ms', value: 70, isMet: false },
            { text: 'errors below 1 %', value: 0, isMet: true },
          ],
          experiment: { id: 'e1', design: 'interleaved', side: 'head', repetition: 1 },
        },
      })
      await store.saveLoadRun(run, at(2))
      await store.saveLoadRun(madeRun({ id: 'whole-1', scenario: 'whole', startedAt: at(1) }), at(3))
      const listed = await store.loadRuns({ scenario: 'whole', limit: 10 })
      expect(listed.map(({ id }) => id)).toEqual(['whole-2', 'whole-1'])
      expect(listed[0]).toMatchObject({
        startedAt: at(2),
        scenario: run.scenario,
        engine: 'node',
        requests: 600,
        p95Ms: run.series[0]!.percentiles.p95Ms,
        invalid: ['214 arrivals were dropped'],
        thresholds: 2,
        crossed: ['p95 below 10 ms'],
        hostClass: 'host-a',
        gitSha: '0123456789abcdef',
        experimentId: 'e1',
        experimentSide: 'head',
        leftOut: [],
      })
      const found = await store.loadRun('whole-2')
      expect(found!.run).toEqual(run)
      expect(loadRunSchema.parse(found!.run)).toEqual(run)
      expect(await store.loadRuns({ scenario: 'whole', limit: 1 })).toHaveLength(1)
      expect(await store.experimentRuns('e1', 'head')).toEqual(['whole-2'])
      expect(await store.experimentRuns('e1', 'base')).toEqual([])
    })

    test('that are sent twice are one, the later kept', async () => {
      await store.saveLoadRun(madeRun({ id: 'twice', scenario: 'twice' }), at(0))
      await store.saveLoadRun(madeRun({ id: 'twice', scenario: 'twice', meanMs: 80 }), at(0))
      const listed = await store.loadRuns({ scenario: 'twice', limit: 10 })
      expect(listed).toHaveLength(1)
      expect(await store.runFigures('twice', 'all', 10)).toHaveLength(1)
      expect(listed[0]!.p95Ms).toBeGreaterThan(100)
    })

    test('lose what no store holds, and keep the rest', async () => {
      const run = madeRun({ id: 'hostile', scenario: 'hostile', over: { tags: { note: 'a\0b\ud800' } } })
      await store.saveLoadRun(run, at(0))
      expect((await store.loadRun('hostile'))!.run!.tags.note).toBe('ab\ufffd')
    })

    test('have a history of each endpoint, the oldest first, the latest of many', async () => {
      for (const day of [3, 1, 2])
        await store.saveLoadRun(
          madeRun({ id: `h${day}`, scenario: 'history', startedAt: at(day), meanMs: day * 10 }),
          at(4),
        )
      const figures = await store.runFigures('history', 'POST /api/messages', 10)
      expect(figures.map(({ run }) => run.id)).toEqual(['h1', 'h2', 'h3'])
      expect(figures[2]!.p50Ms).toBeCloseTo(45, 0)
      expect(figures[0]!.p99Ms).toBeLessThan(figures[1]!.p99Ms!)
      expect((await store.runFigures('history', 'all', 2)).map(({ run }) => run.id)).toEqual(['h2', 'h3'])
      expect(await store.runFigures('history', 'GET /nowhere', 10)).toEqual([])
    })

    test('beyond the size lose the bodies of the oldest, and keep their figures', async () => {
      const sized = [1, 2, 3].map((day) =>
        madeRun({ id: `s${day}`, scenario: 'size', startedAt: at(100 + day) }),
      )
      for (const run of sized) await store.saveLoadRun(run, at(110))
      const withBody = async () => {
        const found = await Promise.all(sized.map(({ id }) => store.loadRun(id)))
        return found.filter((each) => each!.run !== null).map((each) => each!.kept.id)
      }
      expect(await withBody()).toHaveLength(3)
      for (let most = 20_000; most > 0 && (await withBody()).length > 1; most -= 400)
        await store.saveLoadRun(sized[2]!, at(110), most)
      expect(await withBody()).toEqual(['s3'])
      expect((await store.loadRun('s1'))!.kept).toMatchObject({ leftOut: ['body'], requests: 600 })
      expect(await store.runFigures('size', 'all', 10)).toHaveLength(3)
    })
  })

  describe('baselines', () => {
    test('are kept by name, scenario and class of host; the newer replaces', async () => {
      const runs = [1, 2].map((n) => madeRun({ id: `b${n}`, scenario: 'base', meanMs: n * 20 }))
      const id = await store.saveBaseline(baselineOf('main', runs))
      const again = baselineOf('main', runs.slice(0, 1), { status: 'candidate', promoted: null })
      expect(await store.saveBaseline(again)).toBe(id)
      const elsewhere = await store.saveBaseline(baselineOf('main', runs, { hostClass: 'host-b' }))
      expect(elsewhere).not.toBe(id)
      expect(await store.baselineOf(id)).toEqual(again)
      const listed = (await store.baselines()).filter(({ scenario }) => scenario.id === 'base')
      expect(listed).toMatchObject(
        [
          {
            id,
            status: 'candidate',
            runIds: ['b1'],
            promotedAt: null,
            p50Ms: runs[0]!.series[0]!.percentiles.p50Ms,
          },
          {
            id: elsewhere,
            hostClass: 'host-b',
            promotedBy: 'ci',
            promotedWhy: 'first',
            runIds: ['b1', 'b2'],
          },
        ].toSorted(
          (one, other) =>
            listed.findIndex((each) => each.id === one.id) - listed.findIndex((each) => each.id === other.id),
        ),
      )
    })
  })

  describe('comparisons', () => {
    test('are found by their head, the same question replaces its answer', async () => {
      const made = (verdict: Comparison['verdict'], base: string, head: string) => ({
        base,
        head,
        baseIds: base.split(','),
        headIds: head.split(','),
        comparison: comparisonOf(verdict, 'compared'),
      })
      await store.saveComparison(made('inconclusive', 'a,b', 'c'), at(1))
      await store.saveComparison(made('fail', 'a,b', 'c'), at(2))
      await store.saveComparison(made('pass', 'a', 'd,e'), at(3))
      expect(await store.comparisons(['c'], 10)).toMatchObject([
        { at: at(2), base: 'a,b', headIds: ['c'], verdict: 'fail', summary: 'it is fail', design: 'stored' },
      ])
      expect((await store.comparisons(['c', 'e'], 10)).map(({ verdict }) => verdict)).toEqual([
        'pass',
        'fail',
      ])
      expect(await store.comparisons(null, 1)).toHaveLength(1)
      expect(await store.comparisons(['z'], 10)).toEqual([])
    })
  })

  test('retention forgets runs and comparisons past their time, and no baseline', async () => {
    await store.saveLoadRun(madeRun({ id: 'old', scenario: 'kept', startedAt: at(0) }), at(0))
    await store.saveLoadRun(madeRun({ id: 'new', scenario: 'kept', startedAt: at(5) }), at(5))
    const before = (await store.baselines()).length
    await store.applyRetention({ ...POLICY, loadRunsMs: 3 * DAY }, at(6))
    expect((await store.loadRuns({ scenario: 'kept', limit: 10 })).map(({ id }) => id)).toEqual(['new'])
    expect((await store.runFigures('kept', 'all', 10)).map(({ run }) => run.id)).toEqual(['new'])
    expect((await store.comparisons(null, 10)).map(({ verdict }) => verdict)).toEqual(['pass'])
    expect(await store.baselines()).toHaveLength(before)
    await store.applyRetention({ ...POLICY, loadRunsMs: 30 * DAY, loadRunsMaxBytes: 0 }, at(6))
    expect((await store.loadRun('new'))!).toMatchObject({ run: null, kept: { leftOut: ['body'] } })
  })
}
