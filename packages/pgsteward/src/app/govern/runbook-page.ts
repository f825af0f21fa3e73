// The runbook of a check as it was shipped; null: it has none, or pages are not at hand.

import { readFile } from 'node:fs/promises'
import { CRITICAL_CHECKS } from '../../checks/critical-checks.ts'

export async function runbookPage(docsDir: string | null, checkId: string): Promise<string | null> {
  if (docsDir === null || !CRITICAL_CHECKS.includes(checkId)) return null
  return readFile(`${docsDir}/runbooks/${checkId}.md`, 'utf8').catch(() => null)
}
