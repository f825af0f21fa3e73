// The monthly proposal for each load baseline: keep it, or promote the month's runs because they are over 10 % faster (V6).

import { compareRuns } from '../../gate/compare-runs.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { LoadRun } from '../../model/load-run.ts'
import type { Window } from '../../model/units.ts'
import type { KeptBaseline, KeptRun } from '../../store/load/load-store.ts'
import type { Store } from '../../store/store.ts'

export interface BaselineDecision {
  readonly baseline: Pick<KeptBaseline, 'name' | 'scenario' | 'hostClass'>
  readonly decision: 'promote' | 'keep' | 'investigate'
  /** A sentence. */
  readonly because: string
  /** Of the month, that were compared. */
  readonly runIds: readonly string[]
}

/** As many as make a comparison; more of one month say little more. */
const MOST_RUNS = 5
const LOOKED_THROUGH = 500

export async function baselineDecisions(
  store: Store,
  targetId: string,
  window: Window,
): Promise<readonly BaselineDecision[]> {
  const active = (await store.baselines()).filter(({ status }) => status === 'active')
  if (active.length === 0) return []
  const runs = (await store.loadRuns({ limit: LOOKED_THROUGH })).filter((run) => isOf(run, targetId, window))
  const decisions: BaselineDecision[] = []
  for (const baseline of active) {
    const fitting = runs.filter((run) => fits(baseline, run)).slice(0, MOST_RUNS)
    const bodies: LoadRun[] = []
    for (const { id } of fitting) {
      const run = (await store.loadRun(id))?.run ?? null
      if (run !== null) bodies.push(run)
    }
    const whole = bodies.length === 0 ? null : await store.baselineOf(baseline.id)
    const comparison = whole === null ? null : compareRuns(whole.runs, bodies, { noise: whole.noise })
    decisions.push({
      baseline,
      ...decisionOn(comparison),
      runIds: bodies.map(({ id }) => id),
    })
  }
  return decisions
}

/** Null: the month has no valid run of it. */
export function decisionOn(
  comparison: Pick<Comparison, 'verdict' | 'isNewBaselineDue' | 'summary'> | null,
): Pick<BaselineDecision, 'decision' | 'because'> {
  if (comparison === null)
    return { decision: 'keep', because: 'The month has no valid run to hold against it.' }
  const { verdict, isNewBaselineDue, summary } = comparison
  if (isNewBaselineDue) return { decision: 'promote', because: `Over 10 % faster on the whole. ${summary}` }
  if (verdict === 'fail' || verdict === 'warn')
    return { decision: 'investigate', because: `Slower: promoting would hide it. ${summary}` }
  if (verdict === 'pass') return { decision: 'keep', because: summary }
  return { decision: 'keep', because: `Nothing is proven. ${summary}` }
}

function isOf(run: KeptRun, targetId: string, { from, to }: Window): boolean {
  const isWithin = run.startedAt > from && run.startedAt <= to
  return isWithin && run.invalid.length === 0 && (run.targetId === null || run.targetId === targetId)
}

function fits({ scenario, hostClass, runIds }: KeptBaseline, run: KeptRun): boolean {
  return (
    run.scenario.id === scenario.id &&
    run.scenario.hash === scenario.hash &&
    run.hostClass === hostClass &&
    !runIds.includes(run.id)
  )
}
