// The workload as the store's history has it: what the target's statements really did in the last days, with values of parameters
// that applications told of where they are not redacted.

import type { LeftOut, Workload, WorkloadStatement } from '../../advise/workload.ts'
import type { AdviceWorkload } from '../../model/advice-run.ts'
import type { SlowQueryRecord } from '../../model/application.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { StatementTotals, Store } from '../../store/store.ts'

/** Beyond these the rest is a fraction of a percent of the time. */
const MOST_STATEMENTS = 500
/** Single slow ones that are looked through for values. */
const MOST_SLOW = 1_000
/** More samples of one statement say nothing new. */
const MOST_SAMPLES = 5

const WEEK_MS: Milliseconds = 7 * 86_400_000

export interface FoundWorkload {
  readonly workload: Workload
  readonly about: AdviceWorkload
}

/** A week holds a weekend and the jobs that run once in it. */
export function workloadWindow(now: Date): Window {
  return { from: new Date(now.getTime() - WEEK_MS), to: now }
}

/** Null: the history has no statement of that database. */
export async function historyWorkload(
  store: Store,
  targetId: string,
  database: string,
  now: Date,
): Promise<FoundWorkload | null> {
  const window = workloadWindow(now)
  const [totals, { seconds }, slow] = await Promise.all([
    store.topStatements(targetId, window, 'totalTime', MOST_STATEMENTS),
    store.statementSums(targetId, window),
    store.slowQueries(targetId, window, { order: 'latest', limit: MOST_SLOW }),
  ])
  if (seconds === 0) return null
  const minutes = seconds / 60
  const samples = samplesByFingerprint(slow)
  const statements: WorkloadStatement[] = []
  const leftOut: LeftOut[] = []
  const execMsPerMinute: Record<string, Milliseconds> = {}
  for (const each of ofDatabase(totals, database)) {
    if (each.text === '') {
      leftOut.push({ id: each.queryId, because: 'its text is not known' })
      continue
    }
    if (!isAdvisable(each.text)) continue
    execMsPerMinute[each.queryId] = each.totalExecMs / minutes
    statements.push({
      id: each.queryId,
      sql: each.text.trim().replace(/;\s*$/, ''),
      callsPerMinute: each.calls / minutes,
      variants: samples.get(fingerprintOf(each.text)) ?? [],
      rowsPerCall: each.calls > 0 ? each.rows / each.calls : null,
    })
  }
  if (statements.length === 0) return null
  const from = new Date(Math.max(window.from.getTime(), now.getTime() - seconds * 1000))
  return {
    workload: { statements, leftOut },
    about: { source: 'history', statements: statements.length, from, to: now, execMsPerMinute },
  }
}

/** Of several users' entries one: an index serves them all. */
function ofDatabase(totals: readonly StatementTotals[], database: string): readonly StatementTotals[] {
  const byId = new Map<string, StatementTotals>()
  for (const each of totals) {
    if (each.database !== database) continue
    const known = byId.get(each.queryId)
    byId.set(
      each.queryId,
      known === undefined
        ? each
        : {
            ...known,
            text: known.text === '' ? each.text : known.text,
            calls: known.calls + each.calls,
            totalExecMs: known.totalExecMs + each.totalExecMs,
            rows: known.rows + each.rows,
          },
    )
  }
  return [...byId.values()]
}

/** What reads or changes rows of the user's tables; the rest has no plan that an index could change. */
function isAdvisable(text: string): boolean {
  const bare = text.replace(/^(\s|\/\*[\s\S]*?\*\/|--[^\n]*\n|\()+/, '')
  return (
    /^(select|insert|update|delete|merge|with|values)\b/i.test(bare) &&
    !/\bpg_stat_|\bpg_catalog\.|\binformation_schema\.|\/\* pgsteward:/i.test(text)
  )
}

function samplesByFingerprint(
  slow: readonly SlowQueryRecord[],
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const samples = new Map<string, (readonly string[])[]>()
  for (const { fingerprint, parameters } of slow) {
    const known = samples.get(fingerprint) ?? []
    if (parameters === null || parameters.length === 0 || known.length >= MOST_SAMPLES) continue
    const literals = parameters.map(literalOf)
    if (literals.some((literal) => literal === null)) continue
    const sample = literals as string[]
    if (!known.some((each) => each.join() === sample.join())) samples.set(fingerprint, [...known, sample])
  }
  return samples
}

/** Null: redacted, cut off, or shown in a form that is no value of SQL. */
function literalOf(shown: string): string | null {
  if (shown === 'null') return 'null'
  if (/\[redacted\]|…|^[[{<]/.test(shown)) return null
  if (/^-?\d+(\.\d+)?$/.test(shown)) return shown
  return `'${shown.replaceAll("'", "''")}'`
}
