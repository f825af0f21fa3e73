// All marks of a statement's charts: what was found on it, when its plan changed, and what happened to the target. The charts do not wait
// for them.

import type { FindingWire, PlanChangesWire, TargetEventsWire } from 'pgsteward/wire'
import { useMemo } from 'react'
import { eventMarks, planMarks } from '../chart/event-marks.ts'
import { type ChartMark, findingMarks } from '../chart/marks.ts'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

export function useMarks(queryId: string, findings: readonly FindingWire[]): readonly ChartMark[] {
  const target = useTarget()
  const { params } = useAddress()
  const range = parseRange(params)
  const events = useResource<TargetEventsWire>({ path: targetPath(target, 'events'), range })
  const changes = useResource<PlanChangesWire>({ path: targetPath(target, 'plan-changes'), range })
  return useMemo(
    () => [
      ...findingMarks(findings),
      ...planMarks(changes.data?.changes ?? [], queryId),
      ...eventMarks(events.data?.events ?? []),
    ],
    [findings, changes.data, events.data, queryId],
  )
}
