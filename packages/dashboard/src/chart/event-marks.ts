// What happened to a target, as marks on the time axis of charts: deployments, changes of schema and settings, restarts, load runs, and plans that
// changed.

import type { PlanChangeWire, TargetEventWire } from 'pgsteward/wire'
import type { ChartMark } from './marks.ts'

/** More hide the lines; the newest stay. */
const MOST = 12
/** Tables are analyzed all day long: told beside a change of plan, and no mark of their own. */
const MARKED: ReadonlySet<TargetEventWire['kind']> = new Set([
  'deployment',
  'schema',
  'settings',
  'restart',
  'load',
])

export function eventMarks(events: readonly TargetEventWire[]): readonly ChartMark[] {
  return events
    .filter(({ kind }) => MARKED.has(kind))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, MOST)
    .map(({ at, subject, detail }) => ({
      at: Date.parse(at) / 1000,
      text: subject === '' ? detail : `${subject}: ${detail}`,
      property: '--accent',
    }))
}

export function planMarks(changes: readonly PlanChangeWire[], queryId: string): readonly ChartMark[] {
  return changes
    .filter((change) => change.queryId === queryId)
    .slice(0, MOST)
    .map(({ at, difference }) => ({
      at: Date.parse(at) / 1000,
      text: `The plan changed: ${difference}`,
      property: '--warning',
    }))
}
