// The checks of a configuration: those that are built in, and its own rules.

import { ALL_CHECKS } from '../../checks/all.ts'
import { OF_BASELINE } from '../../checks/custom/rule-spec.ts'
import { customRule } from '../../checks/custom-rule.ts'
import type { AnyCheck } from '../../model/check.ts'
import type { Config } from '../config/config-schema.ts'
import type { RuleConfig } from './rule-schema.ts'

export function configuredChecks({ rules }: Pick<Config, 'rules'>): readonly AnyCheck[] {
  return [...ALL_CHECKS, ...Object.entries(rules).map(([id, rule]) => ruleCheck(id, rule))]
}

export function ruleCheck(id: string, rule: RuleConfig): AnyCheck {
  const { on, of, is, area, where, per } = rule
  return customRule({
    id,
    on,
    of,
    is,
    area,
    where,
    title: rule.title ?? titleOf(rule),
    name: rule.name ?? null,
    warning: rule.warning ?? null,
    critical: rule.critical ?? null,
    clear: rule.clear ?? null,
    leastVolume: rule.leastVolume,
    holdMs: rule.hold,
    clearMs: rule.clearAfter,
    per: per ?? null,
    overMs: rule.over,
  })
}

/** `p95 of GET /search is too high` */
function titleOf({ on, of, is, name }: RuleConfig): string {
  const what = name ?? on
  if (of === OF_BASELINE)
    return `${what} is ${is === 'above' ? 'more' : 'less'} than at this hour of other weeks`
  return `${of} of ${what} is too ${is === 'above' ? 'high' : 'low'}`
}
