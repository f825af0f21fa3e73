// What alerts name as what to do: the page of a check that is built in, the runbook that a rule of the configuration names.

import type { Config } from '../config-schema.ts'

export function runbookOf({ rules }: Pick<Config, 'rules'>, checkId: string): string {
  const rule = rules[checkId]
  return rule === undefined
    ? `docs/checks/${checkId}.md`
    : (rule.runbook ?? `rules['${checkId}'] of the configuration`)
}
