// Statements that one request sent again and again (N+1), by route, model and place, over ten minutes, and the deployment since which
// they do.

import type { RepeatTotals } from '../model/application.ts'
import { defineStoredFact, type Memory } from '../model/fact.ts'
import type { TargetEvent } from '../model/plan.ts'
import type { Milliseconds } from '../model/units.ts'
import { type ApplicationReading, readRows } from './application-reading.ts'
import { withQueryIds } from './query-ids.ts'
import { readTargetEvents } from './target-events.ts'

/** What did not happen in this long before a deployment is taken for new with it. */
const BEFORE_MS: Milliseconds = 60 * 60_000
/** Reports are kept by the minute in which they came, and a deployment is noticed a moment after its first report. */
const BLURRED_MS: Milliseconds = 2 * 60_000

export interface ApplicationRepeat extends RepeatTotals {
  readonly queryIds: readonly string[]
  /** The latest deployment of the application, where the statement was not repeated before it. */
  readonly since: TargetEvent | null
}

export const applicationRepeats = defineStoredFact<ApplicationReading<ApplicationRepeat>>({
  id: 'application-repeats',
  title: 'Statements that one request sent again and again (N+1), over ten minutes',
  async read(memory, targetId, now) {
    const reading = await readRows(memory, targetId, now, (window) => memory.repeats(targetId, window))
    const rows = await withQueryIds(memory, targetId, reading.rows, () => true)
    const sinceOf = await deploymentsOf(memory, targetId, now, new Set(rows.map((row) => row.application)))
    return { ...reading, rows: rows.map((row) => ({ ...row, since: sinceOf(row) })) }
  },
})

/** Tells of a row since which deployment it is repeated; null: for longer, or none is known. */
async function deploymentsOf(
  memory: Memory,
  targetId: string,
  now: Date,
  applications: ReadonlySet<string>,
): Promise<(row: RepeatTotals) => TargetEvent | null> {
  if (applications.size === 0) return () => null
  const latest = new Map<string, TargetEvent>()
  for (const event of await readTargetEvents(memory, targetId, now))
    if (event.kind === 'deployment' && applications.has(event.subject) && !latest.has(event.subject))
      latest.set(event.subject, event)
  const known = new Map<string, ReadonlySet<string>>()
  for (const [application, { at }] of latest) {
    const before = await memory.repeats(targetId, {
      from: new Date(at.getTime() - BEFORE_MS),
      to: new Date(at.getTime() - BLURRED_MS),
    })
    known.set(application, new Set(before.filter((row) => row.application === application).map(siteOf)))
  }
  return (row) => {
    const event = latest.get(row.application)
    return event === undefined || known.get(row.application)?.has(siteOf(row)) === true ? null : event
  }
}

/** Without file and line, which move with every edit. */
function siteOf({ fingerprint, route }: RepeatTotals): string {
  return JSON.stringify([fingerprint, route])
}
