// The store's side of the audit log: entries are added, never changed, and deleted by retention alone, which the database itself holds.

import type { AuditEntryWire, AuditQueryWire } from '../../model/access-wire.ts'
import { cleanText, type Sql } from '../database.ts'

export type AuditEntry = Omit<AuditEntryWire, 'at'> & { readonly at: Date }
export type AuditDraft = Omit<AuditEntry, 'id' | 'outcome'>
export type AuditFilter = Omit<AuditQueryWire, 'since'> & { readonly since?: Date }

export interface AuditStore {
  addAudit(entry: AuditDraft): Promise<void>
  /** The latest first. */
  auditEntries(filter: AuditFilter): Promise<readonly AuditEntry[]>
}

const OUTCOME = "case when a.status < 400 then 'done' when a.status < 500 then 'refused' else 'failed' end"

export function auditStore({ query }: Sql): AuditStore {
  return {
    addAudit: async ({ at, actor, role, by, address, action, path, target, status, because }) => {
      const text = (value: string | null) => (value === null ? null : cleanText(value))
      await query(
        `insert into pgsteward.audit_entry (at, actor, role, known_by, address, action, path, target, status, because)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          at,
          text(actor),
          role,
          by,
          cleanText(address),
          cleanText(action),
          cleanText(path),
          text(target),
          status,
          text(because),
        ],
      )
    },
    auditEntries: ({ since, actor, outcome, before, limit }) =>
      query<AuditEntry>(
        `select a.id::text, a.at, a.actor, a.role, a.known_by as by, a.address, a.action, a.path, a.target, a.status,
                ${OUTCOME} as outcome, a.because
           from pgsteward.audit_entry a
          where ($1::timestamptz is null or a.at >= $1) and ($2::text is null or a.actor = $2)
            and ($3::text is null or ${OUTCOME} = $3) and ($4::bigint is null or a.id < $4)
          order by a.id desc limit $5`,
        [since ?? null, actor ?? null, outcome ?? null, before ?? null, limit],
      ),
  }
}

export async function pruneAudit({ query }: Sql, before: Date): Promise<void> {
  await query('delete from pgsteward.audit_entry a where a.at < $1', [before])
}
