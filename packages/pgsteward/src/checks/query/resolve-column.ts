// What a statement's names mean: the table and column of the catalog that a text is about, where that is certain.

import type { TableColumn, TableColumnsRow } from '../../facts/table-columns.ts'
import type { NamedColumn, NamedTable } from '../../sql/parse/statement-traits.ts'

export interface ResolvedColumn {
  readonly table: TableColumnsRow
  readonly column: TableColumn
}

export interface ColumnCatalog {
  /** Null: a small table, a view, or one of several of that name. */
  readonly table: (named: Pick<NamedTable, 'schema' | 'name'>) => TableColumnsRow | null
  readonly column: (named: NamedColumn) => ResolvedColumn | null
}

export function columnCatalog(rows: readonly TableColumnsRow[]): ColumnCatalog {
  const byName = Map.groupBy(rows, ({ name }) => name)
  const table: ColumnCatalog['table'] = ({ schema, name }) => {
    const alike = (byName.get(name) ?? []).filter((row) => schema === null || row.schema === schema)
    // which one an unqualified name means is up to the session's search path
    return alike.length === 1 ? alike[0]! : (alike.find((row) => row.schema === 'public') ?? null)
  }
  return {
    table,
    column: ({ of, column }) => {
      const found = of.flatMap((named) => {
        const row = table(named)
        const known = row?.columns.find(({ name }) => name === column)
        return row === null || known === undefined ? [] : [{ table: row, column: known }]
      })
      // an unqualified one is a column of exactly one of its block's tables; a small one of them is not known here
      return found.length === 1 ? found[0]! : null
    },
  }
}

/** A type's own name: `character varying(20)[]` is `character varying`. */
export function baseType(type: string): string {
  return type.replace(/\(.*?\)/, '').replace(/\[\]$/, '')
}
