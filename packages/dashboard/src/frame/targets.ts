// The targets and the one that is looked at, for every page below the frame.

import type { TargetWire } from 'pgsteward/wire'
import { createContext, use } from 'react'

export interface Targets {
  readonly all: readonly TargetWire[]
  readonly current: TargetWire
}

export const TargetsContext = createContext<Targets | null>(null)

/** Only below a frame that has targets. */
export function useTarget(): TargetWire {
  const targets = use(TargetsContext)
  if (targets === null) throw new Error('useTarget outside of a frame with targets')
  return targets.current
}

/** All of them, the same way. */
export function useTargets(): readonly TargetWire[] {
  const targets = use(TargetsContext)
  if (targets === null) throw new Error('useTargets outside of a frame with targets')
  return targets.all
}

/** The API's path of the present target. */
export function targetPath(target: TargetWire, rest: string): string {
  return `/api/v1/targets/${encodeURIComponent(target.id)}/${rest}`
}
