// Limits of an installation's own in place of those of the definitions.

import type { ConditionDefinition, PolicyDefinition } from './definitions.ts'

export interface OwnLimits {
  /** In the condition's unit: seconds, a ratio, a count. Null: no warning. */
  readonly warning?: number | null | undefined
  readonly critical?: number | undefined
}

export type LimitsByCondition = Readonly<Partial<Record<string, OwnLimits>>>

export function withLimits(
  policies: readonly PolicyDefinition[],
  limits: LimitsByCondition,
): readonly PolicyDefinition[] {
  return policies.map((policy) => ({
    ...policy,
    conditions: policy.conditions.map((condition) => limited(condition, limits[condition.id])),
  }))
}

function limited(condition: ConditionDefinition, own: OwnLimits | undefined): ConditionDefinition {
  if (own === undefined) return condition
  return {
    ...condition,
    warning: own.warning === undefined ? condition.warning : own.warning,
    critical: own.critical ?? condition.critical,
  }
}

/** Why these cannot be; null: they can. */
export function limitProblem({ is, unit, warning, critical, id }: ConditionDefinition): string | null {
  if (unit === 'ratio' && [warning ?? 0, critical].some((limit) => limit < 0 || limit > 1))
    return `${id} is a ratio: between 0 and 1`
  if (warning === null || (is === 'above' ? warning < critical : warning > critical)) return null
  return `${id}: the warning (${warning}) must be ${is === 'above' ? 'below' : 'above'} the critical limit (${critical})`
}
