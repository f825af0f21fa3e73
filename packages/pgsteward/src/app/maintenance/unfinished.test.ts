import { expect, test } from 'vitest'
import { partitionRow } from '../../../test/rows.ts'
import type { JobRun, MaintenanceJob, ObjectState, StepKind } from '../../model/maintenance.ts'
import { finishDraft, type Known, mayBeUnfinished } from './unfinished.ts'

const RELATION = { schema: 'shop', name: 'by_day' }
const job = (over: Partial<MaintenanceJob> = {}, kind: StepKind = 'drop-index') =>
  ({
    id: '12',
    state: 'rejected',
    origin: { kind: 'finding', key: 'unused-index:…' },
    steps: [{ kind, sql: 'drop index concurrently shop.by_day', relation: RELATION, table: null }],
    nextStep: 0,
    lock: 'share update exclusive',
    ...over,
  }) as MaintenanceJob
const runs = (before: Partial<ObjectState>) => [{ step: 0, mark: { before } } as JobRun]
const invalid: Known = { indexes: [{ ...RELATION, isValid: false }], partitions: [] }
const detaching: Known = {
  indexes: [],
  partitions: [{ partitions: [partitionRow({ ...RELATION, bound: 'DEFAULT', isDetaching: true })] }],
}
const INTACT = { partition: { of: { schema: 'shop', name: 'orders' }, isDetaching: false } }

test('an index that was valid before our DROP, and is not now, is dropped', () => {
  expect(finishDraft(job(), runs({ isValid: true }), invalid)).toMatchObject({
    origin: { kind: 'routine', key: 'finish job 12' },
    steps: [{ sql: 'drop index concurrently shop.by_day' }],
  })
  expect(finishDraft(job({}, 'detach-partition'), runs(INTACT), detaching)).not.toBeNull()
})

test.each<[string, MaintenanceJob, readonly JobRun[], Known]>([
  ['was invalid before', job(), runs({ isValid: false }), invalid],
  ['was never begun', job(), [], invalid],
  ['is valid', job(), runs({ isValid: true }), { ...invalid, indexes: [{ ...RELATION, isValid: true }] }],
  ['is gone', job(), runs({ isValid: true }), { indexes: [], partitions: [] }],
  ['was being detached by others before', job({}, 'detach-partition'), runs({ partition: null }), detaching],
])('what %s is left alone', (_, each, attempts, known) => {
  expect(finishDraft(each, attempts, known)).toBeNull()
})

test('only jobs that ended without being done, and are not such themselves', () => {
  expect(mayBeUnfinished(job())).toBe(true)
  expect(mayBeUnfinished(job({ state: 'failed' }))).toBe(true)
  for (const state of ['done', 'approved', 'running', 'proposed'] as const)
    expect(mayBeUnfinished(job({ state }))).toBe(false)
  expect(mayBeUnfinished(job({}, 'reindex'))).toBe(false)
  expect(mayBeUnfinished(job({ nextStep: 1 }))).toBe(false)
  expect(mayBeUnfinished(job({ origin: { kind: 'routine', key: 'finish job 3' } }))).toBe(false)
})
