// Names that PostgreSQL chooses where a statement gives none: its makeObjectName, within 63 bytes.

const LONGEST = 63

/** `table_a_b_key`: the longer of table and columns is shortened until all fits. */
export function objectName(table: string, columns: readonly string[], label: string): string {
  const rest = columns.join('_')
  const room = LONGEST - bytes(label) - 1 - (rest === '' ? 0 : 1)
  let [first, second] = [table, rest]
  while (bytes(first) + bytes(second) > room) {
    if (bytes(first) > bytes(second)) first = first.slice(0, -1)
    else second = second.slice(0, -1)
  }
  return [first, ...(second === '' ? [] : [second]), label].join('_')
}

/** Cut at a character, never within one. */
export function cutToBytes(text: string, most: number): string {
  let kept = text
  while (bytes(kept) > most) kept = kept.slice(0, -1)
  return kept
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}
