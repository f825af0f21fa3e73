// What alerts name as what to do: the runbook of a check that can be critical, the page of another, the runbook that a rule of the
// configuration names.

import { CRITICAL_CHECKS } from '../../checks/critical-checks.ts'
import type { Config } from '../config/config-schema.ts'

export function runbookOf({ rules }: Pick<Config, 'rules'>, checkId: string): string {
  const rule = rules[checkId]
  if (rule !== undefined) return rule.runbook ?? `rules['${checkId}'] of the configuration`
  return CRITICAL_CHECKS.includes(checkId) ? `docs/runbooks/${checkId}.md` : `docs/checks/${checkId}.md`
}
