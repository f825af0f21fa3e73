// A check's story on a real server: make the fault, found; the near miss, quiet; apply the remedy, quiet; undo, found again.

import { Collector } from '../../src/collect/collector.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { AnyCheck, Outcome } from '../../src/model/check.ts'
import type { Fact, PgFact } from '../../src/model/fact.ts'
import type { Finding } from '../../src/model/finding.ts'
import { openSession } from '../../src/postgres/connect.ts'
import type { TestDatabase } from './database.ts'

export interface StoryOptions {
  /** The check's options, as in configuration. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Added to the clock that the check sees, for windows of days. */
  readonly laterMs?: number
  /** What happens between two readings; needed where the check looks at increases. */
  readonly between?: () => Promise<void>
}

/** The findings of one check on this database, read through the real collector by a role with pg_monitor alone. */
export async function findingsOf(
  check: AnyCheck,
  database: TestDatabase,
  story: StoryOptions = {},
): Promise<readonly Finding[]> {
  const outcome = await outcomeOf(check, database, story)
  if (outcome.status === 'failed') throw outcome.error
  if (outcome.status === 'skipped') throw new Error(`${check.id} was skipped: ${outcome.because}`)
  return outcome.status === 'found' ? outcome.findings : []
}

export async function outcomeOf(
  check: AnyCheck,
  database: TestDatabase,
  story: StoryOptions = {},
): Promise<Outcome> {
  await database.flushStatistics()
  const facts = Object.values<Fact>(check.needs).filter((fact): fact is PgFact => fact.from === 'postgres')
  const collector = new Collector({
    target: { id: 'test', url: database.monitorUrl, labels: {} },
    facts,
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  try {
    let now = new Date(Date.now() + (story.laterMs ?? 0))
    let snapshot = await collector.collect(now)
    if (story.between !== undefined) {
      await story.between()
      await database.flushStatistics()
      // a minute passes as far as the check can tell: rates are per second of the interval
      now = new Date(now.getTime() + 60_000)
      snapshot = await collector.collect(now)
    }
    const options = new Map([[check.id, check.options.parse(story.options ?? {})]])
    const [outcome] = await evaluate([check], snapshot, null, { options }, now)
    return outcome!
  } finally {
    await collector.close()
  }
}

/** Executes a finding's remedy statement by statement, as maintain/ will. */
export async function applyRemedy(finding: Finding, database: TestDatabase): Promise<void> {
  if (finding.remedy === undefined) throw new Error('the finding has no remedy')
  await database.run(...finding.remedy.sql)
}

export async function undoRemedy(finding: Finding, database: TestDatabase): Promise<void> {
  if (finding.remedy?.undo == null) throw new Error('the remedy has no undo')
  await database.run(...finding.remedy.undo)
}
