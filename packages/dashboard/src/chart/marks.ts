// What happened, as marks on the time axis of charts: findings that opened and that were resolved.

import type { FindingWire } from 'pgsteward/wire'

export interface ChartMark {
  /** Seconds since the epoch. */
  readonly at: number
  readonly text: string
  /** The custom property of its colour. */
  readonly property: string
}

/** More marks than this hide the lines; the gravest and then the newest stay. */
const MOST = 12
const RANK = { critical: 0, warning: 1, info: 2 } as const

export function findingMarks(findings: readonly FindingWire[]): readonly ChartMark[] {
  return findings
    .filter((finding) => finding.severity !== 'info' && finding.openedAt !== null)
    .toSorted(
      (a, b) => RANK[a.severity] - RANK[b.severity] || (b.openedAt ?? '').localeCompare(a.openedAt ?? ''),
    )
    .slice(0, MOST)
    .map((finding) => ({
      at: Date.parse(finding.openedAt ?? '') / 1000,
      text: finding.summary,
      property: `--${finding.severity}`,
    }))
}
