// Open findings as a roadmap: what each is worth in database time, by the effort that its remedy takes.

import type { OpenFinding } from '../../model/open-finding.ts'
import type { FindingCost, WeighedFinding } from './finding-cost.ts'

export interface Effort {
  /** Judged, not measured: what matters is their order. */
  readonly points: 1 | 2 | 3 | 5 | 8
  readonly because: string
}

export interface RoadmapEntry extends WeighedFinding {
  readonly effort: Effort
  /** Share of database time a point; null: its worth in database time is not known. */
  readonly worth: number | null
}

/** By what the remedy asks of people: run it, find a window, rehearse it, change code, change how the data lies. */
export function effortOf({ remedy, area, subject, evidence }: OpenFinding): Effort {
  if (area === 'partition') return { points: 8, because: 'the data is laid out anew' }
  if (remedy !== undefined && remedy.sql.length > 0) {
    if (remedy.lock === 'access exclusive')
      return { points: 3, because: 'a statement that stops everybody: rehearsed, in a window' }
    if (remedy.lock === 'share' || remedy.lock === 'share row exclusive')
      return { points: 2, because: 'a statement that stops writes: in a window' }
    return { points: 1, because: 'a statement that stops nobody' }
  }
  if (evidence.some(({ label }) => label === 'Rewrite'))
    return { points: 3, because: 'code, with the new text proven already' }
  const isCode =
    area === 'query' || ['route', 'feature', 'call-site', 'pool', 'query', 'service'].includes(subject.kind)
  return isCode
    ? { points: 5, because: 'code has to be changed' }
    : { points: 8, because: 'no statement mends it: machines, settings or ways of working' }
}

/** The most worth a point first; what has no figure is not in it. Two findings on one statement are worth its time once. */
export function roadmap(weighed: readonly WeighedFinding[]): readonly RoadmapEntry[] {
  return weighed
    .map((each) => {
      const effort = effortOf(each.life.finding)
      return { ...each, effort, worth: worthOf(each, effort) }
    })
    .filter(({ worth }) => worth !== null && worth > 0)
    .toSorted((a, b) => b.worth! - a.worth! || a.effort.points - b.effort.points)
}

function worthOf({ share }: FindingCost, { points }: Effort): number | null {
  return share === null ? null : share / points
}
