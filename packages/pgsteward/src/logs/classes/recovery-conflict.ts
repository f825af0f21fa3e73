// Why replay canceled a query on a standby: DETAIL says it, in a sentence a kind.

import type { LogFigures } from '../../model/log-event.ts'

const KINDS: readonly (readonly [string, string])[] = [
  ['holding shared buffer pin', 'buffer pin'],
  ['holding a relation lock', 'lock'],
  ['using tablespace', 'tablespace'],
  ['needed to see row versions', 'snapshot'],
  ['replication slot that must be invalidated', 'replication slot'],
  ['deadlock with recovery', 'deadlock'],
  ['connected to a database that must be dropped', 'database'],
]

export function recoveryConflict(detail: string | null): LogFigures {
  const conflict = KINDS.find(([words]) => detail?.includes(words))?.[1]
  return conflict === undefined ? {} : { conflict }
}
