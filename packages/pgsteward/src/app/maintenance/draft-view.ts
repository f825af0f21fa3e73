// Jobs and states as the API and commands show them.

import type { JobDraft, ObjectState } from '../../model/maintenance.ts'

export function draftView({ origin, because, steps, undo, lock, caution }: JobDraft) {
  return {
    origin,
    because,
    steps: steps.map(({ kind, sql, relation }) => ({
      kind,
      sql,
      relation: `${relation.schema}.${relation.name}`,
    })),
    undo: undo === null ? null : [...undo],
    lock,
    caution,
  }
}

export function stateView({ sizeBytes, rows, deadRows }: ObjectState) {
  return { sizeBytes, rows, deadRows }
}
