// From outcomes to findings that live: pending, open, worsened, muted, resolved. Pure: known findings and outcomes in, changes out.

import type { AnyCheck, Outcome } from '../model/check.ts'
import { atLeast, type Finding, findingKey, subjectKey } from '../model/finding.ts'
import type { Change, OpenFinding, Transition } from '../model/open-finding.ts'
import { DAMPED_CLEAR_MS, isFlapping, lately } from './flapping.ts'

type Tracked = Pick<AnyCheck, 'id' | 'area' | 'holdMs' | 'clearMs'>

/**
 * Only a check that ran may resolve a finding: skipped and failed outcomes freeze what is known, since no evidence is not good
 * news. `known` holds the target's findings that are not resolved, and those that were resolved lately, whose openings count for
 * flapping.
 */
export function track(
  targetId: string,
  checks: readonly Tracked[],
  known: readonly OpenFinding[],
  outcomes: readonly Outcome[],
  now: Date,
): readonly Change[] {
  const byId = new Map(checks.map((check) => [check.id, check]))
  return outcomes.flatMap((outcome) => {
    const check = byId.get(outcome.checkId)
    if (check === undefined || outcome.status === 'skipped' || outcome.status === 'failed') return []
    const before = new Map(known.filter((each) => each.checkId === check.id).map((each) => [each.key, each]))
    const found = outcome.status === 'found' ? outcome.findings : []
    const changes = found.flatMap((finding) => {
      const key = findingKey(check.id, finding.subject)
      const of = before.get(key)
      const living = of?.state === 'resolved' ? undefined : of
      // what is still held back has to be over its limit all the time
      if (finding.sustains && (living === undefined || living.state === 'pending')) return []
      before.delete(key)
      return [seen(targetId, check, key, severityKept(finding, living), living, of?.openings ?? [], now)]
    })
    const left = [...before.values()].filter(({ state }) => state !== 'resolved')
    return [...changes, ...left.map((each) => gone(check, each, now))]
  })
}

/** Between its two limits a value says nothing about severity. */
function severityKept(finding: Finding, living: OpenFinding | undefined): Finding {
  const { sustains, ...rest } = finding
  return sustains && living !== undefined ? { ...rest, severity: living.severity } : rest
}

function seen(
  targetId: string,
  check: Tracked,
  key: string,
  finding: Finding,
  known: OpenFinding | undefined,
  openedBefore: readonly Date[],
  now: Date,
): Change {
  const firstSeenAt = earlier(known?.firstSeenAt, now)
  const { mutedUntil, muteReason } = stillMuted(finding, known, now)
  const isHeld = now.getTime() - firstSeenAt.getTime() < (check.holdMs ?? 0)
  const state = isHeld && known?.openedAt == null ? 'pending' : mutedUntil !== null ? 'muted' : 'open'
  const opensNow = state !== 'pending' && known?.openedAt == null
  const openFinding: OpenFinding = {
    ...finding,
    key,
    checkId: check.id,
    area: check.area,
    targetId,
    state,
    firstSeenAt,
    lastSeenAt: now,
    openedAt: known?.openedAt ?? (opensNow ? now : null),
    quietSince: null,
    // a life that began flapping is damped to its end, however long that takes
    openings: opensNow ? [...lately(openedBefore, now), now] : openedBefore,
    resolvedAt: null,
    mutedUntil,
    muteReason,
  }
  return {
    transition: transitionOf(known, openFinding),
    finding: openFinding,
    ...(known === undefined ? {} : { previousSeverity: known.severity }),
  }
}

/** A mute ends at its date, and when the finding grows worse than what was muted: nobody decided to hide that. */
function stillMuted(
  finding: Finding,
  known: OpenFinding | undefined,
  now: Date,
): Pick<OpenFinding, 'mutedUntil' | 'muteReason'> {
  const none = { mutedUntil: null, muteReason: null }
  if (known?.mutedUntil == null || known.mutedUntil <= now) return none
  const worsened = !atLeast(known.severity, finding.severity)
  return worsened ? none : { mutedUntil: known.mutedUntil, muteReason: known.muteReason }
}

function transitionOf(known: OpenFinding | undefined, next: OpenFinding): Transition {
  if (next.state === 'pending') return 'pending'
  if (known === undefined || known.state === 'pending') return 'opened'
  if (known.severity !== next.severity) return atLeast(next.severity, known.severity) ? 'worsened' : 'eased'
  if (known.state === 'muted' && next.state === 'open') return 'unmuted'
  return 'persisted'
}

/** One that never opened is forgotten: it was held back to see whether it would pass, and it did. */
function gone(check: Tracked, known: OpenFinding, now: Date): Change {
  if (known.state === 'pending') return { transition: 'forgotten', finding: known }
  const quietSince = earlier(known.quietSince, now)
  const clearMs = isFlapping(known.openings) ? DAMPED_CLEAR_MS : 0
  if (now.getTime() - quietSince.getTime() < Math.max(check.clearMs ?? 0, clearMs))
    return { transition: 'persisted', finding: { ...known, quietSince } }
  return {
    transition: 'resolved',
    finding: {
      ...known,
      state: 'resolved',
      quietSince: null,
      resolvedAt: now,
      mutedUntil: null,
      muteReason: null,
    },
  }
}

/** What lies ahead was told by a clock that has been set back: nothing is held for as long as that was wrong. */
function earlier(known: Date | null | undefined, now: Date): Date {
  return known == null || known > now ? now : known
}

/** Sorts as a reader wants it: worst first, then by check and subject. */
export function byUrgency(a: Finding & { checkId: string }, b: Finding & { checkId: string }): number {
  if (a.severity !== b.severity) return atLeast(a.severity, b.severity) ? -1 : 1
  return a.checkId.localeCompare(b.checkId) || subjectKey(a.subject).localeCompare(subjectKey(b.subject))
}
