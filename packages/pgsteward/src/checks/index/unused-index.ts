// An index that no scan has used for weeks: it costs space and slows every write, and gives nothing.

import { z } from 'zod'
import { indexes } from '../../facts/indexes.ts'
import { replicas } from '../../facts/replicas.ts'
import { replication } from '../../facts/replication.ts'
import { replicationSlots } from '../../facts/replication-slots.ts'
import { defineCheck } from '../../model/check.ts'
import { statsSince } from '../../model/server-info.ts'
import { duration, size } from '../../model/units.ts'
import { dropIndex, isNeededUnscanned } from './drop-index.ts'
import { indexContent } from './index-content.ts'
import { scansElsewhere } from './scans-elsewhere.ts'

export const unusedIndex = defineCheck({
  id: 'unused-index',
  area: 'index',
  title: 'Index that is never scanned',
  needs: { indexes, replication, replicationSlots, replicas },
  options: z.object({
    unusedFor: duration()
      .prefault('30d')
      .describe('Shorter windows miss month-end jobs; 30 days hold one of each monthly routine.'),
    minSize: size().prefault('1MB').describe('Below this an index costs less to keep than to discuss.'),
  }),
  run({ indexes, replication, replicationSlots, replicas }, { unusedFor, minSize }, { now, server }) {
    if (server.role === 'standby') return { skip: 'a standby has the indexes of its primary: judged there' }
    const since = statsSince(server)
    const countedMs = now.getTime() - since.getTime()
    if (countedMs < unusedFor) return { skip: `statistics count only since ${since.toISOString()}` }
    const elsewhere = scansElsewhere({ replicas, replication, replicationSlots }, unusedFor, now)
    if ('skip' in elsewhere) return elsewhere
    const { unseenStandbys, isScanned } = elsewhere
    const twins = Object.groupBy(
      indexes.filter((index) => index.isValid),
      indexContent,
    )
    return indexes
      .filter(
        (index) =>
          index.scansSinceReset === 0 &&
          !isScanned(index) &&
          index.sizeBytes >= minSize &&
          index.isValid &&
          !index.isBeingBuilt &&
          index.hasStorage &&
          !index.isPartOfPartitioned &&
          !isNeededUnscanned(index) &&
          // of two equal indexes the planner uses one: that is duplicate-index's to say
          twins[indexContent(index)]!.length === 1,
      )
      .map((index) => ({
        subject: { kind: 'index' as const, database: index.database, schema: index.schema, name: index.name },
        severity: unseenStandbys > 0 ? ('info' as const) : ('warning' as const),
        summary: `Index ${index.name} on ${index.table} is never used${unseenStandbys > 0 ? ' here, but standbys that are not watched may use it' : ''}`,
        evidence: [
          { label: 'scans', value: index.scansSinceReset, unit: 'count' as const },
          { label: 'size', value: index.sizeBytes, unit: 'bytes' as const },
          { label: 'statistics cover', value: countedMs, unit: 'ms' as const },
          { label: 'reported from', value: unusedFor, unit: 'ms' as const },
          { label: 'replicas looked at', value: replicas.length, unit: 'count' as const },
          { label: 'standbys not watched', value: unseenStandbys, unit: 'count' as const },
        ],
        // nothing to drop while a server that counts for itself was not asked
        ...(unseenStandbys > 0
          ? {}
          : {
              remedy: dropIndex(
                index,
                'Cascaded standbys count their own scans: look at each before dropping.',
              ),
            }),
      }))
  },
})
