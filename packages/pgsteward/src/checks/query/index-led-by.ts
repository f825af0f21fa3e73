// The index that a condition on the bare column could use.

import type { IndexRow } from '../../facts/indexes.ts'
import type { ResolvedColumn } from './resolve-column.ts'

/** Valid, with the column in front. */
export function indexLedBy(
  { table, column }: ResolvedColumn,
  indexes: readonly IndexRow[],
): IndexRow | undefined {
  return indexes.find(
    (row) =>
      row.schema === table.schema &&
      row.table === table.name &&
      row.isValid &&
      plainName(row.keyColumns[0] ?? '') === column.name,
  )
}

/** As PostgreSQL quotes it in an index's or a key's columns. */
export function plainName(quoted: string): string {
  return quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted
}
