import { expect, test } from 'vitest'
import type { MaintenanceStep, ObjectState, StepKind } from '../model/maintenance.ts'
import { effectOf, isDoneAlready, obstacle } from './effect.ts'
import { reasonToGiveWay, type Surroundings } from './give-way.ts'
import { leftOvers } from './left-overs.ts'

const step = (kind: StepKind, name = 'by_day'): MaintenanceStep => ({
  kind,
  sql: '',
  relation: { schema: 'shop', name },
  table: kind === 'create-index' ? { schema: 'shop', name: 'orders' } : null,
})
const state = (over: Partial<ObjectState> = {}): ObjectState => ({
  oid: '1000',
  isValid: true,
  isPartitioned: false,
  sizeBytes: 8192,
  rows: 10,
  deadRows: 0,
  vacuums: 3,
  analyzes: 5,
  options: [],
  invalidIndexes: [],
  fileNode: '6',
  repackObjects: [],
  ...over,
})

test.each<[StepKind, Partial<ObjectState>, boolean]>([
  ['create-index', {}, true],
  ['create-index', { isValid: false }, false],
  ['create-index', { oid: null, isValid: null }, false],
  ['drop-index', { oid: null }, true],
  ['drop-index', {}, false],
  ['reindex', { oid: '2000' }, true],
  ['reindex', { oid: '2000', isValid: false }, false],
  ['reindex', {}, false],
  ['reindex', { oid: null }, false],
  ['vacuum-full', { fileNode: '7' }, true],
  ['vacuum-full', {}, false],
  ['pg-repack', { fileNode: '7' }, true],
  ['repack', { oid: null, fileNode: null }, false],
  ['vacuum', { vacuums: 4 }, true],
  ['vacuum', { analyzes: 6 }, false],
  ['analyze', { analyzes: 6 }, true],
  ['analyze', { vacuums: 4 }, false],
])('%s with %j afterwards: done is %s', (kind, after, isDone) => {
  expect(effectOf(step(kind), state(), state(after)).isDone).toBe(isDone)
})

const partition = (kind: StepKind): MaintenanceStep => ({
  ...step(kind, 'orders_p1'),
  table: { schema: 'shop', name: 'orders' },
})
const partOf = (name: string, isDetaching = false): Partial<ObjectState> => ({
  partition: { of: { schema: 'shop', name }, isDetaching },
})

test.each<[StepKind, Partial<ObjectState>, boolean]>([
  ['create-partition', partOf('orders'), true],
  ['create-partition', partOf('orders', true), false],
  ['create-partition', partOf('others'), false],
  ['create-partition', { partition: null }, false],
  ['attach-partition', partOf('orders'), true],
  ['detach-partition', { partition: null }, true],
  ['detach-partition', { oid: null, partition: null }, true],
  ['detach-partition', partOf('orders'), false],
  ['detach-partition', partOf('orders', true), false],
])('%s with %j afterwards: done is %s', (kind, after, isDone) => {
  expect(effectOf(partition(kind), state(), state(after)).isDone).toBe(isDone)
  // what is so before needs no statement
  expect(isDoneAlready(partition(kind), state(after)) !== null).toBe(isDone)
})

test.each<[StepKind, Partial<ObjectState>, RegExp | null]>([
  ['create-partition', { oid: null, partition: null }, null],
  // detached before anything was written to it
  ['create-partition', { partition: null, isUnwritten: true }, null],
  ['create-partition', { partition: null, isUnwritten: false }, /there is a table/i],
  ['create-partition', partOf('others'), /partition of others/],
  ['create-partition', partOf('orders', true), /FINALIZE/],
  ['attach-partition', { partition: null }, null],
  ['attach-partition', { oid: null, partition: null }, /does not exist/],
  ['detach-partition', partOf('orders', true), null],
])('%s beside %j: %s', (kind, now, because) => {
  const against = obstacle(partition(kind), state(now))
  if (because === null) expect(against).toBeNull()
  else expect(against).toMatch(because)
})

test('what is there needs no building, what is gone no dropping', () => {
  expect(isDoneAlready(step('create-index'), state())).toMatch(/there already/)
  expect(isDoneAlready(step('create-index'), state({ isValid: false }))).toBeNull()
  expect(isDoneAlready(step('drop-index'), state({ oid: null }))).toMatch(/gone already/)
  expect(isDoneAlready(step('reindex'), state())).toBeNull()
})

test("others' invalid index, what does not exist, and partitioned indexes are obstacles", () => {
  expect(obstacle(step('create-index'), state({ isValid: false }))).toMatch(/did not leave/)
  expect(obstacle(step('create-index'), state({ oid: null, isValid: null }))).toBeNull()
  expect(obstacle(step('reindex'), state({ oid: null }))).toMatch(/does not exist/)
  expect(obstacle(step('analyze'), state({ oid: null }))).toMatch(/^Table by_day does not exist/)
  expect(obstacle(step('reindex'), state({ isPartitioned: true }))).toMatch(/partitions/)
  expect(obstacle(step('vacuum'), state({ isPartitioned: true }))).toBeNull()
})

test('left-overs are new, invalid, and named as our own would be', () => {
  const before = state({ invalidIndexes: ['by_day_ccnew', 'of_others'] })
  const now = state({
    invalidIndexes: ['by_day', 'by_day_ccnew', 'by_day_ccnew1', 'by_day_ccold', 'by_year_ccnew', 'of_others'],
  })
  expect(leftOvers(step('reindex'), before, now)).toEqual(['by_day_ccnew1', 'by_day_ccold'])
  expect(leftOvers(step('create-index'), before, now)).toEqual(['by_day'])
  expect(leftOvers(step('vacuum'), before, now)).toEqual([])
  const long = 'x'.repeat(63)
  const shortened = `${'x'.repeat(57)}_ccnew`
  expect(leftOvers(step('reindex', long), state(), state({ invalidIndexes: [shortened] }))).toEqual([
    shortened,
  ])
})

test('it gives way to a wait, to load, and to a standby that falls behind', () => {
  const limits = { blockedMs: 300, activeSessions: 8, replayLagMs: 30_000 }
  const calm: Surroundings = {
    isRunning: true,
    blocked: null,
    waitsFor: null,
    activeSessions: 8,
    replayLagMs: null,
    progress: null,
  }
  expect(reasonToGiveWay(calm, limits)).toBeNull()
  const blocked = { pid: 7, application: 'shop', waitedMs: 300 }
  expect(reasonToGiveWay({ ...calm, blocked }, limits)).toBe('shop waited 300 ms for its lock')
  expect(reasonToGiveWay({ ...calm, blocked: { ...blocked, application: '' } }, limits)).toMatch(
    /^session 7 /,
  )
  expect(reasonToGiveWay({ ...calm, blocked: { ...blocked, waitedMs: 299 } }, limits)).toBeNull()
  expect(reasonToGiveWay({ ...calm, activeSessions: 9 }, limits)).toMatch(/^9 sessions/)
  expect(reasonToGiveWay({ ...calm, replayLagMs: 31_000 }, limits)).toMatch(/31 s behind/)
  expect(reasonToGiveWay({ ...calm, replayLagMs: 30_000 }, limits)).toBeNull()
})
