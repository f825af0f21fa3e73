// The records that the practice's figures are made of, read from the store.

import { incidentOf } from '../../govern/incident/incident-state.ts'
import { meetingOf } from '../../govern/meeting/meeting-state.ts'
import { optimizationOf } from '../../govern/optimization/optimization-state.ts'
import { type PracticeRecords, practiceMetrics } from '../../govern/practice/practice-metrics.ts'
import { recordsAsOf } from '../../govern/records-as-of.ts'
import { launchReviewOf } from '../../govern/review/review-state.ts'
import type { RecordKind } from '../../model/governance.ts'
import type { PracticeWire } from '../../model/practice-wire.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

/** More of a kind than a team writes in years. All are read: what is due in a period may stand in a record of years ago. */
const MOST_RECORDS = 10_000

type RecordsStore = Pick<Store, 'records'>

/** Of the first window, with the others before it; records as they stood at `at`. Absent target: of all. */
export async function practiceOf(
  store: RecordsStore,
  targetId: string | undefined,
  windows: readonly [Window, ...(readonly Window[])],
  at: Date,
): Promise<PracticeWire> {
  return practiceMetrics(await practiceRecords(store, targetId, at), windows)
}

/** A meeting is of no target: the whole team's are among those of each. */
export async function practiceRecords(
  store: RecordsStore,
  targetId: string | undefined,
  at: Date,
): Promise<PracticeRecords> {
  const read = async (kind: RecordKind, of: string | undefined) => {
    const target = of === undefined ? {} : { targetId: of }
    return recordsAsOf(await store.records({ kinds: [kind], limit: MOST_RECORDS, ...target }), at)
  }
  const [incidents, optimizations, changes, reviews, meetings] = await Promise.all([
    read('incident', targetId),
    read('optimization', targetId),
    read('change', targetId),
    read('review', targetId),
    read('meeting', undefined),
  ])
  return {
    incidents: incidents.map(incidentOf),
    optimizations: optimizations.map(optimizationOf),
    changes,
    launches: reviews.map((record) => launchReviewOf(record, at)),
    meetings: meetings.map((record) => meetingOf(record, [])),
  }
}
