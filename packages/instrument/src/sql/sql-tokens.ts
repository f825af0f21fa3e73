// Cuts SQL into tokens as PostgreSQL's scanner does, in one pass over the text, whatever the text is: what is not closed ends with it.
// Not a parser: enough to tell literals, names and comments apart.

export const TOKEN = {
  space: 0,
  comment: 1,
  /** Unquoted: a keyword or a name. */
  word: 2,
  quotedName: 3,
  /** '...', E'...', B'...', X'...', N'...', U&'...', $$...$$ */
  text: 4,
  number: 5,
  /** $1, and ? on its own */
  parameter: 6,
  operator: 7,
  /** ( ) [ ] , ; . : and :: */
  mark: 8,
} as const

export type TokenKind = (typeof TOKEN)[keyof typeof TOKEN]

const QUOTE = 39
const DOUBLE_QUOTE = 34
const DOLLAR = 36
const BACKSLASH = 92
const NEWLINE = 10
const RETURN = 13

/** `kind` and `end` describe the token that `next` moved over; it begins where the one before ended. */
export class SqlScanner {
  readonly text: string
  kind: TokenKind = TOKEN.space
  start = 0
  end = 0

  constructor(text: string) {
    this.text = text
  }

  /** False at the end of the text. */
  next(): boolean {
    const { text } = this
    const start = this.end
    if (start >= text.length) return false
    this.start = start
    const code = text.charCodeAt(start)
    if (isSpace(code)) return this.#take(TOKEN.space, endOfSpace(text, start))
    if (isNameStart(code)) return this.#word(start)
    if (isDigit(code)) return this.#take(TOKEN.number, endOfNumber(text, start))
    if (code === QUOTE) return this.#take(TOKEN.text, endOfString(text, start + 1, false))
    if (code === DOUBLE_QUOTE) return this.#take(TOKEN.quotedName, endOfQuotedName(text, start + 1))
    if (code === DOLLAR) return this.#dollar(start)
    return this.#other(start, code)
  }

  /** The token's text. */
  value(): string {
    return this.text.slice(this.start, this.end)
  }

  #take(kind: TokenKind, end: number): true {
    this.kind = kind
    this.end = end
    return true
  }

  /** A name, unless it is the prefix of a literal: E'...', U&'...'. */
  #word(start: number): true {
    const { text } = this
    const first = text.charCodeAt(start) | 32
    const second = text.charCodeAt(start + 1)
    if (second === QUOTE) {
      if (first === 101) return this.#take(TOKEN.text, endOfString(text, start + 2, true)) // e
      if (first === 98 || first === 120 || first === 110)
        return this.#take(TOKEN.text, endOfString(text, start + 2, false)) // b x n
    } else if (first === 117 && second === 38) {
      const third = text.charCodeAt(start + 2) // u&
      if (third === QUOTE) return this.#take(TOKEN.text, endOfString(text, start + 3, false))
      if (third === DOUBLE_QUOTE) return this.#take(TOKEN.quotedName, endOfQuotedName(text, start + 3))
    }
    let end = start + 1
    while (end < text.length && isNamePart(text.charCodeAt(end))) end++
    return this.#take(TOKEN.word, end)
  }

  #dollar(start: number): true {
    const { text } = this
    let end = start + 1
    if (isDigit(text.charCodeAt(end))) {
      while (isDigit(text.charCodeAt(end))) end++
      return this.#take(TOKEN.parameter, end)
    }
    if (isNameStart(text.charCodeAt(end))) while (isNamePart(text.charCodeAt(end), false)) end++
    if (text.charCodeAt(end) !== DOLLAR) return this.#take(TOKEN.operator, start + 1)
    const tag = text.slice(start, end + 1)
    const close = text.indexOf(tag, end + 1)
    return this.#take(TOKEN.text, close === -1 ? text.length : close + tag.length)
  }

  #other(start: number, code: number): true {
    const { text } = this
    const following = text.charCodeAt(start + 1)
    if (code === 45 && following === 45) return this.#take(TOKEN.comment, endOfLine(text, start)) // --
    if (code === 47 && following === 42) return this.#take(TOKEN.comment, endOfComment(text, start)) // /*
    if (code === 46 && isDigit(following)) return this.#take(TOKEN.number, endOfNumber(text, start)) // .5
    if (!isOperator(code))
      return this.#take(TOKEN.mark, code === 58 && following === 58 ? start + 2 : start + 1) // ::
    const end = endOfOperator(text, start)
    return this.#take(code === 63 && end === start + 1 ? TOKEN.parameter : TOKEN.operator, end)
  }
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xfeff
const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 128 && code !== 0xfeff)

