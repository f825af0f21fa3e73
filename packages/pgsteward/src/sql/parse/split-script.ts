// Splits a script at the semicolons that end statements: those outside of quotes, comments, dollar quotes and BEGIN ATOMIC bodies.

export interface ScriptPart {
  readonly sql: string
  /** Of its first word; from 1. */
  readonly line: number
}

/** Quotes, comments, words and single signs. A backslash at a line's start is a command of psql, no SQL: it goes to the line's end. */
const TOKENS =
  /\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|--[^\n]*|\/\*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S]/g

export function splitScript(text: string): readonly ScriptPart[] {
  const parts: ScriptPart[] = []
  let start = -1
  let end = 0
  let [isAtomic, depth] = [false, 0]
  let previous = ''
  const lineOf = lineCounter(text)
  const finish = () => {
    if (start >= 0) parts.push({ sql: text.slice(start, end), line: lineOf(start) })
    start = -1
    isAtomic = false
    depth = 0
  }
  TOKENS.lastIndex = 0
  for (let match = TOKENS.exec(text); match !== null; match = TOKENS.exec(text)) {
    const token = match[0]
    if (token.startsWith('--') || /^\s$/.test(token)) continue
    if (token === '/*') {
      TOKENS.lastIndex = commentEnd(text, match.index)
      continue
    }
    if (/^\$.*\$$/.test(token)) {
      const close = text.indexOf(token, TOKENS.lastIndex)
      TOKENS.lastIndex = close < 0 ? text.length : close + token.length
    }
    if (token === ';' && !isAtomic) {
      finish()
      continue
    }
    const word = token.toLowerCase()
    if (word === 'atomic' && previous === 'begin') [isAtomic, depth] = [true, 1]
    else if (isAtomic && word === 'case') depth += 1
    else if (isAtomic && word === 'end' && --depth === 0) isAtomic = false
    previous = word
    if (start < 0) {
      start = match.index
      if (token === '\\' && /(^|\n)[^\S\n]*$/.test(text.slice(0, start))) {
        const lineEnd = text.indexOf('\n', start)
        TOKENS.lastIndex = lineEnd < 0 ? text.length : lineEnd
        end = TOKENS.lastIndex
        finish()
        continue
      }
    }
    end = TOKENS.lastIndex
  }
  finish()
  return parts
}

/** Comments nest. */
function commentEnd(text: string, from: number): number {
  let depth = 0
  const signs = /\/\*|\*\//g
  signs.lastIndex = from
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return signs.lastIndex
  }
  return text.length
}

/** For places that only grow: each line is counted once, however many statements there are. */
function lineCounter(text: string): (at: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (at) => {
    for (; next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line += 1
    return line
  }
}
