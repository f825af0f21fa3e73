// Records as they stood at a moment: what was added later is left out, and so are those that were opened later.

import type { GovernanceRecord } from '../model/governance.ts'

export function recordsAsOf(records: readonly GovernanceRecord[], at: Date): readonly GovernanceRecord[] {
  return records.flatMap((record) => {
    // a clock may have been put back meanwhile: entries build on those before them
    const later = record.entries.findIndex((entry) => entry.at > at)
    const entries = later === -1 ? record.entries : record.entries.slice(0, later)
    return entries.length === 0 ? [] : [{ ...record, entries }]
  })
}
