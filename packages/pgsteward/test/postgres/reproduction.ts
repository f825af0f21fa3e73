// Reads the SQL that a check's page gives to reproduce its fault, so that the page is run by the story and can't go stale.

import { readFileSync } from 'node:fs'

/** The statements of the page's ```sql blocks under "How to reproduce it", split at lines that end with a semicolon. */
export function reproductionOf(checkId: string): readonly string[] {
  const page = readFileSync(new URL(`../../../../docs/checks/${checkId}.md`, import.meta.url), 'utf8')
  const section = page.split(/^## /m).find((each) => each.startsWith('How to reproduce it'))
  if (section === undefined) throw new Error(`docs/checks/${checkId}.md has no "How to reproduce it"`)
  const statements = [...section.matchAll(/^```sql\n([\s\S]*?)^```/gm)]
    .flatMap((block) => block[1]!.split(/;[ \t]*$/m))
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  if (statements.length === 0) throw new Error(`docs/checks/${checkId}.md has no sql block to reproduce it`)
  return statements
}
