// What every store must keep of plans and of what happened to targets, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlanSight } from '../../src/model/plan.ts'
import type { PlanNode } from '../../src/model/what-if.ts'
import { planShape } from '../../src/plans/plan-shape.ts'
import type { Store } from '../../src/store/store.ts'
import { STATEMENTS_FACT, statementsSnapshot } from './synthetic.ts'

const MINUTE = 60_000
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (minutes: number) => new Date(T0 + minutes * MINUTE)
const between = (from: number, to: number) => ({ from: at(from), to: at(to) })

const node = (type: string, cost: number, more: Partial<PlanNode> = {}): PlanNode => ({
  'Node Type': type,
  'Startup Cost': 0,
  'Total Cost': cost,
  'Plan Rows': 1,
  'Plan Width': 8,
  ...more,
})
const BY_INDEX = node('Index Scan', 8.2, { 'Relation Name': 'parcel', 'Index Name': 'parcel_weight' })
const SCANNED = node('Seq Scan', 1200, { 'Relation Name': 'parcel', Filter: '(note = $1) \u0000' })

const sight = (minutes: number, plan: PlanNode, more: Partial<PlanSight> = {}): PlanSight => ({
  at: at(minutes),
  queryId: '-77',
  fingerprint: 'f77',
  database: 'shop',
  shape: planShape(plan).hash,
  plan,
  isAnalyzed: false,
  source: 'generic',
  parameters: null,
  text: 'select * from parcel where note = $1',
  durationMs: null,
  ...more,
})

