// A replication slot that nobody reads from: it keeps every WAL file written since, until the disk is full.

import { z } from 'zod'
import { type ReplicationSlotRow, replicationSlots } from '../../facts/replication-slots.ts'
import { defineCheck } from '../../model/check.ts'
import type { Severity } from '../../model/finding.ts'
import { size } from '../../model/units.ts'
import { literal } from '../../sql/quote.ts'

export const inactiveReplicationSlot = defineCheck({
  id: 'inactive-replication-slot',
  area: 'availability',
  title: 'Replication slot that nobody reads from',
  needs: { replicationSlots },
  // a replica that restarts is back within minutes
  holdMs: 10 * 60_000,
  options: z.object({
    warnBytes: size()
      .prefault('1GB')
      .describe('WAL kept for it: as much as max_wal_size allows for the whole server by default.'),
    criticalBytes: size()
      .prefault('10GB')
      .describe('A common reserve on the disk of WAL; when that is full, the server stops.'),
    ignore: z.array(z.string()).prefault([]).describe('Slots that are read now and then on purpose.'),
  }),
  run({ replicationSlots }, { warnBytes, criticalBytes, ignore }) {
    const severityOf = (slot: ReplicationSlotRow): Severity => {
      if (slot.walStatus === 'lost') return 'warning'
      if ((slot.retainedBytes ?? 0) >= criticalBytes) return 'critical'
      return (slot.retainedBytes ?? 0) >= warnBytes ? 'warning' : 'info'
    }
    return replicationSlots
      .filter(
        (slot) =>
          !slot.isActive &&
          !slot.isTemporary &&
          // a standby's copy of its primary's slot is inactive by nature
          !slot.isSynced &&
          // reserves nothing until its first reader comes
          (slot.retainedBytes !== null || slot.walStatus === 'lost') &&
          !ignore.includes(slot.name),
      )
      .map((slot) => ({
        subject: { kind: 'slot' as const, name: slot.name },
        severity: severityOf(slot),
        summary:
          slot.walStatus === 'lost'
            ? 'A replication slot has lost the WAL that its reader needs; the reader has to start anew'
            : 'Nobody reads from a replication slot, and WAL is kept for it',
        evidence: [
          { label: 'WAL kept', value: slot.retainedBytes ?? 0, unit: 'bytes' as const },
          { label: 'a warning from', value: warnBytes, unit: 'bytes' as const },
          { label: 'critical from', value: criticalBytes, unit: 'bytes' as const },
          {
            label: 'type',
            value: slot.plugin === null ? slot.slotType : `${slot.slotType}, ${slot.plugin}`,
            unit: 'text' as const,
          },
          { label: 'state of its WAL', value: slot.walStatus ?? 'none', unit: 'text' as const },
          {
            label: 'inactive since',
            value: slot.inactiveSince?.toISOString() ?? 'not known before PostgreSQL 17',
            unit: 'text' as const,
          },
        ],
        remedy: {
          sql: [`select pg_catalog.pg_drop_replication_slot(${literal(slot.name)})`],
          undo: null,
          lock: 'none' as const,
          caution:
            'Only when its reader is gone for good: the position is lost, and a replica or subscriber that comes back must be built anew. Needs the replication privilege.',
        },
      }))
  },
})
