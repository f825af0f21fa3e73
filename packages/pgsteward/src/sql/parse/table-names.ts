// What the parser's readers must know of a database to resolve names: tables, their columns and types, views.

export interface KnownColumn {
  readonly name: string
  /** As format_type writes it: `text`, `timestamp with time zone`, `bigint[]`. */
  readonly type: string
}

export interface KnownTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly KnownColumn[]
  /** A view's query; null for a table. */
  readonly viewSql: string | null
}

/** Finds a table as the target would: the schema where it is named, else along the search path. */
export type TableFinder = (schema: string | undefined, name: string) => KnownTable | null

export function tableFinder(tables: readonly KnownTable[], searchPath: readonly string[]): TableFinder {
  const bySchema = new Map(tables.map((table) => [`${table.schema}\0${table.name}`, table]))
  const byName = new Map<string, KnownTable[]>()
  for (const table of tables) byName.set(table.name, [...(byName.get(table.name) ?? []), table])
  return (schema, name) => {
    if (schema !== undefined) return bySchema.get(`${schema}\0${name}`) ?? null
    for (const each of searchPath) {
      const table = bySchema.get(`${each}\0${name}`)
      if (table !== undefined) return table
    }
    // a statement may come from a session with a search path of its own: one table of that name is enough to know which
    const candidates = byName.get(name) ?? []
    return candidates.length === 1 ? candidates[0]! : null
  }
}
