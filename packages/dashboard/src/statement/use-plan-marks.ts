// When a statement's plan changed, as marks of its charts beside what happened to the target. The charts do not wait for them.

import type { PlanChangesWire } from 'pgsteward/wire'
import { useMemo } from 'react'
import { type ChartMark, planMarks } from '../chart/marks.ts'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

export function usePlanMarks(queryId: string): readonly ChartMark[] {
  const target = useTarget()
  const { params } = useAddress()
  const changes = useResource<PlanChangesWire>({
    path: targetPath(target, 'plan-changes'),
    range: parseRange(params),
  })
  return useMemo(() => planMarks(changes.data?.changes ?? [], queryId), [changes.data, queryId])
}
