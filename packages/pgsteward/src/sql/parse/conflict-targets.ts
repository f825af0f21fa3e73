// What INSERT ... ON CONFLICT names as the uniqueness that it relies on.

import type { Node } from 'libpg-query'

export interface ConflictTarget {
  /** Null: found along the search path. */
  readonly schema: string | null
  readonly table: string
  /** Plain columns of its list; empty where it names a constraint. */
  readonly columns: readonly string[]
  readonly constraint: string | null
}

/** Of a whole statement, CTEs included. One without a target (`on conflict do nothing`) relies on none. */
export function conflictTargets(statement: Node): readonly ConflictTarget[] {
  const found: ConflictTarget[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    if ('InsertStmt' in node) {
      const { relation, onConflictClause } = node.InsertStmt
      const infer = onConflictClause?.infer
      if (infer !== undefined && relation?.relname !== undefined)
        found.push({
          schema: relation.schemaname ?? null,
          table: relation.relname,
          columns: (infer.indexElems ?? []).flatMap((each) =>
            'IndexElem' in each && each.IndexElem.name !== undefined ? [each.IndexElem.name] : [],
          ),
          constraint: infer.conname ?? null,
        })
    }
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(statement)
  return found
}

/** Of `insert into t ... on conflict (a, b)`: for people. */
export function targetWords({ columns, constraint }: ConflictTarget): string {
  return constraint === null ? `(${columns.join(', ')})` : `on constraint ${constraint}`
}
