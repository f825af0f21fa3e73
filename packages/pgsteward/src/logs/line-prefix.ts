// log_line_prefix turned round: from the start of a line to what PostgreSQL put there.

import { LogTime } from './log-time.ts'
import { type LineWord, SeverityWords } from './severity-word.ts'

type Shape = 'time' | 'epoch' | 'digits' | 'session' | 'virtual' | 'state' | 'text'

const SHAPES: Readonly<Record<string, Shape>> = {
  a: 'text',
  u: 'text',
  d: 'text',
  r: 'text',
  h: 'text',
  L: 'text',
  b: 'text',
  i: 'text',
  p: 'digits',
  P: 'digits',
  l: 'digits',
  x: 'digits',
  Q: 'digits',
  t: 'time',
  m: 'time',
  s: 'time',
  n: 'epoch',
  c: 'session',
  v: 'virtual',
  e: 'state',
}

interface Step {
  /** Of log_line_prefix; '' for a literal, 'q' where sessions' own part begins. */
  readonly letter: string
  readonly shape: Shape
  readonly literal: string
  /** The field takes at least so many characters, filled up by spaces: %-10u. */
  readonly width: number
}

/** Longer is no name, no host, no command tag. */
const MAX_TEXT = 256
/** Places that are tried for the ends of texts in one line: names may hold what the prefix has behind them. */
const MAX_TRIES = 500

/** Throws where it holds what log_line_prefix does not know. */
function prefixSteps(prefix: string): readonly Step[] {
  const steps: Step[] = []
  let literal = ''
  const endLiteral = () => {
    if (literal !== '') steps.push({ letter: '', shape: 'text', literal, width: 0 })
    literal = ''
  }
  for (const [whole, padding, letter] of prefix.matchAll(/%(-?\d+)?([a-zA-Z%])|[^%]|%/g)) {
    if (letter === '%') literal += '%'
    else if (letter === undefined) literal += whole
    else if (letter === 'q' || SHAPES[letter] !== undefined) {
      endLiteral()
      steps.push({
        letter,
        shape: SHAPES[letter] ?? 'text',
        literal: '',
        width: Math.abs(Number(padding ?? 0)),
      })
    } else throw new RangeError(`%${letter}`)
  }
  endLiteral()
  return steps
}

/** `%z`, where a prefix holds what log_line_prefix does not know; else null. */
export function unknownEscape(prefix: string): string | null {
  try {
    prefixSteps(prefix)
    return null
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

/** What the last matched line's prefix said. Empty and [unknown] names are null. */
export class LinePrefix {
  readonly template: string
  atMs = Number.NaN
  pid: number | null = null
  user: string | null = null
  database: string | null = null
  application: string | null = null
  client: string | null = null
  sqlState: string | null = null
  queryId: string | null = null
  word: LineWord | null = null
  /** Where the message begins. */
  textStart = 0
  readonly #steps: readonly Step[]
  readonly #time = new LogTime()
  readonly #words = new SeverityWords()
  #tries = 0

  constructor(template: string) {
    this.template = template
    this.#steps = prefixSteps(template)
  }

  /** Whether the line from `at` to `end` has this prefix, and a word of PostgreSQL's behind it. */
  match(text: string, at: number, end: number): boolean {
    this.pid = null
    this.user = null
    this.database = null
    this.application = null
    this.client = null
    this.sqlState = null
    this.queryId = null
    this.atMs = Number.NaN
    this.#tries = 0
    return this.#from(0, text, at, end)
  }

  #from(index: number, text: string, start: number, end: number): boolean {
    let at = start
    for (let step = index; step < this.#steps.length; step++) {
      const { letter, shape, literal, width } = this.#steps[step]!
      if (letter === '') {
        if (!text.startsWith(literal, at)) return false
        at += literal.length
        continue
      }
      if (letter === 'q') {
        if (this.#endsAt(text, at, end)) return true
        continue
      }
      if (shape === 'text') return this.#textField(step, text, at, end)
      const padded = at + width
      while (at < padded && text.charCodeAt(at) === 32) at++
      const to = this.#endOf(shape, letter, text, at, end)
      if (to < 0) return false
      this.#keep(letter, text, at, to)
      at = Math.max(to, padded)
    }
    return this.#endsAt(text, at, end)
  }

  #endsAt(text: string, at: number, end: number): boolean {
    this.word = this.#words.at(text, at, end)
    this.textStart = this.#words.textStart
    return this.word !== null
  }

  /** A text ends where the rest matches: at the first place nearly always. */
  #textField(step: number, text: string, start: number, end: number): boolean {
    const { letter, width } = this.#steps[step]!
    const next = this.#steps[step + 1]
    const limit = Math.min(end, start + MAX_TEXT)
    for (let to = start + width; to <= limit; to++) {
      if (next !== undefined && next.letter === '') {
        to = text.indexOf(next.literal, to)
        if (to < 0 || to > limit) return false
      } else if (next === undefined && this.#words.at(text, to, end) === null) continue
      if (this.#tries++ > MAX_TRIES) return false
      if (!this.#from(step + 1, text, to, end)) continue
      this.#keep(letter, text, start, to)
      return true
    }
    return false
  }

  #endOf(shape: Shape, letter: string, text: string, at: number, end: number): number {
    if (shape === 'time') {
      const ms = this.#time.read(text, at)
      // A process that has no session yet has no start of one either.
      if (Number.isNaN(ms)) return letter === 's' ? at : -1
      if (letter !== 's') this.atMs = ms
      return this.#time.end
    }
    let to = at
    for (; to < end; to++) {
      const code = text.charCodeAt(to)
      const isDigit = code >= 48 && code <= 57
      if (isDigit) continue
      if (shape === 'session' && ((code >= 97 && code <= 102) || code === 46)) continue
      if (shape === 'virtual' && code === 47) continue
      if (shape === 'epoch' && code === 46) continue
      if (shape === 'state' && code >= 65 && code <= 90) continue
      if (shape === 'digits' && code === 45 && to === at && letter === 'Q') continue
      break
    }
    if (shape === 'state') return to >= at + 5 ? at + 5 : -1
    if (to > at) return to
    return letter === 'P' || letter === 'v' || letter === 'x' || letter === 'Q' ? at : -1
  }

  #keep(letter: string, text: string, from: number, to: number): void {
    switch (letter) {
      case 'p':
        this.pid = digitsOf(text, from, to)
        break
      case 'u':
        this.user = nameOf(text, from, to)
        break
      case 'd':
        this.database = nameOf(text, from, to)
        break
      case 'a':
        this.application = nameOf(text, from, to)
        break
      case 'r':
      case 'h':
        this.client = nameOf(text, from, to)
        break
      case 'e':
        this.sqlState = text.slice(from, to)
        break
      case 'Q': {
        const id = text.slice(from, to)
        this.queryId = id === '0' || id === '' ? null : id
        break
      }
      case 'n':
        this.atMs = Math.round(Number(text.slice(from, to)) * (text.slice(from, to).includes('.') ? 1000 : 1))
        break
      case 'c': {
        const pid = Number.parseInt(text.slice(text.indexOf('.', from) + 1, to), 16)
        this.pid ??= Number.isNaN(pid) ? null : pid
        break
      }
    }
  }
}

function digitsOf(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - 48
  return value
}

function nameOf(text: string, from: number, to: number): string | null {
  let end = to
  while (end > from && text.charCodeAt(end - 1) === 32) end--
  let start = from
  while (start < end && text.charCodeAt(start) === 32) start++
  if (end === start) return null
  const name = text.slice(start, end)
  return name === '[unknown]' || name === '[none]' ? null : name
}
