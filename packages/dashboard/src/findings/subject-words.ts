// The subject of a finding as a person says it, where the wire's label is longer than that.

import type { FindingWire } from 'pgsteward/wire'

type Subject = Pick<FindingWire, 'subject' | 'label'>

export function subjectWords({ subject, label }: Subject): string {
  // pid@start: the start tells sessions apart whose pid was reused, and tells a reader nothing
  return subject.kind === 'backend' ? `session ${label.split('@')[0]}` : label
}

/** Area and subject, without saying "query · query 123". */
export function whereWords(finding: Subject & Pick<FindingWire, 'area'>): string {
  const words = subjectWords(finding)
  return words.startsWith(`${finding.area} `) ? words : `${finding.area} · ${words}`
}
