// Whether a finding is meant by a silence or a route.

import type { AlertMatch } from '../model/alert.ts'
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

/** `*` stands for anything. No regular expression is made of what a user wrote: `(a*)*` could hang the loop. */
function isLike(key: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return key === pattern
  if (!key.startsWith(first)) return false
  let at = first.length
  const last = rest.pop()!
  for (const part of rest) {
    const found = key.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return key.length - at >= last.length && key.endsWith(last)
}
