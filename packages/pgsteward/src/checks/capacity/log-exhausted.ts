// Something ran out: memory, places in the lock table, processes, open files, disk. What needed it failed.

import { z } from 'zod'
import { logExhausted as logExhaustedFact } from '../../facts/log-exhausted.ts'
import { NO_LOG, someOf } from '../../facts/logged-events.ts'
import { defineCheck } from '../../model/check.ts'
import { queryExcerpt } from '../query/query-excerpt.ts'

const RESOURCES: Readonly<Record<string, string>> = {
  'disk-full': 'disk',
  'out-of-memory': 'memory',
  'could-not-fork': 'processes or memory',
  'shared-memory-segment-failed': 'shared memory of parallel queries',
  'out-of-shared-memory': 'places in the lock table (max_locks_per_transaction)',
  'too-many-open-files': 'open files',
}

export const logExhausted = defineCheck({
  id: 'log-exhausted',
  area: 'capacity',
  title: 'Memory, locks or disk ran out',
  needs: { logged: logExhaustedFact },
  options: z.object({}),
  run({ logged }) {
    if (!logged.isRead) return NO_LOG
    const [latest] = logged.events
    if (logged.counts.length === 0 || latest === undefined) return []
    // what ended the server's writing first, what a single statement met last
    const resources = Object.keys(RESOURCES).filter((id) => logged.counts.some((each) => each.class === id))
    const query = logged.events.find((each) => each.query !== null)?.query ?? null
    const text = (label: string, value: string) =>
      value === '' ? [] : [{ label, value, unit: 'text' as const }]
    return [
      {
        subject: { kind: 'server' },
        severity:
          resources.includes('disk-full') || resources.includes('could-not-fork') ? 'critical' : 'warning',
        summary: 'The server ran out of something that statements need, and they failed',
        evidence: [
          { label: 'ran out of', value: resources.map((id) => RESOURCES[id]).join(', '), unit: 'text' },
          {
            label: 'messages',
            value: logged.counts.reduce((sum, { count }) => sum + count, 0),
            unit: 'count',
          },
          { label: 'within', value: logged.overMs, unit: 'ms' },
          { label: 'last', value: latest.at.toISOString(), unit: 'text' },
          { label: 'the log says', value: latest.message, unit: 'text' },
          ...text('statement', query === null ? '' : queryExcerpt(query)),
          ...text('applications', someOf(logged.events.map(({ application }) => application))),
        ],
      },
    ]
  },
})
