// The page of a check, as Markdown: of one that is built in, or of a rule of the configuration. Empty where pages are not at hand.

import type { Config } from '../config/config-schema.ts'
import { pageOf } from '../findings/told-findings.ts'
import { rulePage } from './rule-page.ts'

export function checkPages(
  { rules }: Pick<Config, 'rules'>,
  docsDir: string | null,
): (checkId: string) => Promise<string> {
  return async (checkId) => {
    const rule = rules[checkId]
    return rule === undefined ? pageOf(docsDir, checkId) : rulePage(checkId, rule)
  }
}
