// What a record of any kind says to people: a title, a state, a few facts, and each entry in words. A kind without words of its own gets
// those that can be worked out from any entry. Nothing here depends on the clock, so that an exported file changes with its record alone.

import { type GovernanceRecord, type RecordEntry, type RecordKind, recordName } from '../model/governance.ts'
import type { ToldEntryWire } from '../model/record-wire.ts'
import { changeTeller } from './change/change-words.ts'
import { meetingTeller } from './meeting/meeting-words.ts'
import { rehearsalTeller } from './rehearsal/rehearsal-words.ts'
import { reviewTeller } from './review/review-words.ts'
import type { RecordSummary, RecordTeller } from './teller.ts'

const TELLERS: { readonly [K in RecordKind]?: RecordTeller } = {
  change: changeTeller,
  meeting: meetingTeller,
  rehearsal: rehearsalTeller,
  review: reviewTeller,
}

export function summaryOf(record: GovernanceRecord): RecordSummary {
  return (TELLERS[record.kind] ?? ANY).summary(record)
}

/** Paragraphs; the first says what was done. */
export function entryWords(kind: RecordKind, entry: RecordEntry): readonly string[] {
  const words = (TELLERS[kind] ?? ANY).entry(entry) ?? ANY.entry(entry) ?? []
  return words.filter((text) => text !== '')
}

/** An entry for a timeline. */
export function toldEntries({ kind, entries }: Pick<GovernanceRecord, 'kind' | 'entries'>): ToldEntryWire[] {
  return entries.map((entry) => ({
    seq: entry.seq,
    at: entry.at.toISOString(),
    actor: entry.actor,
    action: entry.action,
    words: [...entryWords(kind, entry)],
  }))
}

const ANY: RecordTeller = {
  summary: (record) => {
    const { title, name, summary } = record.entries[0]!.body
    const told = [title, summary, name].find((each) => typeof each === 'string' && each !== '')
    return {
      title: typeof told === 'string' ? told : recordName(record),
      state: record.entries.at(-1)!.action,
      facts: [],
    }
  },
  entry: ({ action, body }) => [
    action,
    ...Object.entries(body).flatMap(([key, value]) =>
      value === null || value === '' || (Array.isArray(value) && value.length === 0)
        ? []
        : [`${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`],
    ),
  ],
}
