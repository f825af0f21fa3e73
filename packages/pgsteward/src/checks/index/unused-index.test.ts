import { describe, expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import { indexRow } from '../../../test/rows.ts'
import type { Replica } from '../../facts/replicas.ts'
import type { ReplicationRow } from '../../facts/replication.ts'
import type { ReplicationSlotRow } from '../../facts/replication-slots.ts'
import { unusedIndex } from './unused-index.ts'

const DAY = 86_400_000
const server = { startedAt: ago(40 * DAY) }
const alone = { replication: [], replicationSlots: [], replicas: [] }
const replica: Replica = {
  targetId: 'standby-1',
  isStandby: true,
  countedSince: ago(40 * DAY),
  indexes: [indexRow()],
}
const streaming: ReplicationRow = {
  pid: 7,
  application: 'standby_1',
  user: 'replicator',
  clientAddress: '10.0.0.2',
  startedAt: ago(DAY),
  slot: null,
  state: 'streaming',
  syncState: 'async',
  unsentBytes: 0,
  unflushedBytes: 0,
  unreplayedBytes: 0,
  writeLagMs: null,
  flushLagMs: null,
  replayLagMs: null,
  sinceReplyMs: 100,
  xminAge: null,
}

const quiet = {
  'an index that was scanned once': { scansSinceReset: 1 },
  'a small one': { sizeBytes: 8192 },
  'a unique one': { isUnique: true },
  'an exclusion constraint': {
    isExclusion: true,
    constraintDefinition: 'EXCLUDE USING gist (during WITH &&)',
  },
  'the replica identity': { isReplicaIdentity: true },
  'the one that the table is clustered by': { isClustered: true },
  "a partition's part of a partitioned index": { isPartOfPartitioned: true },
  'a partitioned index, which is never scanned itself': { hasStorage: false },
  'an invalid one, which nothing can scan': { isValid: false },
  'one that is being built': { isBeingBuilt: true },
  "an extension's": { extension: 'postgis' },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judge(unusedIndex, { ...alone, indexes: [indexRow(over)] }, { server })).toEqual([])
})

const finds = {
  'an index without scans': {},
  'a partial one': { predicate: '(weight > 10)' },
  'one of another method': { method: 'gin' },
}

test.each(Object.entries(finds))('finds %s', (_, over) => {
  expect(judge(unusedIndex, { ...alone, indexes: [indexRow(over)] }, { server })).toMatchObject([
    { subject: { kind: 'index', name: 'parcel_weight_idx' }, severity: 'warning' },
  ])
})

test('says nothing while the statistics are younger than the window', () => {
  const facts = { ...alone, indexes: [indexRow()] }
  expect(judge(unusedIndex, facts, { server: { startedAt: ago(29 * DAY) } })).toHaveProperty('skip')
  const wasReset = { startedAt: ago(90 * DAY), statsResetAt: ago(DAY) }
  expect(judge(unusedIndex, facts, { server: wasReset })).toHaveProperty('skip')
})

test('leaves an index that repeats another to duplicate-index', () => {
  const indexes = [indexRow(), indexRow({ name: 'twin', scansSinceReset: 9 })]
  expect(judge(unusedIndex, { ...alone, indexes }, { server })).toEqual([])
})

describe('with standbys', () => {
  const of = (over: { readonly replicas?: Replica[]; readonly replication?: ReplicationRow[] }) =>
    judge(unusedIndex, { ...alone, indexes: [indexRow()], ...over }, { server })

  test('an index that a watched standby scans is used', () => {
    const scanning = { ...replica, indexes: [indexRow({ scansSinceReset: 3 })] }
    expect(of({ replication: [streaming], replicas: [replica, scanning] })).toEqual([])
  })

  test('one that no server scans is found, and may be dropped', () => {
    expect(of({ replication: [streaming], replicas: [replica] })).toMatchObject([
      { severity: 'warning', remedy: { lock: 'share update exclusive' } },
    ])
  })

  test('a standby that is not watched leaves it an information, without a remedy', () => {
    const findings = of({ replication: [streaming, { ...streaming, pid: 8 }], replicas: [replica] })
    expect(findings).toMatchObject([
      {
        severity: 'info',
        evidence: expect.arrayContaining([{ label: 'standbys not watched', value: 1, unit: 'count' }]),
      },
    ])
    expect(findings).not.toHaveProperty('0.remedy')
  })

  test('what receives WAL without replaying it, and logical subscribers, are no standbys', () => {
    const slot = { name: 'subscriber', slotType: 'logical' } as ReplicationSlotRow
    const facts = {
      indexes: [indexRow()],
      replicas: [],
      replicationSlots: [slot],
      replication: [
        { ...streaming, unreplayedBytes: null },
        { ...streaming, pid: 8, slot: 'subscriber' },
      ],
    }
    expect(judge(unusedIndex, facts, { server })).toMatchObject([{ severity: 'warning' }])
  })

  test('a standby that counts for less than the window says nothing yet', () => {
    expect(of({ replicas: [{ ...replica, countedSince: ago(2 * DAY) }] })).toMatchObject({
      skip: expect.stringContaining('standby-1'),
    })
  })

  test('on a standby itself nothing is judged', () => {
    const facts = { ...alone, indexes: [indexRow()] }
    expect(judge(unusedIndex, facts, { server: { ...server, role: 'standby' } })).toHaveProperty('skip')
  })
})
