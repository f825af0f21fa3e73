import { expect, test } from 'vitest'
import { ago, judge } from '../../../test/judge.ts'
import type { ReplicationSlotRow } from '../../facts/replication-slots.ts'
import { inactiveReplicationSlot } from './inactive-replication-slot.ts'

const GB = 1024 ** 3
const slot = (over: Partial<ReplicationSlotRow> = {}): ReplicationSlotRow => ({
  name: 'warehouse',
  slotType: 'logical',
  plugin: 'pgoutput',
  database: 'app',
  isTemporary: false,
  isActive: false,
  retainedBytes: 1024,
  unconfirmedBytes: 1024,
  walStatus: 'reserved',
  safeWalBytes: null,
  xminAge: null,
  catalogXminAge: 10,
  inactiveSince: ago(3_600_000),
  invalidationReason: null,
  isSynced: false,
  ...over,
})

const quiet = {
  'a slot that is read from, however much it keeps': slot({ isActive: true, retainedBytes: 50 * GB }),
  'a temporary one': slot({ isTemporary: true }),
  'a copy of the primary’s slot': slot({ isSynced: true }),
  'one that reserves nothing yet': slot({ retainedBytes: null, walStatus: null }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(inactiveReplicationSlot, { replicationSlots: [row] })).toEqual([])
})

const finds = {
  'one that keeps little so far': { row: slot(), severity: 'info' },
  'one that keeps much': { row: slot({ retainedBytes: GB }), severity: 'warning' },
  'one that fills the disk': { row: slot({ retainedBytes: 10 * GB }), severity: 'critical' },
  'one whose WAL is lost': { row: slot({ retainedBytes: null, walStatus: 'lost' }), severity: 'warning' },
  'a physical one before PostgreSQL 17': {
    row: slot({ slotType: 'physical', plugin: null, database: null, inactiveSince: null }),
    severity: 'info',
  },
}

test.each(Object.entries(finds))('finds %s', (_, { row, severity }) => {
  expect(judge(inactiveReplicationSlot, { replicationSlots: [row] })).toMatchObject([
    {
      subject: { kind: 'slot', name: 'warehouse' },
      severity,
      remedy: { sql: ["select pg_catalog.pg_drop_replication_slot('warehouse')"], undo: null },
    },
  ])
})

test('a slot that is read now and then on purpose can be named', () => {
  expect(
    judge(inactiveReplicationSlot, { replicationSlots: [slot()] }, { options: { ignore: ['warehouse'] } }),
  ).toEqual([])
})
