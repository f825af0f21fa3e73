// How one kind of records is told in words.

import type { GovernanceRecord, RecordEntry } from '../model/governance.ts'

export interface RecordSummary {
  readonly title: string
  readonly state: string
  readonly facts: readonly (readonly [label: string, value: string])[]
}

export interface RecordTeller {
  readonly summary: (record: GovernanceRecord) => RecordSummary
  /** The first says what was done, as a clause after who did it; null: nothing better than what any entry says. */
  readonly entry: (entry: RecordEntry) => readonly string[] | null
}

/** `2026-11-23 09:30 UTC`. */
export function momentWords(at: string | Date): string {
  const iso = typeof at === 'string' ? new Date(at).toISOString() : at.toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
