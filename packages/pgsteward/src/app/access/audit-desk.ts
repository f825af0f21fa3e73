// The audit log: what was asked that writes, or was refused. No body of a request is kept: it may hold secrets, and records hold the rest.

import type { AuditEntryWire, AuditQueryWire } from '../../model/access-wire.ts'
import type { AuditDraft, AuditStore } from '../../store/access/audit-store.ts'

/** Paths may be as long as somebody likes. */
const KEPT_OF_TEXT = 500

export class AuditDesk {
  readonly #store: AuditStore
  readonly #now: () => Date

  constructor(store: AuditStore, now: () => Date) {
    this.#store = store
    this.#now = now
  }

  async note(draft: Omit<AuditDraft, 'at'>): Promise<void> {
    const cut = (text: string | null) => text?.slice(0, KEPT_OF_TEXT) ?? null
    await this.#store.addAudit({
      ...draft,
      at: this.#now(),
      actor: cut(draft.actor),
      address: cut(draft.address)!,
      path: cut(draft.path)!,
      target: cut(draft.target),
      because: cut(draft.because),
    })
  }

  /** The latest first. */
  async entries({ since, ...filter }: AuditQueryWire): Promise<readonly AuditEntryWire[]> {
    const entries = await this.#store.auditEntries({
      ...filter,
      ...(since === undefined ? {} : { since: new Date(since) }),
    })
    return entries.map((entry) => ({ ...entry, at: entry.at.toISOString() }))
  }
}
