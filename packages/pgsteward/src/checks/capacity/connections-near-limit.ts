// Connections running out: the next request that needs one is refused.

import { z } from 'zod'
import { connectionGroups } from '../../facts/connection-groups.ts'
import { connections } from '../../facts/connections.ts'
import { defineCheck } from '../../model/check.ts'

export const connectionsNearLimit = defineCheck({
  id: 'connections-near-limit',
  area: 'capacity',
  title: 'Connections run out',
  needs: { connections, connectionGroups },
  // a deployment has old and new processes at once for a moment; two readings later it is told, well within a minute
  holdMs: 25_000,
  // between two bursts it is not over
  clearMs: 60_000,
  options: z.object({
    warnRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.8)
      .describe(
        'Of those that ordinary roles can have, max_connections less the reserved ones: room for one more process of the application.',
      ),
    criticalRatio: z.number().gt(0).max(1).prefault(0.95).describe('The next burst is refused.'),
    clearRatio: z
      .number()
      .gt(0)
      .max(1)
      .prefault(0.75)
      .describe(
        'Open until fewer are taken: requests come and go by that many without anything being better.',
      ),
  }),
  run({ connections, connectionGroups }, { warnRatio, criticalRatio, clearRatio }) {
    const [row] = connections
    if (row === undefined || row.usableConnections <= 0) return []
    // ours take places as well
    const taken = row.total + row.own
    const ratio = taken / row.usableConnections
    if (ratio < Math.min(clearRatio, warnRatio)) return []
    const largest = connectionGroups[0]
    return [
      {
        subject: { kind: 'server' },
        severity: ratio >= criticalRatio ? 'critical' : 'warning',
        summary: 'Most of the connections that the server allows are taken',
        evidence: [
          { label: 'taken', value: ratio, unit: 'ratio' },
          { label: 'reported from', value: warnRatio, unit: 'ratio' },
          { label: 'connections', value: taken, unit: 'count' },
          { label: 'usable connections', value: row.usableConnections, unit: 'count' },
          { label: 'active', value: row.active, unit: 'count' },
          { label: 'idle', value: row.idle, unit: 'count' },
          { label: 'idle in transaction', value: row.idleInTransaction, unit: 'count' },
          ...(largest === undefined
            ? []
            : [
                {
                  label: 'largest group',
                  value: `${largest.connections} ${largest.state} of ${largest.application || 'an unnamed application'}, user ${largest.user}`,
                  unit: 'text' as const,
                },
              ]),
        ],
        ...(ratio < warnRatio ? { sustains: true as const } : {}),
      },
    ]
  },
})
