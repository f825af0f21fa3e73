// Runs checks on a snapshot: each yields exactly one outcome, whatever happens.

import type { AnyCheck, Outcome } from '../model/check.ts'
import type { Fact, Memory, Snapshot, StoredFact } from '../model/fact.ts'

export interface CheckSettings {
  /** Options by check id, already parsed; a missing entry means the check's defaults. */
  readonly options: ReadonlyMap<string, unknown>
  /** Run every check, refreshed or not: a one-shot owes an outcome for each. */
  readonly everything?: boolean
}

/**
 * Checks with a need refreshed in this snapshot run; stored facts are as of now, so they always count as refreshed. Several checks
 * that need the same stored fact share one reading of it. A check that throws fails alone.
 */
export async function evaluate(
  checks: readonly AnyCheck[],
  snapshot: Snapshot,
  memory: Memory | null,
  settings: CheckSettings,
  now: Date,
): Promise<readonly Outcome[]> {
  const due = checks.filter(
    (check) =>
      settings.everything ||
      Object.values<Fact>(check.needs).some(
        (fact) => fact.from === 'store' || snapshot.refreshed.has(fact.id),
      ),
  )
  const recall = memory === null ? null : onceEach(memory, snapshot.targetId, now)
  return Promise.all(due.map((check) => outcomeOf(check, snapshot, recall, settings, now)))
}

type Recall = (fact: StoredFact<unknown>) => Promise<unknown>

function onceEach(memory: Memory, targetId: string, now: Date): Recall {
  const values = new Map<StoredFact<unknown>, Promise<unknown>>()
  return (fact) => {
    const value = values.get(fact) ?? fact.read(memory, targetId, now)
    values.set(fact, value)
    return value
  }
}

async function outcomeOf(
  check: AnyCheck,
  snapshot: Snapshot,
  recall: Recall | null,
  settings: CheckSettings,
  now: Date,
): Promise<Outcome> {
  const checkId = check.id
  try {
    const given: Record<string, unknown> = {}
    for (const [name, fact] of Object.entries<Fact>(check.needs)) {
      const value = await readNeed(fact, snapshot, recall)
      if ('skip' in value) return { status: 'skipped', checkId, because: value.skip }
      given[name] = value.value
    }
    const options = settings.options.get(checkId) ?? check.options.parse({})
    const result = check.run(given, options, { now, server: snapshot.server })
    if ('skip' in result) return { status: 'skipped', checkId, because: result.skip }
    return result.length === 0 ? { status: 'quiet', checkId } : { status: 'found', checkId, findings: result }
  } catch (error) {
    return { status: 'failed', checkId, error: error instanceof Error ? error : new Error(String(error)) }
  }
}

async function readNeed(
  fact: Fact,
  snapshot: Snapshot,
  recall: Recall | null,
): Promise<{ value: unknown } | { skip: string }> {
  if (fact.from === 'store') {
    if (recall !== null) return { value: await recall(fact) }
    return fact.withoutStore === undefined
      ? { skip: 'needs history: run pgsteward watch' }
      : { value: fact.withoutStore }
  }
  const reading = snapshot.readings.get(fact.id)
  switch (reading?.status) {
    case undefined:
      return {
        skip:
          fact.kind === 'counter'
            ? 'needs two readings: add --for 1m, or run pgsteward watch'
            : `${fact.id} has not been read yet`,
      }
    case 'unavailable':
      return { skip: `${fact.id}: ${reading.because}` }
    case 'rows':
      return { value: reading.rows }
    case 'interval':
      return { value: reading.interval }
  }
}
