// Who decides on a job: by its kinds of statements and the labels of its target.

import { type MaintenanceStep, NAMED_KINDS } from '../../model/maintenance.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'

/** The words of the rule that decides by itself, for the record; null: a person has to. */
export function decidedByRule(
  steps: readonly MaintenanceStep[],
  labels: Readonly<Record<string, string>>,
  { approval }: Pick<MaintenanceConfig, 'approval'>,
): string | null {
  if (steps.some(({ kind }) => NAMED_KINDS.includes(kind))) return null
  const rule = approval.find(
    (each) =>
      steps.every(({ kind }) => each.kinds === undefined || each.kinds.includes(kind)) &&
      Object.entries(each.labels).every(([name, value]) => labels[name] === value),
  )
  if (rule === undefined || rule.by === 'person') return null
  const kinds = rule.kinds === undefined ? 'every kind' : rule.kinds.join(' and ')
  const where = Object.entries(rule.labels).map(([name, value]) => `${name} ${value}`)
  return `the configuration lets ${kinds} be done${where.length === 0 ? '' : ` where ${where.join(', ')}`} without asking`
}
