// What a finding of a rule of the configuration is about: a route or metric of an application where the group says so.

import type { Subject } from '../../model/finding.ts'
import type { GroupLabels, RuleSpec } from './rule-spec.ts'

export function ruleSubject({ on, name, id }: RuleSpec, labels: GroupLabels): Subject {
  const rest = new Map(labels)
  rest.delete('application')
  const application = labels.get('application')
  const route = labels.get('name')
  if (application === undefined)
    return rest.size === 0 && name === null
      ? { kind: 'server' }
      : { kind: 'series', name: named(name ?? id, rest) }
  if (on === 'requests' && rest.size === 1 && route !== undefined)
    return { kind: 'route', application, name: route }
  if (on === 'calls' && rest.size === 1 && route !== undefined)
    return { kind: 'service', application, name: route }
  if (on !== 'metric' && on !== 'series' && rest.size === 0) return { kind: 'application', name: application }
  const metric = route ?? name ?? id
  rest.delete('name')
  return { kind: 'metric', application, name: named(metric, rest) }
}

/** `message.delivered, channel=sms` */
function named(name: string, labels: GroupLabels): string {
  return [name, ...[...labels].map(([label, value]) => `${label}=${value}`)].join(', ')
}
