// The daily digest as data: what stands, what came and what went within a day.

import type { Severity } from '../model/finding.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import type { Window } from '../model/units.ts'

export interface DigestLine {
  readonly severity: Severity
  readonly summary: string
  readonly checkId: string
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  /** In the dashboard; null: its public address is not configured. */
  readonly link: string | null
}

export interface TargetDigest {
  readonly targetId: string
  /** Opened within the window and open still, the gravest first. */
  readonly new: readonly DigestLine[]
  /** Open since before. Notes are counted, not listed: they may wait for years. */
  readonly standing: readonly DigestLine[]
  readonly notes: number
  readonly over: readonly DigestLine[]
}

export interface Digest {
  /** The local day that it is sent on. */
  readonly day: string
  readonly window: Window
  readonly targets: readonly TargetDigest[]
  /** Alerts of the window that reached nobody so far, by channel. */
  readonly undelivered: readonly { readonly channel: string; readonly alerts: number }[]
  readonly dashboardUrl: string | null
}

const RANKS: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 }

/** `findings`: those that are open, and those that ended within the window. */
export function targetDigest(
  targetId: string,
  findings: readonly OpenFinding[],
  { from }: Window,
  linkOf: (finding: OpenFinding) => string | null,
): TargetDigest {
  const lines = findings
    .filter((finding) => finding.targetId === targetId && finding.openedAt !== null)
    .map((finding) => ({ finding, line: lineOf(finding, linkOf(finding)) }))
    .toSorted((a, b) => gravestFirst(a.line, b.line))
  const linesOf = (isWanted: (finding: OpenFinding) => boolean) =>
    lines.filter(({ finding }) => isWanted(finding)).map(({ line }) => line)
  const isOpen = ({ state }: OpenFinding) => state === 'open'
  const isNew = ({ openedAt }: OpenFinding) => openedAt! >= from
  return {
    targetId,
    new: linesOf((finding) => isOpen(finding) && isNew(finding)),
    standing: linesOf((each) => isOpen(each) && !isNew(each) && each.severity !== 'info'),
    notes: linesOf((each) => isOpen(each) && !isNew(each) && each.severity === 'info').length,
    over: linesOf(
      ({ state, resolvedAt }) => state === 'resolved' && resolvedAt !== null && resolvedAt >= from,
    ),
  }
}

function lineOf({ severity, summary, checkId, openedAt, resolvedAt }: OpenFinding, link: string | null) {
  return { severity, summary, checkId, openedAt: openedAt!, resolvedAt, link }
}

function gravestFirst(a: DigestLine, b: DigestLine): number {
  return RANKS[a.severity] - RANKS[b.severity] || b.openedAt.getTime() - a.openedAt.getTime()
}
