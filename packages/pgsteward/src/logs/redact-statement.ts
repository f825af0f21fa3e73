// A statement's text without users' values: as the instrument package's redactSql, at the speed of the reader, and for texts that
// may be cut, broken or of an old dialect.

/** Kinds of characters: 0 nothing to do, 1 starts a name, 2 digit, 3 needs a look. */
const KIND = new Uint8Array(128)
/** Goes on a name: letters, digits, _ and $. */
const NAME = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[a-zA-Z_]/.test(char)) KIND[code] = 1
  else if (/[0-9]/.test(char)) KIND[code] = 2
  else if (/['"$/-]/.test(char)) KIND[code] = 3
  if (/[\w$]/.test(char)) NAME[code] = 1
}

const QUOTE = 39
const DOUBLE_QUOTE = 34
const BACKSLASH = 92
/** PostgreSQL's own limit of names (NAMEDATALEN - 1). */
const MAX_NAME = 63

/**
 * Literals, and numbers other than a single 0 or 1, become `?`; comments go; names stay, but quoted ones that don't look like any. The
 * very same string where there was nothing to do. A literal that could end at two places (a backslash before its quote) takes the
 * rest of the text with it. Linear, never throws.
 */
export function redactStatement(text: string): string {
  const { length } = text
  let redacted = ''
  let copied = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    const kind = code < 128 ? KIND[code]! : 1
    if (kind === 0) {
      at++
      continue
    }
    const start = at
    if (kind === 1) {
      at = endOfName(text, at + 1)
      const next = at < length ? text.charCodeAt(at) : 0
      const width = at - start
      if (next === QUOTE && width === 1 && isLiteralPrefix(code | 32))
        at = endOfString(text, at + 1, (code | 32) === 101)
      else if (next === 38 && width === 1 && (code | 32) === 117 && text.charCodeAt(at + 1) === QUOTE)
        at = endOfString(text, at + 2, false)
      else {
        if (width === 3 && (code | 32) === 115 && isSet(text, start)) {
          const value = valueOfSetting(text, at)
          if (value !== null) {
            redacted += `${text.slice(copied, value.start)}?`
            copied = value.end
            at = value.end
          }
        }
        continue
      }
    } else if (kind === 2) {
      at = endOfNumber(text, at)
      if (at === start + 1 && code <= 49) continue
    } else if (code === QUOTE) at = endOfString(text, at + 1, false)
    else if (code === DOUBLE_QUOTE) {
      at = endOfQuoted(text, at + 1)
      if (isPlainName(text, start + 1, at - 1)) continue
      redacted += `${text.slice(copied, start)}"?"`
      copied = at
      continue
    } else if (code === 36) {
      const end = endOfDollar(text, at)
      if (end < 0) {
        at = -end
        continue
      }
      at = end
    } else {
      const isComment = text.charCodeAt(at + 1) === (code === 45 ? 45 : 42)
      if (!isComment) {
        at++
        continue
      }
      at = code === 45 ? endOfLine(text, at) : endOfComment(text, at)
      redacted += text.slice(copied, start)
      copied = at
      continue
    }
    redacted += `${text.slice(copied, start)}?`
    copied = at
  }
  return copied === 0 ? text : (redacted + text.slice(copied)).trim()
}

/** b x n e: what may stand right before a quote. */
const isLiteralPrefix = (code: number): boolean => code === 98 || code === 120 || code === 110 || code === 101

function endOfName(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 128 && NAME[code] === 0) return at
  }
  return at
}

function endOfNumber(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isPart = code < 128 ? NAME[code] === 1 || code === 46 : true
    if (isPart) continue
    const isExponent = (code === 43 || code === 45) && (text.charCodeAt(at - 1) | 32) === 101
    if (!isExponent) return at
  }
  return at
}

function endOfString(text: string, from: number, hasEscapes: boolean): number {
  let at = from
  for (;;) {
    const quote = text.indexOf("'", at)
    if (quote < 0) return text.length
    if (text.charCodeAt(quote + 1) === QUOTE && !(hasEscapes && isEscaped(text, from, quote))) {
      at = quote + 2
      continue
    }
    if (quote > from && text.charCodeAt(quote - 1) === BACKSLASH && isEscaped(text, from, quote)) {
      // Without an E it depends on a setting whether the literal ends here.
      if (!hasEscapes) return text.length
      at = quote + 1
      continue
    }
    return quote + 1
  }
}

function isEscaped(text: string, from: number, quote: number): boolean {
  let at = quote - 1
  while (at >= from && text.charCodeAt(at) === BACKSLASH) at--
  return (quote - at) % 2 === 0
}

function endOfQuoted(text: string, from: number): number {
  let quote = text.indexOf('"', from)
  while (quote >= 0 && text.charCodeAt(quote + 1) === DOUBLE_QUOTE) quote = text.indexOf('"', quote + 2)
  return quote < 0 ? text.length : quote + 1
}

/** Letters, digits, and what names are made of: someone's e-mail address or sentence in wrong quotes is none. */
function isPlainName(text: string, from: number, to: number): boolean {
  if (to - from > MAX_NAME || to <= from) return false
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    const isName = code > 127 || NAME[code] === 1 || code === 45 || code === 46 || code === 32
    if (!isName) return false
  }
  return true
}

/** Negative: no literal, and where to go on. */
function endOfDollar(text: string, from: number): number {
  let at = from + 1
  const first = text.charCodeAt(at)
  if (first >= 48 && first <= 57) {
    while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++
    return -at
  }
  while (at < text.length && text.charCodeAt(at) !== 36) {
    const code = text.charCodeAt(at)
    if (code < 128 && NAME[code] === 0) return -(from + 1)
    at++
  }
  if (at >= text.length) return -(from + 1)
  const tag = text.slice(from, at + 1)
  const close = text.indexOf(tag, at + 1)
  return close < 0 ? text.length : close + tag.length
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** They nest. */
function endOfComment(text: string, from: number): number {
  let depth = 0
  let at = from
  do {
    const close = text.indexOf('*/', at)
    if (close < 0) return text.length
    for (let open = text.indexOf('/*', at); open >= 0 && open < close; open = text.indexOf('/*', open + 2))
      depth++
    depth--
    at = close + 2
  } while (depth > 0)
  return at
}

function isSet(text: string, start: number): boolean {
  if ((text.charCodeAt(start + 1) | 32) !== 101 || (text.charCodeAt(start + 2) | 32) !== 116) return false
  // Only where a statement begins: `update a set b = c` is another SET.
  let at = start - 1
  while (at >= 0 && text.charCodeAt(at) <= 32) at--
  return at < 0 || text.charCodeAt(at) === 59
}

const SETTING = /\s+(?:session\s+|local\s+)?[\w."]+\s*(?:=|\s+to\s)\s*/iy

/** The value of SET needs no quotes: set app.token = hunter2. */
function valueOfSetting(text: string, from: number): { start: number; end: number } | null {
  SETTING.lastIndex = from
  if (!SETTING.test(text)) return null
  const start = SETTING.lastIndex
  const end = text.indexOf(';', start)
  return { start, end: end < 0 ? text.length : end }
}
