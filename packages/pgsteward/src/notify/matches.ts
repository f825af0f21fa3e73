// Whether a finding is meant by a silence or a route.

import type { AlertMatch } from '../model/alert.ts'
import { isLike } from '../model/is-like.ts'
import type { OpenFinding } from '../model/open-finding.ts'

export function matches(
  match: AlertMatch,
  finding: Pick<OpenFinding, 'targetId' | 'area' | 'checkId' | 'key'>,
): boolean {
  return (
    (match.targets?.includes(finding.targetId) ?? true) &&
    (match.areas?.includes(finding.area) ?? true) &&
    (match.checks?.includes(finding.checkId) ?? true) &&
    (match.findings?.some((pattern) => isLike(finding.key, pattern)) ?? true)
  )
}
