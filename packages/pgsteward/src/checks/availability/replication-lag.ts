// A standby or subscriber that falls behind: reads there are old, and what it lacks is lost if this server is lost.

import { z } from 'zod'
import { replication } from '../../facts/replication.ts'
import { defineCheck } from '../../model/check.ts'
import { duration, size } from '../../model/units.ts'

export const replicationLag = defineCheck({
  id: 'replication-lag',
  area: 'availability',
  title: 'Replica that falls behind',
  needs: { replication },
  // a checkpoint or a large commit makes every replica late for some seconds
  holdMs: 60_000,
  options: z.object({
    warnBytes: size().prefault('100MB').describe('WAL not yet replayed there; pganalyze warns at the same.'),
    criticalBytes: size()
      .prefault('1GB')
      .describe('As pganalyze; with max_slot_wal_keep_size the replica may be lost soon.'),
    warnTime: duration().prefault('30s').describe('Users see old data and notice.'),
    criticalTime: duration().prefault('5m').describe('A failover now would lose five minutes of work.'),
  }),
  run({ replication }, { warnBytes, criticalBytes, warnTime, criticalTime }) {
    return replication
      .filter((replica) => replica.state === 'streaming' || replica.state === 'catchup')
      .filter(
        (replica) => (replica.unreplayedBytes ?? 0) >= warnBytes || (replica.replayLagMs ?? 0) >= warnTime,
      )
      .map((replica) => {
        const bytes = replica.unreplayedBytes ?? 0
        const lagMs = replica.replayLagMs ?? 0
        return {
          subject: { kind: 'replica' as const, name: replica.slot ?? replica.application },
          severity:
            bytes >= criticalBytes || lagMs >= criticalTime ? ('critical' as const) : ('warning' as const),
          // which part is late says where to look, so it is in the evidence
          summary: 'A replica is behind with replaying what was written here',
          evidence: [
            { label: 'not replayed', value: bytes, unit: 'bytes' as const },
            { label: 'reported from', value: warnBytes, unit: 'bytes' as const },
            { label: 'replay is late by', value: lagMs, unit: 'ms' as const },
            { label: 'reported from a delay of', value: warnTime, unit: 'ms' as const },
            { label: 'not sent', value: replica.unsentBytes ?? 0, unit: 'bytes' as const },
            { label: 'not on its disk', value: replica.unflushedBytes ?? 0, unit: 'bytes' as const },
            { label: 'application', value: replica.application, unit: 'text' as const },
            { label: 'client', value: replica.clientAddress ?? 'local', unit: 'text' as const },
            { label: 'state', value: `${replica.state}, ${replica.syncState}`, unit: 'text' as const },
          ],
        }
      })
  },
})
