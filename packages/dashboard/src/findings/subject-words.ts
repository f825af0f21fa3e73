// The subject of a finding as a person says it, where the wire's label is longer than that, or says too little.

import type { FindingWire } from 'pgsteward/wire'

type Subject = Pick<FindingWire, 'subject' | 'label'>

export function subjectWords({ subject, label }: Subject): string {
  const { application } = subject
  switch (subject.kind) {
    case 'backend':
      // pid@start: the start tells sessions apart whose pid was reused, and tells a reader nothing
      return `session ${label.split('@')[0]}`
    case 'route':
    case 'call-site':
      return application === undefined ? label : `${label} in ${application}`
    case 'feature':
      return application === undefined ? label : `${label} of ${application}`
    case 'application':
      return `application ${label}`
    case 'probe':
      return `probe ${label}`
    case 'pool':
      return application === undefined ? `pool ${label}` : `pool ${label} of ${application}`
    case 'service':
      return application === undefined ? label : `${label}, called by ${application}`
    case 'metric':
      return application === undefined ? `metric ${label}` : `metric ${label} of ${application}`
    default:
      return label
  }
}

/** Area and subject, without saying "query · query 123". */
export function whereWords(finding: Subject & Pick<FindingWire, 'area'>): string {
  const words = subjectWords(finding)
  return words.startsWith(`${finding.area} `) ? words : `${finding.area} · ${words}`
}

const TABLE_OF: Readonly<Record<string, string>> = {
  route: 'routes',
  pool: 'pools',
  service: 'calls',
  metric: 'metrics',
  'call-site': 'statements',
}

/** `GET /members: Member.findMany` as words that the row has too; what no request asked for has no route. */
function siteWords(name: string): string {
  return name.replace(/^outside of requests: /, '').replace(': ', ' ')
}

/** Where on the page of its application the subject stands; null where it is of none. */
export function placeInApplication({
  kind,
  application,
  name,
}: FindingWire['subject']): { application: string; params: Record<string, string> } | null {
  const show = Object.hasOwn(TABLE_OF, kind) ? TABLE_OF[kind] : undefined
  if (kind === 'application' && name !== undefined) return { application: name, params: {} }
  // its routes are many, and have no word in common
  if (kind === 'feature' && application !== undefined) return { application, params: { show: 'routes' } }
  if (show === undefined || application === undefined || name === undefined) return null
  return { application, params: { show, q: kind === 'call-site' ? siteWords(name) : name } }
}
