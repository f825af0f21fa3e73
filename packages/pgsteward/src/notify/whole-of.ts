// One cause, one alert: of findings that another finding of the same application holds in itself nobody is told, as long as that one is.

import { atLeast, type Subject } from '../model/finding.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import type { Milliseconds } from '../model/units.ts'

/** By the check of the whole: its parts, of the same application. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  // an outage of seventeen routes is one outage
  'error-rate': ['failing-route', 'error-budget-burn'],
  'delivery-failures': ['delivery-rate'],
}

/** Parts look back over ten minutes where the whole looks back over two: they end later, and that is no news. */
const LINGER_MS: Milliseconds = 15 * 60_000

/** The finding that tells of this one too, at the same severity or a graver one; null: it is told by itself. */
export function wholeOf(part: OpenFinding, findings: readonly OpenFinding[], now: Date): OpenFinding | null {
  const application = applicationIn(part.subject)
  if (application === null) return null
  return (
    findings.find(
      (whole) =>
        PARTS[whole.checkId]?.includes(part.checkId) === true &&
        applicationIn(whole.subject) === application &&
        atLeast(whole.severity, part.severity) &&
        isTold(whole, now),
    ) ?? null
  )
}

function isTold({ state, openedAt, resolvedAt }: OpenFinding, now: Date): boolean {
  if (openedAt === null) return false
  return (
    state === 'open' ||
    (state === 'resolved' && resolvedAt !== null && now.getTime() - resolvedAt.getTime() < LINGER_MS)
  )
}

function applicationIn(subject: Subject): string | null {
  if ('application' in subject) return subject.application
  return subject.kind === 'application' ? subject.name : null
}
