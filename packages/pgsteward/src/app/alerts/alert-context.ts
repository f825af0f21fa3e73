// What goes with an alert beyond the finding: how its value went, and what happened shortly before it began.

import type { AlertContext } from '../../model/alert.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import type { Store } from '../../store/store.ts'
import { type AroundEvent, aroundFinding } from '../findings/around-finding.ts'
import { findingChart } from './finding-chart.ts'

const MOST_EVENTS = 3

export async function alertContext(store: Store, finding: OpenFinding, now: Date): Promise<AlertContext> {
  const [chart, around] = await Promise.all([
    findingChart(store, finding, now),
    aroundFinding(store, finding),
  ])
  return {
    chart,
    happened: around
      .filter(({ kind, at }) => kind !== 'finding' && kind !== 'statistics' && at <= finding.firstSeenAt)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime())
      .slice(0, MOST_EVENTS)
      .map((event) => ({ at: event.at, text: textOf(event) })),
  }
}

function textOf({ kind, subject, detail }: AroundEvent): string {
  return `${kind}: ${[subject, detail].filter((part) => part !== '').join(', ')}`
}
