// A text of the catalogue as something that matches messages: its literal pieces, and what the holes between them are.

import type { LogFigures } from '../../model/log-event.ts'
import type { LogRule, LogText } from './rule.ts'

interface Hole {
  readonly name: string
  /** Null: text; else what a number is multiplied by. */
  readonly factor: number | null
  readonly masked: boolean
}

export interface CompiledText {
  readonly rule: LogRule
  /** One more than there are holes; the first is what messages begin with. */
  readonly literals: readonly string[]
  readonly holes: readonly Hole[]
  /** All literal characters: of two texts that match, the one that says more is right. */
  readonly weight: number
  readonly named: boolean
  readonly masks: boolean
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, kB: 1024, s: 1000 }
/** Names are short; what is longer is no name. */
const MAX_FIGURE_CHARS = 200

export function compileText(text: LogText, rule: LogRule): CompiledText {
  const literals: string[] = []
  const holes: Hole[] = []
  let from = 0
  for (const match of text.matchAll(/\{(\??)([a-zA-Z]*)(#?)([a-zA-Z]*)\}/g)) {
    const [whole, masked, name, number, unit] = match
    const factor = number === '#' ? FACTORS[unit!] : null
    if (factor === undefined) throw new Error(`no unit ${unit} in the text ${text}`)
    literals.push(text.slice(from, match.index))
    holes.push({ name: name!, factor, masked: masked === '?' })
    from = match.index + whole.length
  }
  literals.push(text.slice(from))
  return {
    rule,
    literals,
    holes,
    weight: literals.reduce((sum, literal) => sum + literal.length, 0),
    named: holes.some((hole) => hole.name !== ''),
    masks: holes.some((hole) => hole.masked),
  }
}

/** As startsWith from a place on; compiled into its callers. */
export function hasAt(message: string, words: string, from: number, known = 0): boolean {
  if (from < 0 || from + words.length > message.length) return false
  for (let index = known; index < words.length; index += 1) {
    if (message.charCodeAt(from + index) !== words.charCodeAt(index)) return false
  }
  return true
}

/**
 * Where each hole begins and ends, two numbers a hole, in `places`; false: the message is another one. The first `known` characters
 * are known to be the same.
 */
export function matchText(text: CompiledText, message: string, places: number[], known = 0): boolean {
  const { literals, holes } = text
  const last = literals.length - 1
  const first = literals[0]!
  if (first.length > known && !hasAt(message, first, 0, known)) return false
  if (last === 0) return message.length === first.length
  // before anything is searched in a message that may be long
  const tailAt = message.length - literals[last]!.length
  if (!hasAt(message, literals[last]!, tailAt)) return false
  let at = first.length
  for (let index = 1; index <= last; index += 1) {
    const literal = literals[index]!
    let end: number
    if (holes[index - 1]!.factor !== null) {
      end = endOfNumber(message, at)
      if (index === last ? end !== tailAt : !hasAt(message, literal, end)) return false
    } else {
      end = index === last ? tailAt : message.indexOf(literal, at)
      if (end < at) return false
    }
    places[index * 2 - 2] = at
    places[index * 2 - 1] = end
    at = end + literal.length
  }
  return true
}

export function figuresOf(text: CompiledText, message: string, places: readonly number[]): LogFigures {
  const figures: Record<string, string | number> = {}
  for (let index = 0; index < text.holes.length; index += 1) {
    const { name, factor } = text.holes[index]!
    if (name === '') continue
    const from = places[index * 2]!
    const to = places[index * 2 + 1]!
    if (factor !== null) figures[name] = numberAt(message, from, to) * factor
    else figures[name] = message.slice(from, Math.min(to, from + MAX_FIGURE_CHARS))
  }
  return figures
}

/** The message with users' values replaced. */
export function maskedMessage(text: CompiledText, message: string, places: readonly number[]): string {
  let masked = text.literals[0]!
  for (let index = 0; index < text.holes.length; index += 1) {
    const value = text.holes[index]!.masked ? '?' : message.slice(places[index * 2], places[index * 2 + 1])
    masked += value + text.literals[index + 1]!
  }
  return masked
}

/** Where the digits, with a point or a sign perhaps, end; -1: there are none. */
function endOfNumber(message: string, from: number): number {
  let at = from
  if (message.charCodeAt(at) === 45) at += 1
  const digits = at
  while (at < message.length && isDigitOrPoint(message.charCodeAt(at))) at += 1
  return at === digits || at - digits > 30 ? -1 : at
}

function isDigitOrPoint(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46
}

/** Exact as Number() is: both sides of the division are whole numbers that a double holds. */
function numberAt(message: string, from: number, to: number): number {
  if (to - from > 15) return Number(message.slice(from, to))
  let digits = 0
  let divisor = 0
  for (let at = from; at < to; at += 1) {
    const code = message.charCodeAt(at)
    if (code === 46 && divisor === 0) divisor = 1
    else if (code === 46 || code === 45) return Number(message.slice(from, to))
    else {
      digits = digits * 10 + code - 48
      divisor *= 10
    }
  }
  return divisor > 1 ? digits / divisor : digits
}
