// The records that the practice's figures are made of, read from the store.

import { incidentOf } from '../../govern/incident/incident-state.ts'
import { optimizationOf } from '../../govern/optimization/optimization-state.ts'
import { PERIODS_BEFORE, practiceMetrics } from '../../govern/practice/practice-metrics.ts'
import type { RecordKind } from '../../model/governance.ts'
import type { PracticeWire } from '../../model/practice-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

/** More of a kind within four periods than people can have handled. */
const MOST_RECORDS = 10_000

export async function practiceOf(
  store: Pick<Store, 'records'>,
  targetId: string | undefined,
  lengthMs: Milliseconds,
  now: Date,
): Promise<PracticeWire> {
  const since = new Date(now.getTime() - (PERIODS_BEFORE + 1) * lengthMs)
  const read = (kind: RecordKind) =>
    store.records({
      kinds: [kind],
      since,
      limit: MOST_RECORDS,
      ...(targetId === undefined ? {} : { targetId }),
    })
  const [incidents, optimizations, changes] = await Promise.all([
    read('incident'),
    read('optimization'),
    read('change'),
  ])
  return practiceMetrics(
    { incidents: incidents.map(incidentOf), optimizations: optimizations.map(optimizationOf), changes },
    lengthMs,
    now,
  )
}