export function planContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  const newTarget = () => `planned-${++targets}`
  const statementsAt = (target: string, minutes: number, calls: number, meanMs: number, queryId = '-77') =>
    store.saveSnapshot(
      statementsSnapshot(target, at(minutes), [{ queryId, calls, totalExecMs: calls * meanMs }]),
      [STATEMENTS_FACT],
    )

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  test('of a target that is not known there are no plans', async () => {
    expect(await store.plansOf('nowhere', { queryId: '1' })).toEqual([])
    expect(await store.currentPlans('nowhere', between(0, 1))).toEqual([])
    expect(await store.planChanges('nowhere', between(0, 1))).toEqual([])
    expect(await store.targetEvents('nowhere', between(0, 1))).toEqual([])
  })

  describe('plans', () => {
    test('are kept once a shape, with first and last sight, and the latest costs', async () => {
      const target = newTarget()
      await store.savePlans(target, [sight(0, BY_INDEX)])
      await store.savePlans(target, [sight(10, { ...BY_INDEX, 'Total Cost': 9.5 })])
      expect(await store.plansOf(target, { queryId: '-77' })).toMatchObject([
        {
          queryId: '-77',
          seen: 2,
          totalCost: 9.5,
          firstSeenAt: at(0),
          lastSeenAt: at(10),
          plan: { 'Index Name': 'parcel_weight', 'Total Cost': 9.5 },
        },
      ])
    })

    test('that come late do not replace later ones', async () => {
      const target = newTarget()
      await store.savePlans(target, [sight(10, BY_INDEX), sight(5, { ...BY_INDEX, 'Total Cost': 1 })])
      await store.savePlans(target, [sight(3, { ...BY_INDEX, 'Total Cost': 2 })])
      expect(await store.plansOf(target, { queryId: '-77' })).toMatchObject([
        { seen: 3, totalCost: 8.2, firstSeenAt: at(3), lastSeenAt: at(10) },
      ])
      expect(await store.planChanges(target, between(-1, 20))).toEqual([])
    })

    test('keep the order of their fields and lose what no store holds', async () => {
      const target = newTarget()
      await store.savePlans(target, [sight(0, SCANNED)])
      const [found] = await store.plansOf(target, { fingerprint: 'f77' })
      expect(Object.keys(found!.plan)).toEqual(Object.keys(SCANNED))
      expect(found!.plan.Filter).toBe('(note = $1) ')
    })

    test('known by fingerprint alone belong to the statement that has it', async () => {
      const target = newTarget()
      await store.saveTexts(target, new Map([['-78', 'select weight from parcel where id = $1']]))
      const { fingerprintOf } = await import('../../src/sql/fingerprint.ts')
      const fingerprint = fingerprintOf('select weight from parcel where id = $1')
      await store.savePlans(target, [
        sight(0, SCANNED, {
          queryId: null,
          fingerprint,
          source: 'auto_explain',
          isAnalyzed: true,
          durationMs: 12,
        }),
      ])
      expect(await store.plansOf(target, { queryId: '-78' })).toMatchObject([
        { queryId: '-78', durationMs: 12, isAnalyzed: true },
      ])
    })

    test('in use: the last seen of each statement, the heaviest first, the executed one before others of its shape', async () => {
      const target = newTarget()
      await statementsAt(target, 0, 1, 1, '-79')
      await statementsAt(target, 1, 10, 100)
      await statementsAt(target, 2, 10, 1, '-79')
      await store.savePlans(target, [
        sight(1, BY_INDEX),
        sight(2, SCANNED, { source: 'auto_explain', isAnalyzed: true, durationMs: 40 }),
        sight(3, SCANNED),
        sight(4, BY_INDEX, { queryId: '-79', fingerprint: 'f79' }),
        sight(-90, BY_INDEX, { queryId: '-80', fingerprint: 'f80' }),
      ])
      const current = await store.currentPlans(target, between(-10, 10))
      expect(current.map(({ queryId, isAnalyzed }) => [queryId, isAnalyzed])).toEqual([
        ['-77', true],
        ['-79', false],
      ])
      expect(await store.currentPlans(target, between(-10, 10), 1)).toHaveLength(1)
    })

    test('in use: what was executed counts for half an hour over what was asked for since', async () => {
      const target = newTarget()
      await store.savePlans(target, [
        sight(0, SCANNED, { source: 'auto_explain', isAnalyzed: true, durationMs: 40 }),
        sight(20, BY_INDEX),
      ])
      expect(await store.currentPlans(target, between(-10, 29))).toMatchObject([{ isAnalyzed: true }])
      expect(await store.currentPlans(target, between(-10, 31))).toMatchObject([{ isAnalyzed: false }])
    })

    test('of one statement are bounded in number', async () => {
      const target = newTarget()
      const many = [...Array(30).keys()].map((n) => sight(n, { ...BY_INDEX, 'Index Name': `i${n}x` }))
      await store.savePlans(target, many)
      const kept = await store.plansOf(target, { queryId: '-77' })
      expect(kept).toHaveLength(20)
      expect(kept[0]!.lastSeenAt).toEqual(at(29))
    })
  })

  describe('changes of plan', () => {
    test('are dated between two sights, with what a call took before and after and what parts the two', async () => {
      const target = newTarget()
      for (const minute of [0, 1, 2, 3, 4, 5, 6]) await statementsAt(target, minute, 20, minute <= 3 ? 2 : 50)
      await store.savePlans(target, [sight(1, BY_INDEX), sight(3, BY_INDEX), sight(4, SCANNED)])
      await store.savePlans(target, [sight(6, SCANNED)])
      const [change, ...more] = await store.planChanges(target, between(0, 6))
      expect(more).toEqual([])
      expect(change).toMatchObject({
        queryId: '-77',
        notBefore: at(3),
        at: at(4),
        difference: 'Index Scan on parcel: Node Type "Seq Scan", not "Index Scan"',
        flips: 1,
        meanMsBefore: 2,
        meanMsAfter: 50,
        callsPerMinuteBefore: 20,
        callsPerMinuteAfter: 20,
        from: { plan: BY_INDEX },
        to: { shape: planShape(SCANNED).hash },
      })
      expect(await store.planChanges(target, between(4, 6))).toEqual([])
    })

    test('without calls before or after say so', async () => {
      const target = newTarget()
      await store.savePlans(target, [sight(1, BY_INDEX), sight(4, SCANNED)])
      expect(await store.planChanges(target, between(0, 6))).toMatchObject([
        { meanMsBefore: null, meanMsAfter: null, callsPerMinuteBefore: 0 },
      ])
    })

    test('to and fro are told once, with their number', async () => {
      const target = newTarget()
      await store.savePlans(
        target,
        [...Array(8).keys()].map((n) => sight(n, n % 2 === 0 ? BY_INDEX : SCANNED)),
      )
      expect(await store.planChanges(target, between(-1, 10))).toMatchObject([
        { at: at(7), flips: 7, to: { shape: planShape(SCANNED).hash } },
      ])
    })

    test('are none between plans of different sources', async () => {
      const target = newTarget()
      await store.savePlans(target, [
        sight(1, BY_INDEX),
        sight(2, SCANNED, { source: 'auto_explain' }),
        sight(3, BY_INDEX),
      ])
      expect(await store.planChanges(target, between(0, 10))).toEqual([])
    })

    test('come with what happened before them, that of their tables first', async () => {
      const target = newTarget()
      const events = [
        { at: at(2), kind: 'statistics' as const, subject: 'public.other', detail: 'analyzed' },
        { at: at(1), kind: 'settings' as const, subject: 'work_mem', detail: '4MB to 64kB' },
        {
          at: at(-20),
          kind: 'schema' as const,
          subject: 'public.parcel',
          detail: 'index parcel_weight dropped',
        },
        { at: at(-120), kind: 'schema' as const, subject: 'public.parcel', detail: 'long ago' },
        { at: at(5), kind: 'deployment' as const, subject: 'shop', detail: 'after the change' },
      ]
      await store.saveTargetEvents(target, events)
      await store.saveTargetEvents(target, events.slice(0, 2))
      await store.savePlans(target, [sight(0, BY_INDEX), sight(4, SCANNED)])
      const [change] = await store.planChanges(target, between(-10, 10))
      expect(change!.events).toEqual([events[2], events[1], events[0]])
      expect(await store.targetEvents(target, between(-10, 10))).toEqual([events[4], events[0], events[1]])
    })
  })

  test('retention forgets plans that were not seen for as long as hourly figures are kept', async () => {
    const target = newTarget()
    await store.savePlans(target, [sight(0, BY_INDEX), sight(60 * 24 * 5, SCANNED)])
    await store.saveTargetEvents(target, [
      { at: at(0), kind: 'restart', subject: 'server', detail: 'restarted' },
    ])
    const day = 86_400_000
    const policy = {
      rawMs: day,
      hourlyMs: 3 * day,
      dailyMs: 9 * day,
      resolvedFindingsMs: day,
      slowQueriesMs: day,
      slowQueriesMaxBytes: 1e9,
      maxBytes: null,
    }
    await store.applyRetention(policy as never, at(60 * 24 * 5 + 1))
    expect((await store.plansOf(target, { queryId: '-77' })).map(({ shape }) => shape)).toEqual([
      planShape(SCANNED).hash,
    ])
    expect(await store.planChanges(target, between(-10, 60 * 24 * 6))).toEqual([])
    expect(await store.targetEvents(target, between(-10, 60 * 24 * 6))).toEqual([])
  })
}
