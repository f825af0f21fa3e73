// Whether a text is one statement: what is sent to a target with EXPLAIN in front must not carry a second one behind a semicolon. Read as
// PostgreSQL's lexer reads it (scan.l), since a text that one of them takes for a comment and the other does not is a way through.

/** Letters, digits, _ and $ go on an identifier, every character beyond ASCII too: the $ of a$b$ begins no dollar quote. */
const IDENTIFIER = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const NUMBER = /\d[\d.]*/y
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const LINE_COMMENT = /--[^\n\r]*/y
const BLANK = /\s+/y

/** Errs on the side of no: what is not finished, or may be read in two ways, is not one statement. */
export function isOneStatement(sql: string): boolean {
  let at = 0
  let hasEnded = false
  const taken = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(sql)?.[0] ?? null
    at += found?.length ?? 0
    return found
  }
  while (at < sql.length) {
    if (taken(BLANK) !== null || taken(LINE_COMMENT) !== null) continue
    if (sql.startsWith('/*', at)) {
      const end = endOfComment(sql, at)
      if (end === null) return false
      at = end
      continue
    }
    if (sql[at] === ';') {
      hasEnded = true
      at += 1
      continue
    }
    if (hasEnded) return false
    const word = taken(IDENTIFIER)
    if (word !== null) {
      // e'...' knows backslashes; another word that ends in e is a word
      if (sql[at] !== "'" || !/^e$/i.test(word)) continue
      const end = endOfString(sql, at, true)
      if (end === null) return false
      at = end
      continue
    }
    if (taken(NUMBER) !== null) continue
    const quote = sql[at] === '$' ? taken(DOLLAR_QUOTE) : null
    if (quote !== null) {
      const end = sql.indexOf(quote, at)
      if (end === -1) return false
      at = end + quote.length
      continue
    }
    if (sql[at] === "'") {
      const end = endOfString(sql, at, false)
      if (end === null) return false
      at = end
      continue
    }
    if (sql[at] === '"') {
      const end = sql.indexOf('"', at + 1)
      // a doubled quote begins another quoted name at once, which ends where the whole does
      if (end === -1) return false
      at = end + 1
      continue
    }
    at += 1
  }
  return true
}

/** They nest. */
function endOfComment(sql: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < sql.length; at += 1) {
    const two = sql.slice(at, at + 2)
    if (two === '/*') depth += 1
    else if (two === '*/') depth -= 1
    else continue
    at += 1
    if (depth === 0) return at + 1
  }
  return null
}

/**
 * Null: it has no end, or where that is depends: on standard_conforming_strings, or on whether it goes on an e'...' of the line before,
 * when a backslash stands before a quote.
 */
function endOfString(sql: string, from: number, hasEscapes: boolean): number | null {
  for (let at = from + 1; at < sql.length; at += 1) {
    if (sql[at] === '\\') {
      if (hasEscapes) at += 1
      else if (sql[at + 1] === "'") return null
    } else if (sql[at] === "'") {
      if (sql[at + 1] !== "'") return at + 1
      at += 1
    }
  }
  return null
}
