// When it began, as far as a finding's evidence tells: some checks see the outbreak itself, which lies before the reading that found it.

import type { OpenFinding } from '../../model/open-finding.ts'
import type { Milliseconds } from '../../model/units.ts'

/** Under which checks say since when it is so. */
const OUTBREAK = /^(?:since|first|began|down since|first failure|failing since|outbreak)$/i
/** A state that is older was there before anybody suffered from it. */
const MOST_MS: Milliseconds = 86_400_000

export function beganAt({ evidence, firstSeenAt }: Pick<OpenFinding, 'evidence' | 'firstSeenAt'>): Date {
  const seen = firstSeenAt.getTime()
  const told = evidence
    .filter(({ label, value }) => OUTBREAK.test(label) && typeof value === 'string')
    .map(({ value }) => Date.parse(String(value)))
    .filter((at) => Number.isFinite(at) && at <= seen && seen - at <= MOST_MS)
  return new Date(Math.min(seen, ...told))
}
