// What is read of a parsed statement to know whether maintenance runs it.

import type { Node } from 'libpg-query'
import type { MaintenanceStep, RelationRef } from '../model/maintenance.ts'

export type Allowed = { readonly step: MaintenanceStep } | { readonly refused: string }

/** The body of a node of this kind. */
export type NodeOf<Kind extends string> =
  Extract<Node, Record<Kind, unknown>> extends infer Found
    ? Found extends Record<Kind, infer Body>
      ? Body
      : never
    : never

export const NO_SCHEMA = 'It names no schema, so what it means would depend on the search path.'

/** Null: it names none. */
export function relationOf(range: NodeOf<'IndexStmt'>['relation']): RelationRef | null {
  if (range?.schemaname === undefined || range.relname === undefined) return null
  return { schema: range.schemaname, name: range.relname }
}
