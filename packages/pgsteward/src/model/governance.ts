// Governance records: append-only. A record is the sequence of its entries; what it is now is worked out from them (govern/).

/** The prefix under which people name a record: CHG-12. */
export const RECORD_PREFIX = {
  /** A change request, its agenda, votes, decision and what came of it (G1). */
  change: 'CHG',
  /** A meeting of the change board (G1). */
  meeting: 'MTG',
  /** A release rehearsal (G2). */
  rehearsal: 'REH',
  /** A change of who is on call, for a while (G3). */
  override: 'OVR',
  /** From one on call to the next (G3). */
  'hand-off': 'HND',
  incident: 'INC',
  /** A review after a launch (G5). */
  review: 'REV',
  /** From a finding to its measured effect (G6). */
  optimization: 'OPT',
} as const
export type RecordKind = keyof typeof RECORD_PREFIX
export const RECORD_KINDS = Object.keys(RECORD_PREFIX) as readonly RecordKind[]

export interface RecordRef {
  readonly kind: RecordKind
  /** From 1, within the kind. */
  readonly number: number
}

export interface EntryDraft {
  readonly at: Date
  /** Who, as a person or a token is named; 'pgsteward' where nobody was asked. */
  readonly actor: string
  /** A word of the record's kind: opened, voted, closed. */
  readonly action: string
  /** As the schema of the kind and action says (govern/). */
  readonly body: Readonly<Record<string, unknown>>
}

export interface RecordEntry extends EntryDraft {
  /** From 0, without a gap: what opens the record. */
  readonly seq: number
}

export interface RecordDraft {
  readonly kind: RecordKind
  readonly targetId: string | null
  /** What it comes from (`finding:KEY`, `alert:ID`): of one kind and origin there is one record. Null: a person opened it. */
  readonly origin: string | null
  readonly opening: EntryDraft
}

export interface GovernanceRecord extends RecordRef {
  readonly targetId: string | null
  readonly origin: string | null
  /** In their order; the first opened it. */
  readonly entries: readonly RecordEntry[]
}

/** CHG-12. */
export function recordName({ kind, number }: RecordRef): string {
  return `${RECORD_PREFIX[kind]}-${number}`
}

/** Null: it names no record. Case does not matter. */
export function readRecordName(text: string): RecordRef | null {
  const [, prefix = '', digits = ''] = /^([a-z]{3})-([1-9]\d{0,8})$/i.exec(text.trim()) ?? []
  const kind = RECORD_KINDS.find((each) => RECORD_PREFIX[each] === prefix.toUpperCase())
  return kind === undefined ? null : { kind, number: Number(digits) }
}
