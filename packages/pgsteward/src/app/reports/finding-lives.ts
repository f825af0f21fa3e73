// Findings as they were within a window and at its end, told by their events: what is open today says nothing of last month.

import { atLeast, type Severity } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Window } from '../../model/units.ts'
import type { FindingEvent, Store } from '../../store/store.ts'

/** Subject, summary and evidence are the latest that were saved. */
export interface FindingLife {
  readonly finding: OpenFinding
  /** Within the window. */
  readonly openedAt: readonly Date[]
  readonly resolvedAt: readonly Date[]
  readonly worsenedAt: readonly Date[]
  /** At the window's end; muted ones stand, and nobody has to act on them. */
  readonly standing: 'open' | 'muted' | 'no'
  /** At the window's end; of one that was over then, the worst that it had within the window. */
  readonly severity: Severity
  /** Of the life that was the last before the window's end. */
  readonly since: Date
}

/** An event each, in their order. */
const MOST = 1_000

/** Those that were open at any moment of the window, the worst first. */
export async function findingLives(
  store: Store,
  targetId: string,
  window: Window,
): Promise<readonly FindingLife[]> {
  const known = await store.findings({
    targetId,
    states: ['pending', 'open', 'muted'],
    orResolvedSince: window.from,
    limit: MOST,
  })
  const lives: FindingLife[] = []
  for (const finding of known) {
    const life = lifeWithin(finding, await store.findingHistory(targetId, finding.key), window)
    if (life !== null) lives.push(life)
  }
  return lives
}

/** Null: it was not open within the window. */
export function lifeWithin(
  finding: OpenFinding,
  history: readonly FindingEvent[],
  { from, to }: Window,
): FindingLife | null {
  let standing: FindingLife['standing'] = 'no'
  let severity: Severity | null = null
  let worst: Severity | null = null
  let since: Date | null = null
  let wasOpen = false
  const moments = { openedAt: [] as Date[], resolvedAt: [] as Date[], worsenedAt: [] as Date[] }
  for (const { at, transition, severity: its } of history) {
    if (at > to) break
    // of a period ends as the next begins: what happens at the end belongs to it
    const isWithin = at > from
    if (isWithin && standing !== 'no') {
      wasOpen = true
      worst ??= severity
    }
    if (transition === 'proposed') continue
    if (transition === 'opened') {
      standing = 'open'
      since = at
      if (isWithin) moments.openedAt.push(at)
    } else if (transition === 'resolved') {
      standing = 'no'
      if (isWithin) moments.resolvedAt.push(at)
    } else if (transition === 'worsened') {
      standing = 'open'
      if (isWithin) moments.worsenedAt.push(at)
    } else if (transition === 'muted') standing = 'muted'
    else if (transition === 'unmuted') standing = 'open'
    severity = its
    if (isWithin && standing !== 'no') {
      wasOpen = true
      if (worst === null || atLeast(its, worst)) worst = its
    }
  }
  if (severity === null || since === null || !(wasOpen || standing !== 'no')) return null
  return {
    finding,
    ...moments,
    standing,
    severity: standing === 'no' ? (worst ?? severity) : severity,
    since,
  }
}
