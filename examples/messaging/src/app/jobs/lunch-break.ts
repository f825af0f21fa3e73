// The fault `blocked-queries`: a change by hand holds its lock on `member`, and its author left before the commit. Whoever reads a
// member waits, until statement_timeout ends the wait.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from './job.ts'

/** Below the server's idle_in_transaction_session_timeout of ten minutes. */
const LUNCH_MS = 8 * 60_000
const PAUSE_MS = 5_000

export const lunchBreak: Job = async ({ open, signal }) => {
  const client = await open('messaging-console')
  try {
    await client.query('begin')
    await client.query('lock table member in access exclusive mode')
    await sleep(LUNCH_MS, undefined, { signal })
    await client.query('rollback')
  } finally {
    await client.end()
  }
  await sleep(PAUSE_MS, undefined, { signal })
}
