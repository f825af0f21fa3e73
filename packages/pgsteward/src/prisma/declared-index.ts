// An index that a project says its database has: from schema.prisma, from migrations, or from a list.

import type { IndexDefinition } from '../sql/index-definition.ts'

export interface DeclaredIndex extends IndexDefinition {
  /** As given or by default; where several are possible the most likely one. */
  readonly name: string
  /** Whether the name was written down; else an equal index under another name is as good. */
  readonly isNamed: boolean
  /** Primary key and unique constraints have indexes too. */
  readonly constraint: 'primary' | 'unique' | 'exclusion' | null
  /** `prisma/schema.prisma:120`, `20260601_x/migration.sql:4`; several where several say so. */
  readonly declaredIn: readonly string[]
}

export interface Problem {
  /** File and line. */
  readonly where: string
  readonly because: string
}

export interface Declared {
  readonly indexes: readonly DeclaredIndex[]
  /** What could not be read; the rest was. */
  readonly problems: readonly Problem[]
}

/** Whether two names can mean one table: a schema that is not named is any. */
export function isSameTable(
  a: Pick<DeclaredIndex, 'schema' | 'table'>,
  b: Pick<DeclaredIndex, 'schema' | 'table'>,
): boolean {
  return a.table === b.table && (a.schema === null || b.schema === null || a.schema === b.schema)
}
