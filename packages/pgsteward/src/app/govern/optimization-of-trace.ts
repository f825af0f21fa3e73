// What the record of an optimization that only its trace tells of still lacks.

import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { Store } from '../../store/store.ts'
import { analysisOfStatement, causeOf } from './optimization-evidence.ts'
import type { NextEntry } from './optimization-next.ts'
import type { OptimizationTrace } from './optimization-traces.ts'

export async function nextOfTrace(
  store: Pick<Store, 'advice' | 'plansOf'>,
  is: OptimizationWire,
  trace: OptimizationTrace,
  pageOf: (checkId: string) => Promise<string>,
): Promise<readonly NextEntry[]> {
  const { finding, at, seen, sql, undo, through, because, before, after, freedBytes } = trace
  const next: NextEntry[] = []
  if (is.analyse === null)
    next.push({ action: 'analysed', body: await analysisOfStatement(store, finding, at) })
  if (is.rootCause === null)
    next.push({ action: 'cause-found', body: causeOf(finding, await pageOf(finding.checkId)) })
  if (is.implement === null)
    next.push({
      action: 'implemented',
      body: {
        sql: [...sql],
        undo: undo === null ? null : [...undo],
        lock: null,
        caution: null,
        jobId: null,
        seen,
      },
    })
  if (is.deploy === null)
    next.push({
      action: 'deployed',
      body: { at: at.toISOString(), jobId: null, decisionId: null, decidedBy: null, through },
    })
  if (is.measure === null)
    next.push({
      action: 'measured',
      body: {
        verdict: 'gone',
        because,
        windows: null,
        predictedRatio: null,
        measuredRatio: null,
        statements: [],
        evidenceBefore: [...is.identify.evidence, ...before],
        evidenceAfter: [...after],
        value: {
          msPerDay: null,
          share: null,
          bytes: freedBytes,
          source: 'the check, and what the events of the target tell',
        },
      },
    })
  return next
}
