// What a table has under a word that may be anything, such as the action of an entry that was imported: `constructor` is in no table.

export function ownOf<T extends object>(table: T, word: string): T[keyof T] | undefined {
  return Object.hasOwn(table, word) ? table[word as keyof T] : undefined
}
