// Optimizations out of a store: findings that ended, with and without a trace of what was changed.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { DAY, HOUR, saveLife, saveMadeDays } from '../../../test/reports/made-days.ts'
import type { Subject } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { OptimizationDesk } from './optimization-desk.ts'

const begin = new Date('2026-11-10T00:00:00Z')
const day = (days: number) => new Date(begin.getTime() + days * DAY)
let database: TestDatabase
let store: OpenedStore
let target = ''

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

let targets = 0
const newTarget = () => {
  targets += 1
  target = `shop-${targets}`
  return target
}
const recordsAt = async (days: number): Promise<readonly OptimizationWire[]> => {
  const desk = new OptimizationDesk({ store, pageOf: async () => '', now: () => day(days) })
  await desk.reconcile(target)
  await desk.reconcile(target)
  return desk.all(target)
}
const ended = (
  checkId: string,
  subject: Subject,
  over: Partial<OpenFinding> = {},
  [from, to]: readonly [number, number] = [0, 3],
) =>
  saveLife(store, target, checkId, { subject, summary: 'It is amiss', area: 'query', ...over }, [
    [day(from), 'opened'],
    [day(to), 'resolved'],
  ])
const setting = (name: string) => ({ kind: 'setting', name }) as const
const index = (name: string) => ({ kind: 'index', database: 'shop', schema: 'public', name }) as const
const query = (queryId: string) => ({ kind: 'query', database: 'shop', queryId }) as const
const happened = (
  days: number,
  kind: 'settings' | 'deployment' | 'schema',
  subject: string,
  detail: string,
) => store.saveTargetEvents(target, [{ at: day(days), kind, subject, detail }])

test('a setting that was set while its finding stood', async () => {
  newTarget()
  await ended('work-mem-small', setting('work_mem'), {
    evidence: [{ label: 'spilled', value: 4096, unit: 'bytes' }],
  })
  await happened(1, 'settings', 'work_mem', '2MB to 4MB')
  await happened(2.9, 'settings', 'work_mem', '4MB to 64MB')
  const records = await recordsAt(3)
  expect(records).toMatchObject([
    {
      state: 'completed',
      verdict: 'gone',
      findingKey: 'work-mem-small:setting/work_mem',
      implement: { sql: [], undo: null, seen: 'work_mem: 4MB to 64MB' },
      measure: {
        evidenceBefore: [
          { label: 'spilled', value: 4096 },
          { label: 'work_mem', value: '4MB' },
        ],
        evidenceAfter: [{ label: 'work_mem', value: '64MB' }],
      },
    },
  ])
  expect(records[0]!.document).not.toContain('```sql')
  expect(await recordsAt(5)).toHaveLength(1)
})

test.each<[string, () => Promise<unknown>]>([
  ['nothing was changed', () => ended('work-mem-small', setting('work_mem'))],
  [
    'another setting was changed',
    async () => {
      await ended('work-mem-small', setting('work_mem'))
      await happened(2.9, 'settings', 'jit', 'on to off')
    },
  ],
  [
    'it was changed before there was a finding',
    async () => {
      await ended('work-mem-small', setting('work_mem'), {}, [2, 3])
      await happened(1.9, 'settings', 'work_mem', '4MB to 64MB')
    },
  ],
  [
    'it was changed long before the finding ended',
    async () => {
      await ended('work-mem-small', setting('work_mem'), {}, [-9, 3])
      await happened(0.5, 'settings', 'work_mem', '4MB to 8MB')
    },
  ],
  [
    'the check makes nothing faster',
    async () => {
      await ended('track-io-timing-off', setting('track_io_timing'))
      await happened(2.9, 'settings', 'track_io_timing', 'off to on')
    },
  ],
  [
    'it ended long ago',
    async () => {
      await ended('work-mem-small', setting('work_mem'), {}, [-9, -1])
      await happened(-1.1, 'settings', 'work_mem', '4MB to 64MB')
    },
  ],
])('no trace, no record: %s', async (_, arrange) => {
  newTarget()
  await arrange()
  expect(await recordsAt(3)).toEqual([])
})

