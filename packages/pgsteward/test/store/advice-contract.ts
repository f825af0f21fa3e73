// What every store must keep of advice and of indexes that appeared, as a suite that both backends run. Imported by tests only.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdviceReport } from '../../src/model/advice.ts'
import type { IndexEffect } from '../../src/model/index-effect.ts'
import type { Store } from '../../src/store/store.ts'

const MINUTE = 60_000
const T0 = Date.UTC(2026, 9, 5, 8, 0)
const at = (minutes: number) => new Date(T0 + minutes * MINUTE)

const report = (target: string) =>
  ({ target, indexes: [], notes: ["it's \u0000 quoted"] }) as unknown as AdviceReport
const workload = {
  source: 'history' as const,
  statements: 3,
  from: at(-100),
  to: at(0),
  execMsPerMinute: { '-77': 12.5 },
}

const index = (name: string, definition = `CREATE INDEX ${name} ON public.parcel USING btree (weight)`) => ({
  schema: 'public',
  table: 'parcel',
  name,
  definition,
})

export function adviceContract(backend: { readonly open: () => Promise<Store> }): void {
  let store: Store
  let targets = 0
  const newTarget = () => `advised-${++targets}`

  beforeAll(async () => {
    store = await backend.open()
  })
  afterAll(() => store.close())

  describe('runs of advise', () => {
    test('of a target that is not known are none', async () => {
      expect(await store.advice('nowhere')).toEqual({ latest: null, done: null })
      expect(await store.latestAdviceRun('nowhere')).toBe(null)
    })

    test('that fail leave the advice before as it was', async () => {
      const target = newTarget()
      const first = await store.startAdvice(target, at(0))
      expect(await store.advice(target)).toMatchObject({
        latest: { id: first, status: 'running' },
        done: null,
      })
      await store.finishAdvice(first, { status: 'done', because: null, workload, report: report('a') }, at(1))
      const second = await store.startAdvice(target, at(2))
      await store.finishAdvice(
        second,
        { status: 'failed', because: 'it was refused', workload: null, report: null },
        at(3),
      )
      expect(await store.advice(target)).toMatchObject({
        latest: { id: second, status: 'failed', because: 'it was refused', finishedAt: at(3), report: null },
        done: { id: first, startedAt: at(0), finishedAt: at(1), workload, report: { target: 'a' } },
      })
    })

    test('the last thirty are kept, and the last that was done however long ago', async () => {
      const target = newTarget()
      const done = await store.startAdvice(target, at(0))
      await store.finishAdvice(done, { status: 'done', because: null, workload, report: report('b') }, at(1))
      for (let minute = 2; minute < 40; minute++) {
        const id = await store.startAdvice(target, at(minute))
        await store.finishAdvice(
          id,
          { status: 'failed', because: 'no', workload: null, report: null },
          at(minute),
        )
      }
      expect(await store.advice(target)).toMatchObject({
        latest: { status: 'failed', startedAt: at(39) },
        done: { id: done },
      })
    })

    test('that were lost are ended, those of now are not', async () => {
      const [target, other] = [newTarget(), newTarget()]
      await store.startAdvice(target, at(0))
      await store.startAdvice(other, at(10))
      await store.endLostAdvice(at(5), 'it was stopped', at(11))
      expect(await store.latestAdviceRun(target)).toMatchObject({
        status: 'failed',
        because: 'it was stopped',
      })
      expect(await store.latestAdviceRun(other)).toMatchObject({ status: 'running', finishedAt: null })
    })
  })

  describe('indexes', () => {
    const always = { from: at(-1000), to: at(1000) }

    test('of the first reading are not new, later ones are', async () => {
      const target = newTarget()
      await store.noticeIndexes(target, [index('a')], at(0))
      expect(await store.indexChanges(target, always)).toEqual([])
      await store.noticeIndexes(target, [index('a'), index('b')], at(5))
      // the same reading again, and one that comes late
      await store.noticeIndexes(target, [index('a')], at(5))
      await store.noticeIndexes(target, [index('a')], at(4))
      expect(await store.indexChanges(target, always)).toEqual([
        { ...index('b'), appearedAt: at(5), absentUntil: at(0), goneAt: null },
      ])
      expect(await store.indexChanges(target, { from: at(5), to: at(9) })).toEqual([])
    })

    test('that go are told, and come back as new ones', async () => {
      const target = newTarget()
      await store.noticeIndexes(target, [index('a')], at(0))
      await store.noticeIndexes(target, [], at(5))
      await store.noticeIndexes(target, [index('a')], at(10))
      expect(await store.indexChanges(target, always)).toMatchObject([
        { name: 'a', absentUntil: null, goneAt: at(5) },
        { name: 'a', absentUntil: at(5), appearedAt: at(10), goneAt: null },
      ])
    })

    test('are told as they were at a moment', async () => {
      const target = newTarget()
      await store.noticeIndexes(target, [index('a'), index('b')], at(0))
      await store.noticeIndexes(target, [index('b'), index('c')], at(5))
      const namesAt = async (minutes: number) =>
        (await store.indexesAt(target, at(minutes))).map(({ name }) => name)
      expect(await namesAt(-1)).toEqual([])
      expect(await namesAt(4)).toEqual(['a', 'b'])
      expect(await namesAt(5)).toEqual(['b', 'c'])
      expect(await store.indexesAt('elsewhere', at(5))).toEqual([])
    })

    test('with a new name are the old ones, with a new definition they are not', async () => {
      const target = newTarget()
      await store.noticeIndexes(target, [index('a')], at(0))
      await store.noticeIndexes(target, [index('renamed')], at(5))
      const other = index('renamed', 'CREATE INDEX renamed ON public.parcel USING btree (weight, id)')
      await store.noticeIndexes(target, [other], at(10))
      const changes = await store.indexChanges(target, always)
      expect(changes.filter(({ absentUntil }) => absentUntil !== null)).toMatchObject([
        { name: 'renamed', appearedAt: at(10), absentUntil: at(5) },
      ])
    })
  })

  test('the effect of an index is replaced by what is known later, the latest index comes first', async () => {
    const target = newTarget()
    const effect = (name: string, appearedAt: Date, isComplete: boolean): IndexEffect => ({
      targetId: target,
      schema: 'public',
      table: 'parcel',
      index: name,
      definition: index(name).definition,
      appearedAt,
      advisedBy: null,
      before: { from: at(-10), to: at(0) },
      after: { from: at(0), to: at(10) },
      isComplete,
      predictedCostRatio: 0.1,
      measuredRatio: 0.2,
      verdict: 'improved',
      because: null,
      statements: [],
      refreshedAt: at(10),
    })
    await store.saveIndexEffect(effect('a', at(0), false))
    await store.saveIndexEffect(effect('b', at(5), false))
    await store.saveIndexEffect(effect('a', at(0), true))
    expect(await store.indexEffects(target)).toEqual([effect('b', at(5), false), effect('a', at(0), true)])
    expect(await store.indexEffects('nowhere')).toEqual([])
  })
}
