// A statement's text as evidence shows it: one line, cut, and without its literals, which may be somebody's data.

const MOST_CHARACTERS = 300

// in this order, so that what looks like a literal inside another token is not taken for one
const TOKENS =
  /(--[^\n]*)|(\/\*[\s\S]*?(?:\*\/|$))|("(?:[^"]|"")*"?)|([eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$))|('(?:[^']|'')*(?:'|$))|(\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\7\$|$))|(\$\d+)|([A-Za-z_][\w$]*)|((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/g

/** Never longer than 300 characters. A literal that the text's end cuts off is masked as well. */
export function queryExcerpt(query: string): string {
  const masked = query.replace(
    TOKENS,
    (token, lineComment, comment, identifier, escaped, text, dollar, _tag, parameter, word) => {
      if (lineComment !== undefined || comment !== undefined) return ' '
      if (identifier !== undefined || parameter !== undefined || word !== undefined) return token
      if (escaped !== undefined || text !== undefined || dollar !== undefined) return "'?'"
      return '?'
    },
  )
  const line = masked.replace(/\s+/g, ' ').trim()
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 2)} …`
}

/** The text from its first word on: tools and ORMs put comments before it. */
export function withoutLeadingComments(query: string): string {
  return query.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
}
