// Leaves out columns that say the same in every row: one database needs no column of its name.

import type { Column } from './data-table.tsx'

export function tellingColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  optional: readonly string[],
): readonly Column<Row>[] {
  return columns.filter(
    ({ id, value }) =>
      !optional.includes(id) || new Set(rows.slice(0, 1000).map((row) => value(row))).size > 1,
  )
}
