// The fault `idle-in-transaction`: a report that fills a temporary table and then forgets its transaction. With a transaction id of
// its own it holds vacuum back.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from './job.ts'

/** Below the server's idle_in_transaction_session_timeout of ten minutes. */
const FORGOTTEN_MS = 8 * 60_000
const PAUSE_MS = 5_000

export const forgottenReport: Job = async ({ open, signal }) => {
  const client = await open('messaging-report')
  try {
    await client.query('begin')
    await client.query(
      `create temporary table report_row on commit drop as
       select s.plan, s.status, count(*) as churches from subscription s group by s.plan, s.status`,
    )
    await sleep(FORGOTTEN_MS, undefined, { signal })
    await client.query('rollback')
  } finally {
    await client.end()
  }
  await sleep(PAUSE_MS, undefined, { signal })
}