function isNamePart(code: number, withDollar = true): boolean {
  return isNameStart(code) || isDigit(code) || (withDollar && code === DOLLAR)
}

/** + - * / < > = ~ ! @ # % ^ & | ` ? and the characters that SQL does not know, so that none is lost. */
function isOperator(code: number): boolean {
  return !(
    (code >= 40 && code <= 41) ||
    code === 44 ||
    code === 46 ||
    code === 58 ||
    code === 59 ||
    code === 91 ||
    code === 93
  )
}

function endOfSpace(text: string, from: number): number {
  let end = from
  while (end < text.length && isSpace(text.charCodeAt(end))) end++
  return end
}

function endOfLine(text: string, from: number): number {
  for (let end = from; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === NEWLINE || code === RETURN) return end
  }
  return text.length
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const following = text.charCodeAt(at + 1)
    if (code === 47 && following === 42) {
      depth++
      at++
    } else if (code === 42 && following === 47) {
      depth--
      at++
      if (depth === 0) return at + 1
    }
  }
  return text.length
}

/** `from` is behind the opening quote. Two strings with a line break between are one. */
function endOfString(text: string, from: number, withEscapes: boolean): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH && withEscapes) at++
    else if (code === QUOTE) {
      if (text.charCodeAt(at + 1) === QUOTE) at++
      else {
        const resumed = resumesAt(text, at + 1)
        if (resumed === -1) return at + 1
        at = resumed
      }
    }
  }
  return text.length
}

/** Index of the opening quote of a string that continues the one before, or -1. */
function resumesAt(text: string, from: number): number {
  let hasLineBreak = false
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === NEWLINE || code === RETURN) hasLineBreak = true
    else if (!isSpace(code)) break
  }
  return hasLineBreak && text.charCodeAt(at) === QUOTE ? at : -1
}

function endOfQuotedName(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text.charCodeAt(at) !== DOUBLE_QUOTE) continue
    if (text.charCodeAt(at + 1) === DOUBLE_QUOTE) at++
    else return at + 1
  }
  return text.length
}

/** 1, 1.5, .5, 1e-3, 1_000, 0x1F; and what is glued to it, which PostgreSQL would refuse. */
function endOfNumber(text: string, from: number): number {
  let end = from
  let hasPoint = false
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 46 && !hasPoint && text.charCodeAt(end + 1) !== 46) hasPoint = true
    else if ((code === 43 || code === 45) && isExponent(text, from, end)) continue
    else if (!isNamePart(code, false)) break
  }
  return end
}

function isExponent(text: string, from: number, at: number): boolean {
  if ((text.charCodeAt(at - 1) | 32) !== 101 || !isDigit(text.charCodeAt(at + 1))) return false
  return !(text.charCodeAt(from) === 48 && (text.charCodeAt(from + 1) | 32) === 120) // 0xE+1
}

/** An operator of several characters ends with + or - only when it holds one of ~ ! @ # % ^ & | ` ? (so that `=-1` is two tokens). */
function endOfOperator(text: string, from: number): number {
  let end = from
  let mayEndWithSign = false
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    const following = text.charCodeAt(end + 1)
    if (isSpace(code) || isNamePart(code) || code === QUOTE || code === DOUBLE_QUOTE || !isOperator(code))
      break
    if (end > from && ((code === 45 && following === 45) || (code === 47 && following === 42))) break
    if (code !== 43 && code !== 45 && code !== 42 && code !== 47 && !(code >= 60 && code <= 62))
      mayEndWithSign = true
  }
  if (!mayEndWithSign)
    while (end > from + 1 && (text.charCodeAt(end - 1) === 43 || text.charCodeAt(end - 1) === 45)) end--
  return Math.max(end, from + 1)
}
