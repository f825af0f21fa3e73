import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import type { ReplicationRow } from '../../facts/replication.ts'
import { replicationLag } from './replication-lag.ts'

const MB = 1024 ** 2
const replica = (over: Partial<ReplicationRow> = {}): ReplicationRow => ({
  pid: 300,
  application: 'replica1',
  user: 'replicator',
  clientAddress: '10.0.0.9',
  startedAt: ago(86_400_000),
  slot: 'replica1_slot',
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
  ...over,
})

const quiet = {
  'no replica': [],
  'one that is idle and caught up': [replica()],
  'one that is a little late': [replica({ unreplayedBytes: 20 * MB, replayLagMs: 2000 })],
  'a base backup, which replays nothing': [
    replica({ state: 'backup', unreplayedBytes: null, unsentBytes: null }),
  ],
}

test.each(Object.entries(quiet))('is quiet on %s', (_, replication) => {
  expect(judge(replicationLag, { replication })).toEqual([])
})

const finds = {
  'one that lacks much': { row: replica({ unreplayedBytes: 100 * MB }), severity: 'warning' },
  'one that lacks very much': { row: replica({ unreplayedBytes: 1024 * MB }), severity: 'critical' },
  'one that is late with little': {
    row: replica({ unreplayedBytes: MB, replayLagMs: 31_000 }),
    severity: 'warning',
  },
  'one that is very late': {
    row: replica({ unreplayedBytes: MB, replayLagMs: 400_000 }),
    severity: 'critical',
  },
  'one that catches up': {
    row: replica({ state: 'catchup', unreplayedBytes: 500 * MB }),
    severity: 'warning',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity }) => {
  expect(judge(replicationLag, { replication: [row] })).toMatchObject([
    { subject: { kind: 'replica', name: 'replica1_slot' }, severity },
  ])
})

test('a replica without a slot goes by its application name', () => {
  const replication = [replica({ slot: null, unreplayedBytes: 200 * MB })]
  expect(judge(replicationLag, { replication })).toMatchObject([{ subject: { name: 'replica1' } }])
})
