// A record is not written to, and what would be right instead.

import { StewardError } from '../model/error.ts'
import { type GovernanceRecord, type RecordRef, recordName } from '../model/governance.ts'

export function refused(ref: RecordRef | string, because: string, hint: string): StewardError {
  const name = typeof ref === 'string' ? ref : recordName(ref)
  return new StewardError('record-changed', `${name} is not written to: ${because}`, { hint })
}

/** What the first entry says: every record has one. */
export function openingOf({
  entries,
}: Pick<GovernanceRecord, 'entries'>): GovernanceRecord['entries'][number] {
  return entries[0]!
}
