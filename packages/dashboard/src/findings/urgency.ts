// The order in which findings want someone.

import type { FindingWire } from 'pgsteward/wire'

const STATE_RANK = { open: 0, pending: 1, muted: 2, resolved: 3 } as const
const SEVERITY_RANK = { critical: 0, warning: 1, info: 2 } as const

/** What stands first, then the gravest; within one severity the server's order stays, which knows what each costs. */
export function byUrgency(findings: readonly FindingWire[]): readonly FindingWire[] {
  return findings.toSorted(
    (a, b) =>
      STATE_RANK[a.state] - STATE_RANK[b.state] || SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity],
  )
}
