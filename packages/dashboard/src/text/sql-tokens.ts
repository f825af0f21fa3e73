// SQL cut into pieces for colouring. It never fails and loses nothing: the pieces joined are the text.

export type SqlKind = 'keyword' | 'text' | 'number' | 'parameter' | 'comment' | 'plain'
export interface SqlToken {
  readonly kind: SqlKind
  readonly text: string
}

const KEYWORDS = new Set(
  `all alter analyze and any as asc begin between by cascade case cast check cluster column commit concurrently
   conflict constraint create cross current default delete desc distinct do drop else end except exists explain extension
   false fetch filter first following for foreign from full function grant group having if ilike in include index inner insert
   intersect interval into is join key last lateral left like limit lock materialized natural not nothing null nulls of
   offset on only or order outer over partition primary references reindex reset restrict returning revoke right rollback
   row rows select set share show some statistics system table then to true truncate union unique update user using vacuum
   valid validate values view when where window with`.split(/\s+/),
)

const PIECE =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>[eEbBxX]?'(?:[^']|'')*(?:'|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<parameter>\$\d+)|(?<number>\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/gu

export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  const push = (kind: SqlKind, text: string) => {
    const last = tokens.at(-1)
    if (last !== undefined && last.kind === 'plain' && kind === 'plain')
      tokens[tokens.length - 1] = { kind, text: last.text + text }
    else if (text !== '') tokens.push({ kind, text })
  }
  let done = 0
  for (const match of sql.matchAll(PIECE)) {
    push('plain', sql.slice(done, match.index))
    const groups = match.groups ?? {}
    const piece = match[0]
    if (groups.comment !== undefined) push('comment', piece)
    else if (groups.text !== undefined) push('text', piece)
    else if (groups.parameter !== undefined) push('parameter', piece)
    else if (groups.number !== undefined) push('number', piece)
    else if (groups.word !== undefined && KEYWORDS.has(piece.toLowerCase())) push('keyword', piece)
    else push('plain', piece)
    done = match.index + piece.length
  }
  push('plain', sql.slice(done))
  return tokens
}

/** The text on one line, cut: tables hold one line, and a text of a megabyte must not be laid out. */
export function oneLine(sql: string, limit = 400): string {
  const line = sql
    .slice(0, limit * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > limit || sql.length > limit * 4 ? `${line.slice(0, limit)}…` : line
}
