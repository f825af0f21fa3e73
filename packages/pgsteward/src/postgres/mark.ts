// The mark that each of pgsteward's statements carries, so that they are recognised where no application name is kept.

/** PostgreSQL 18 cuts comments off before the first word, so the mark stands behind it. */
export function marked(label: string, sql: string): string {
  return sql.trim().replace(/^\w+/, (word) => `${word} /* pgsteward:${label} */`)
}

export function isMarked(sql: string): boolean {
  return sql.includes('/* pgsteward:')
}
