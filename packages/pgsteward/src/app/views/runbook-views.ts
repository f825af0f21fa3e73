// Answers about runbooks: as they are shipped, and filled with what a finding says.

import { CRITICAL_CHECKS } from '../../checks/critical-checks.ts'
import { StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { RunbookWire } from '../../model/runbook-wire.ts'
import { fillRunbook } from '../govern/fill-runbook.ts'
import { runbookPage } from '../govern/runbook-page.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class RunbookViews {
  readonly #steward: Steward
  readonly #docsDir: string | null

  constructor(steward: Steward, docsDir: string | null) {
    this.#steward = steward
    this.#docsDir = docsDir
  }

  /** Throws 'usage' where the check has none. */
  async ofCheck(checkId: string): Promise<RunbookWire> {
    const page = await runbookPage(this.#docsDir, checkId)
    if (page === null) throw noRunbook(checkId)
    return { checkId, findingKey: null, page: fillRunbook(page, null) }
  }

  /** Throws 'finding-unknown', or 'usage' where its check has none. */
  async ofFinding(targetId: string, key: string): Promise<RunbookWire> {
    watcherOf(this.#steward, targetId)
    const finding = await this.#steward.store.finding(targetId, key)
    if (finding === null)
      throw new StewardError('finding-unknown', `there is no finding ${key}`, {
        hint: 'pgsteward findings --all lists what is known.',
      })
    const page = await this.filled(finding)
    if (page === null) throw noRunbook(finding.checkId)
    return { checkId: finding.checkId, findingKey: key, page }
  }

  /** Null: its check has none. */
  async filled(finding: OpenFinding): Promise<string | null> {
    const page = await runbookPage(this.#docsDir, finding.checkId)
    return page === null ? null : fillRunbook(page, finding)
  }
}

function noRunbook(checkId: string): StewardError {
  const nearest = nearestName(checkId, CRITICAL_CHECKS)
  return new StewardError('usage', `there is no runbook of "${checkId}"`, {
    detail: 'Checks that can be critical have one.',
    hint: nearest === null ? `docs/checks/${checkId}.md says what to do.` : `Did you mean ${nearest}?`,
  })
}
