// The fault `spilling-report`: an export of the audit log compares its lines with the little work_mem that somebody gave its session.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from './job.ts'

const BETWEEN_EXPORTS_MS = 1_000
/** For four addressees: on a quick machine one copy would take less than what auto_explain logs. */
const EXPORT = `
  select count(*) as lines, count(distinct line) as different_lines
    from (select concat_ws(';', copy, church_id, entity, entity_id, action, details, created_at) as line
            from audit_log cross join generate_series(1, 4) copy) export`

export const spillingExport: Job = async ({ open, signal }) => {
  const client = await open('messaging-export')
  try {
    await client.query("set work_mem = '256kB'")
    while (!signal.aborted) {
      await client.query(EXPORT)
      await sleep(BETWEEN_EXPORTS_MS, undefined, { signal })
    }
  } finally {
    await client.end()
  }
}
