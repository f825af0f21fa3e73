// The fault `connection-exhaustion`: a synchronisation takes a connection for each church and forgets to give it back. Once the server
// refuses, it tries again, and takes whatever others give back.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Job } from './job.ts'

/** All that are left within a few seconds. */
const AT_ONCE = 8
const BETWEEN_MS = 500
const REFUSED_MS = 2_000

export const leakingSync: Job = async ({ open, signal }) => {
  const held: pg.Client[] = []
  try {
    for (;;) {
      const opened = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => open('messaging-sync')))
      held.push(...opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
      const isRefused = opened.some(({ status }) => status === 'rejected')
      await sleep(isRefused ? REFUSED_MS : BETWEEN_MS, undefined, { signal })
    }
  } finally {
    await Promise.allSettled(held.map((client) => client.end()))
  }
}
