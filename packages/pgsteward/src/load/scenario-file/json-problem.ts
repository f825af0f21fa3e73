// The first place at which a text is not JSON, and what should stand there: the runtime's own message has no place in many cases, and
// none in some versions.

export interface TextProblem {
  readonly offset: number
  /** "expected a comma or ]" */
  readonly message: string
}

/** Null: it is JSON. */
export function jsonProblem(text: string): TextProblem | null {
  const reader = new JsonReader(text)
  try {
    reader.value()
    reader.space()
    if (reader.at < text.length) reader.fail('expected the end: the value is complete')
    return null
  } catch (error) {
    if (error instanceof Problem) return { offset: error.offset, message: error.message }
    throw error
  }
}

class Problem extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class JsonReader {
  readonly text: string
  at = 0

  constructor(text: string) {
    // a byte order mark, as some editors write
    this.at = text.startsWith('\uFEFF') ? 1 : 0
    this.text = text
  }

  fail(message: string, offset = this.at): never {
    throw new Problem(
      offset >= this.text.length ? `${message}, but the text ends` : message,
      Math.min(offset, this.text.length),
    )
  }

  space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++
    if (this.text.startsWith('//', this.at) || this.text.startsWith('/*', this.at))
      this.fail('JSON has no comments; a .ts or .mjs file may have them')
  }

  value(): void {
    this.space()
    const first = this.text[this.at]
    if (first === '{') this.list('}', () => this.member())
    else if (first === '[') this.list(']', () => this.value())
    else if (first === '"') this.string()
    else this.word(first)
  }

  word(first: string | undefined): void {
    if (first === "'") this.fail('texts stand in double quotes')
    const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(
      this.text.slice(this.at, this.at + 400),
    )
    if (word === null) this.fail('expected a value: a text, number, true, false, null, [ or {')
    this.at += word[0].length
  }

  list(end: string, item: () => void): void {
    this.at++
    this.space()
    if (this.take(end)) return
    for (;;) {
      item()
      this.space()
      if (this.take(end)) return
      const comma = this.at
      if (!this.take(',')) this.fail(`expected a comma or ${end}`)
      this.space()
      if (this.text[this.at] === end) this.fail('this comma has nothing behind it', comma)
    }
  }

  member(): void {
    this.space()
    if (this.text[this.at] !== '"') this.fail('expected a key in double quotes')
    this.string()
    this.space()
    if (!this.take(':')) this.fail('expected a colon behind the key')
    this.value()
  }

  string(): void {
    const start = this.at++
    for (; this.at < this.text.length; this.at++) {
      const each = this.text[this.at]!
      if (each === '"') {
        this.at++
        return
      }
      if (each === '\n') this.fail('this text is not closed on its line', start)
      if (each < ' ') this.fail('a control character within a text is written as \\t or \\u0001')
      if (each !== '\\') continue
      if (!/^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.test(this.text.slice(this.at, this.at + 6)))
        this.fail('expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u1234')
      this.at++
    }
    this.fail('this text is not closed', start)
  }

  take(expected: string): boolean {
    if (this.text[this.at] !== expected) return false
    this.at++
    return true
  }
}
