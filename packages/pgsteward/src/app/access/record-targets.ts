// Which target a record is about: whoever may see some targets alone asks for records by their number as well.

import { RECORD_PREFIX, type RecordKind, readRecordName } from '../../model/governance.ts'
import type { Store } from '../../store/store.ts'

/** A record of governance, or a job of maintenance. */
export type NumberedKind = RecordKind | 'job'

export class RecordTargets {
  readonly #store: Pick<Store, 'record' | 'job'>

  constructor(store: Pick<Store, 'record' | 'job'>) {
    this.#store = store
  }

  /** Null: there is none of this name, or it is about no target. `name` as desks take it: CHG-12, or 12 of a kind; of a job its id. */
  async targetOf(kind: NumberedKind, name: string): Promise<string | null> {
    if (kind === 'job')
      return /^\d{1,18}$/.test(name) ? ((await this.#store.job(name))?.targetId ?? null) : null
    const ref = readRecordName(/^\d+$/.test(name) ? `${RECORD_PREFIX[kind]}-${name}` : name)
    return ref?.kind === kind ? ((await this.#store.record(ref))?.targetId ?? null) : null
  }
}
