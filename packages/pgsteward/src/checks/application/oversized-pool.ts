// A connection pool that may grow larger than a server works well with.

import { applicationPoolPeaks } from '../../facts/application-pool-peaks.ts'
import { threshold } from '../threshold.ts'
import { count, skipWithoutReports } from './place.ts'

/** Of 10 to 20. */
const TARGET = 20

export const oversizedPool = threshold({
  id: 'oversized-pool',
  area: 'capacity',
  title: 'Connection pool that is too large',
  needs: { pools: applicationPoolPeaks },
  label: 'most connections of a process',
  unit: 'count',
  is: 'above',
  warning: {
    at: 31,
    because:
      'More than 30 connections of one process: 10 to 20 serve a process, and a server works on as many statements at once as it has cores.',
  },
  clear: { at: 31, because: 'A pool has the size that it was given: it does not swing.' },
  rows: ({ pools }) =>
    skipWithoutReports(pools) ??
    pools.rows.map((row) => ({
      subject: { kind: 'pool', application: row.application, name: row.pool },
      value: row.max,
      summary: `Pool ${row.pool} of ${row.application} may open more connections than a server works well with`,
      evidence: [
        ...count('used at most within an hour', row.peakUsed),
        ...count('target', TARGET),
        ...count('processes like this', row.processes),
        ...count('connections that the application may open', row.applicationMax),
      ],
    })),
})
