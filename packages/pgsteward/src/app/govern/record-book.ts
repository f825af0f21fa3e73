// Records as desks write them: found by their names, added to by those who have seen their last entry.

import { StewardError } from '../../model/error.ts'
import {
  type GovernanceRecord,
  RECORD_PREFIX,
  type RecordDraft,
  type RecordKind,
  readRecordName,
} from '../../model/governance.ts'
import type { GovernanceStore } from '../../store/governance-store.ts'

/** More than a team writes in years. */
const MOST_RECORDS = 2_000

export interface EntryText {
  readonly actor: string
  readonly action: string
  readonly body: Readonly<Record<string, unknown>>
}

export class RecordBook {
  readonly #store: GovernanceStore
  readonly #now: () => Date

  constructor(store: GovernanceStore, now: () => Date) {
    this.#store = store
    this.#now = now
  }

  get now(): Date {
    return this.#now()
  }

  /** The latest opened first. */
  all(kind: RecordKind): Promise<readonly GovernanceRecord[]> {
    return this.#store.records({ kinds: [kind], limit: MOST_RECORDS })
  }

  /** By CHG-12, or 12 where only one kind can be meant. Rejects with 'record-unknown'. */
  async get(kind: RecordKind, name: string): Promise<GovernanceRecord> {
    const ref = readRecordName(/^\d+$/.test(name) ? `${RECORD_PREFIX[kind]}-${name}` : name)
    const record = ref?.kind === kind ? await this.#store.record(ref) : null
    if (record !== null) return record
    throw new StewardError('record-unknown', `there is no ${kind} ${name}`, {
      hint: `Such as ${RECORD_PREFIX[kind]}-1.`,
    })
  }

  async open(
    { kind, targetId }: Pick<RecordDraft, 'kind' | 'targetId'>,
    { actor, body }: Omit<EntryText, 'action'>,
  ): Promise<GovernanceRecord> {
    const opening = { at: this.#now(), actor, action: 'opened', body }
    // null is answered to those of an origin alone
    return (await this.#store.openRecord({ kind, targetId, origin: null, opening }))!
  }

  /** Rejects with 'record-changed' where others have added to it since it was read. */
  async add(record: GovernanceRecord, entry: EntryText): Promise<GovernanceRecord> {
    const added = await this.#store.addEntry(
      record,
      { at: this.#now(), ...entry },
      record.entries.at(-1)!.seq,
    )
    return { ...record, entries: [...record.entries, added] }
  }
}
