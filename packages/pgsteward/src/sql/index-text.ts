// Two texts of an index's definition, PostgreSQL's and ours: whether they mean the same index.

/**
 * What remains of `using gin (a, b desc) include (c) where d` when all that may differ between a written and a deparsed text is gone:
 * casts of literals, parentheses, quotes, white space, case, and `in (...)` written as `= any (array[...])`.
 */
export function plainDefinition(definition: string): string {
  return definition
    .replace(/^CREATE (UNIQUE )?INDEX .*? (?=USING )/i, '$1')
    .replace(/^\s*using btree /i, '')
    .replace(/::[a-z_ ]+(\(\d+(,\d+)?\))?(\[\])?/gi, '')
    .replace(/= any \(+array\[(.*?)\]\)*/gi, 'in ($1)')
    .replace(/[\s()"]+/g, ' ')
    .replace(/ ?([,=<>]+) ?/g, '$1')
    .trim()
    .toLowerCase()
}

export function isSameDefinition(a: string, b: string): boolean {
  return plainDefinition(a) === plainDefinition(b)
}
