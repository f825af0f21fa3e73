// Records of all kinds as they are kept, out to files and in from them.

import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import type { ImportedWire, RecordWire } from '../../model/record-wire.ts'
import type { GovernanceStore } from '../../store/governance-store.ts'

/** An export is whole. */
const ALL = 1_000_000

export class RecordsDesk {
  readonly #store: GovernanceStore

  constructor(store: GovernanceStore) {
    this.#store = store
  }

  /** Those with an entry since then, by kind and number. */
  async all(since: Date | undefined): Promise<readonly RecordWire[]> {
    const records = await this.#store.records({ limit: ALL, ...(since === undefined ? {} : { since }) })
    return records
      .map((record) => ({
        ...record,
        entries: record.entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
      }))
      .sort((one, other) =>
        one.kind === other.kind ? one.number - other.number : one.kind < other.kind ? -1 : 1,
      )
  }

  /** One by one: a record that cannot be taken keeps no other from it. */
  async import(records: readonly RecordWire[]): Promise<ImportedWire> {
    let added = 0
    const refused: { name: string; because: string }[] = []
    for (const told of records) {
      const record = recordOfWire(told)
      try {
        added += await this.#store.importRecords([record])
      } catch (error) {
        if (!(error instanceof StewardError)) throw error
        refused.push({ name: recordName(record), because: error.detail ?? error.message })
      }
    }
    return { added, refused }
  }
}

export function recordOfWire({ entries, ...record }: RecordWire): GovernanceRecord {
  return { ...record, entries: entries.map((entry) => ({ ...entry, at: new Date(entry.at) })) }
}
