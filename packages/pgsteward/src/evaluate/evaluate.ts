// Runs checks on a snapshot: each yields exactly one outcome, whatever happens.

import type { AnyCheck, CheckContext, Outcome } from '../model/check.ts'
import type { Fact, Memory, Snapshot, StoredFact } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import { StoredReadings } from './stored-readings.ts'

export interface CheckSettings {
  /** Options by check id, already parsed; a missing entry means the check's defaults. */
  readonly options: ReadonlyMap<string, unknown>
  /** Run every check, refreshed or not: a one-shot owes an outcome for each. */
  readonly everything?: boolean
  /** Between two whole rounds: stored facts count as refreshed no more, so that only what was read anew is judged. */
  readonly onlyRefreshed?: boolean
  /** Of the target's rounds before; absent: everything is read anew. */
  readonly kept?: StoredReadings
}

/** A snapshot as far as it is judged. `server` null: the target has not been read, which only a check of stored facts can bear. */
export interface Judged extends Pick<Snapshot, 'targetId' | 'readings' | 'refreshed'> {
  readonly server: ServerInfo | null
}

/**
 * Checks with a need refreshed in this snapshot run; stored facts are as of now, so they always count as refreshed. Several checks
 * that need the same stored fact share one reading of it. A check that throws fails alone.
 */
export async function evaluate(
  checks: readonly AnyCheck[],
  snapshot: Judged,
  memory: Memory | null,
  settings: CheckSettings,
  now: Date,
): Promise<readonly Outcome[]> {
  const due = checks.filter(
    (check) =>
      settings.everything ||
      Object.values<Fact>(check.needs).some((fact) =>
        fact.from === 'store' ? settings.onlyRefreshed !== true : snapshot.refreshed.has(fact.id),
      ),
  )
  const recall =
    memory === null ? null : onceEach(memory, snapshot.targetId, settings.kept ?? new StoredReadings(0), now)
  return Promise.all(due.map((check) => outcomeOf(check, snapshot, recall, settings, now)))
}

type Recall = (fact: StoredFact<unknown>) => Promise<unknown>

function onceEach(memory: Memory, targetId: string, kept: StoredReadings, now: Date): Recall {
  const values = new Map<StoredFact<unknown>, Promise<unknown>>()
  const shared = askingOnce(memory)
  return (fact) => {
    const value = values.get(fact) ?? kept.valueOf(fact, now, () => fact.read(shared, targetId, now))
    values.set(fact, value)
    return value
  }
}

/** A dozen facts ask first which applications report, and two for the latest advice, every 15 s and for each target. */
function askingOnce(memory: Memory): Memory {
  const once = <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) => {
    const answers = new Map<string, Promise<Answer>>()
    return (...asked: Asked) => {
      const key = JSON.stringify(asked)
      const answer = answers.get(key) ?? ask(...asked)
      answers.set(key, answer)
      return answer
    }
  }
  return Object.create(memory, {
    applications: {
      value: once((...asked: Parameters<Memory['applications']>) => memory.applications(...asked)),
    },
    advice: { value: once((...asked: Parameters<Memory['advice']>) => memory.advice(...asked)) },
  }) as Memory
}

async function outcomeOf(
  check: AnyCheck,
  snapshot: Judged,
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
    const result = check.run(given, options, contextOf(snapshot.server, now))
    if ('skip' in result) return { status: 'skipped', checkId, because: result.skip }
    return result.length === 0 ? { status: 'quiet', checkId } : { status: 'found', checkId, findings: result }
  } catch (error) {
    if (error instanceof NeverRead) return { status: 'skipped', checkId, because: error.message }
    return { status: 'failed', checkId, error: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** Most checks of stored facts never ask for the server; one that does has to wait for it. */
function contextOf(server: ServerInfo | null, now: Date): CheckContext {
  if (server !== null) return { now, server }
  return {
    now,
    get server(): ServerInfo {
      throw new NeverRead('the target has not been read yet')
    },
  }
}

class NeverRead extends Error {}

async function readNeed(
  fact: Fact,
  snapshot: Judged,
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
