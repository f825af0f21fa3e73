// Quoting of identifiers and literals for SQL that people or maintain/ will run.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are written by their number
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/**
 * A quoted identifier; plain lower-case names stay bare unless they are reserved words. What nobody sees in a name, control characters and
 * overrides of direction, is written by its number (U&"..."), so that the statement shows what it does, and still does it.
 */
export function ident(name: string): string {
  if (/^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name)) return name
  const quoted = name.replaceAll('"', '""')
  if (!UNSEEN.test(quoted)) return `"${quoted}"`
  const shown = quoted
    .replaceAll('\\', '\\\\')
    .replaceAll(new RegExp(UNSEEN, 'g'), (each) => `\\${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `U&"${shown}"`
}

/** `schema.name`, each quoted where needed. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`
}

/** A string literal; backslashes make it an escape string, so that it reads the same under any standard_conforming_strings. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

// PostgreSQL's fully reserved words and those that can't name a function or type (appendix C of the manual, PostgreSQL 18).
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp
  current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having
  ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
  notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar
  some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window
  with`.split(/\s+/),
)
