// The levels of escalation as alerts know them: whom each step tells at a moment.

import type { OnCall } from '../../model/alert.ts'
import type { OnCallRole } from '../../model/on-call-wire.ts'
import type { OnCallNow } from './schedule.ts'

export interface Reach {
  readonly name: string
  /** Names of channels. */
  readonly channels: readonly string[]
}

/** L1 is the primary, at once. */
export type EscalationLevel = { readonly afterMs: number } & (
  | { readonly role: OnCallRole }
  /** Always the same: L3, executive. */
  | { readonly title: string; readonly people: readonly Reach[] }
)

/** Null within a gap, whatever the level: nobody is to be called, and what is still there afterwards is told then. */
export function onCallOf(
  levels: readonly EscalationLevel[],
  at: (moment: Date) => OnCallNow,
  reach: (person: string) => Reach,
): OnCall {
  return (moment, step) => {
    const level = levels[step]
    const now = at(moment)
    if (level === undefined || now.gap !== null) return null
    if ('role' in level) {
      const { name, channels } = reach(now[level.role].person)
      return { name: `${name} (${level.role})`, channels }
    }
    return {
      name: `${level.title}: ${level.people.map(({ name }) => name).join(', ')}`,
      channels: [...new Set(level.people.flatMap(({ channels }) => channels))],
    }
  }
}
