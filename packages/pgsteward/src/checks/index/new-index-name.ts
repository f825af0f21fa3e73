// A name for an index that does not exist yet, made as PostgreSQL makes one: table, columns, idx; at most 63 bytes; not taken.

/** NAMEDATALEN - 1: longer ones are cut, and then another index may bear the name. */
const MAX_BYTES = 63

export function newIndexName(table: string, columns: readonly string[], taken: ReadonlySet<string>): string {
  const stem = [table, ...columns.map(unquoted)].join('_')
  for (let attempt = 0; ; attempt++) {
    const suffix = `_idx${attempt === 0 ? '' : attempt}`
    const name = `${cutToBytes(stem, MAX_BYTES - suffix.length)}${suffix}`
    if (!taken.has(name)) return name
  }
}

/** A key column as PostgreSQL writes it, without its quotes. */
function unquoted(column: string): string {
  return column.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : column
}

/** Never in the middle of a character. */
function cutToBytes(text: string, limit: number): string {
  const encoder = new TextEncoder()
  const characters = [...text]
  while (encoder.encode(characters.join('')).length > limit) characters.pop()
  return characters.join('')
}
