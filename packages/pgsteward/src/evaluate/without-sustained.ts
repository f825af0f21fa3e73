// Outcomes as they are where nothing is known from before: what lies between a check's two limits keeps a finding open, and is none.

import type { Outcome } from '../model/check.ts'

export function withoutSustained(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome) => {
    if (outcome.status !== 'found') return outcome
    const findings = outcome.findings.filter(({ sustains }) => sustains !== true)
    return findings.length === 0 ? { status: 'quiet', checkId: outcome.checkId } : { ...outcome, findings }
  })
}