const definition = (name: string) => `CREATE INDEX ${name} ON public.orders USING btree (note)`
const now = (name: string) => ({ schema: 'public', table: 'orders', name, definition: definition(name) })
const size = { evidence: [{ label: 'size', value: 5_000_000, unit: 'bytes' as const }] }

test('an index that was dropped, with the deployment that came with it', async () => {
  newTarget()
  await store.noticeIndexes(target, [now('by_note')], day(0))
  await store.noticeIndexes(target, [], day(3))
  await ended('unused-index', index('by_note'), size)
  await happened(2.995, 'deployment', 'web', 'version 1.4 to 1.5')
  expect(await recordsAt(3)).toMatchObject([
    {
      state: 'completed',
      implement: { sql: ['drop index public.by_note'], undo: [definition('by_note')] },
      deploy: { through: 'web: version 1.4 to 1.5' },
      value: { bytes: 5_000_000, msPerDay: null },
    },
  ])
})

test('an index with another name is not dropped, nor is one that went with its table', async () => {
  newTarget()
  await store.noticeIndexes(target, [now('by_note')], day(0))
  await store.noticeIndexes(target, [now('renamed')], day(3))
  await ended('unused-index', index('by_note'), size)
  expect(await recordsAt(3)).toEqual([])
  newTarget()
  await store.noticeIndexes(target, [now('by_note')], day(0))
  await store.noticeIndexes(target, [], day(3))
  await happened(3, 'schema', 'public.orders', 'table dropped')
  await ended('unused-index', index('by_note'), size)
  expect(await recordsAt(3)).toEqual([])
})

test('a statement that ran often, and not once in the day after a deployment', async () => {
  newTarget()
  await saveMadeDays(store, target, {
    from: day(0),
    to: day(5),
    stepMs: HOUR,
    step: (at) => ({
      statements: [
        { queryId: '1', calls: at <= day(2) ? 60 : 0, meanMs: 12 },
        { queryId: '2', calls: 60, meanMs: 1 },
        { queryId: '3', calls: at <= day(2) ? 1 : 0, meanMs: 1 },
      ].filter(({ calls }) => calls > 0),
    }),
  })
  await happened(2, 'deployment', 'web', 'version 1.4 to 1.5')
  for (const id of ['1', '2', '3']) await ended('slow-statement', query(id), {}, [1, 2.1])
  expect(await recordsAt(2.9)).toEqual([])
  const records = await recordsAt(3.2)
  expect(records).toMatchObject([
    {
      state: 'completed',
      verdict: 'gone',
      findingKey: 'slow-statement:query/shop/1',
      deploy: { through: 'web: version 1.4 to 1.5' },
      measure: {
        evidenceBefore: [
          { label: 'calls a minute', value: expect.closeTo(1, 1) },
          { label: 'mean time', value: expect.closeTo(12, 6) },
          { label: 'database time a day', value: expect.closeTo(12 * 60 * 24, -3) },
        ],
      },
    },
  ])
})

test.each([
  ['quick', 1],
  ['as slow, by its own finding', 0],
])('a statement that another took the place of, %s', async (what, records) => {
  newTarget()
  await saveMadeDays(store, target, {
    from: day(0),
    to: day(4),
    stepMs: HOUR,
    step: (at) => ({ statements: [{ queryId: at <= day(2) ? '1' : '4', calls: 60, meanMs: 12 }] }),
  })
  await happened(2, 'deployment', 'web', 'version 1.4 to 1.5')
  await ended('slow-statement', query('1'), {}, [1, 2.1])
  if (what !== 'quick')
    await saveLife(store, target, 'slow-statement', { subject: query('4'), summary: 'It is amiss' }, [
      [day(2.1), 'opened'],
    ])
  expect(await recordsAt(3.2)).toHaveLength(records)
})
