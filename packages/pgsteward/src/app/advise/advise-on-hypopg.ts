// advise --planner hypopg: the search asks the target itself, over hypothetical indexes that only our session sees.

import type { AdviceReport } from '../../model/advice.ts'
import { openSession } from '../../postgres/connect.ts'
import { openHypopg } from '../../twin/hypopg/open-hypopg.ts'
import type { AdviseGround } from './advise-request.ts'
import { adviseWithPlanner } from './advise-with-planner.ts'

/** Throws 'usage' where the target has no HypoPG. */
export async function adviseOnHypopg(ground: AdviseGround): Promise<AdviceReport> {
  const { url, onProgress = () => {} } = ground.request
  onProgress('opening HypoPG')
  const planner = await openHypopg(
    await openSession(url, { purpose: 'advise', statementTimeoutMs: PLANNING_TIMEOUT_MS }),
  )
  try {
    const advice = await adviseWithPlanner(planner, ground, async () => undefined)
    const { kind, versionNum, hidesExisting } = planner
    return {
      ...advice,
      planner: { kind, versionNum, agreement: null },
      indexes: advice.indexes.map((index) => ({ ...index, checkedWith: null })),
      notes: [...ground.notes, ...limitsOf(hidesExisting), ...advice.notes],
    }
  } finally {
    await planner.close()
  }
}

/** One statement that takes longer to plan is left out, named. */
export const PLANNING_TIMEOUT_MS = 30_000

function limitsOf(hidesExisting: boolean): readonly string[] {
  return [
    'Planned on the target by HypoPG: without new indexes the plans are its own. It has no GIN indexes and no statistics of expressions; ' +
      'sizes, the height of trees and pages are ours. A twin knows them all (--planner twin).',
    ...(hidesExisting
      ? []
      : [
          'Whether existing indexes are still needed was not looked at: HypoPG can hide them since 1.4 only.',
        ]),
  ]
}
