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
export function hasAt(message: string, words: string, from: number): boolean {
  if (from < 0 || from + words.length > message.length) return false
  for (let index = 0; index < words.length; index += 1) {
    if (message.charCodeAt(from + index) !== words.charCodeAt(index)) return false
  }
  return true
}

/** Where each hole begins and ends, two numbers a hole, in `places`; false: the message is another one. */
export function matchText(text: CompiledText, message: string, places: number[]): boolean {
  const { literals, holes } = text
  if (!hasAt(message, literals[0]!, 0)) return false
  let at = literals[0]!.length
  const last = literals.length - 1
  if (last === 0) return message.length === at
  for (let index = 1; index <= last; index += 1) {
    const literal = literals[index]!
    let end: number
    if (index < last) end = message.indexOf(literal, at)
    else if (literal.length === 0) end = message.length
    else if (hasAt(message, literal, message.length - literal.length)) end = message.length - literal.length
    else return false
    if (end < at) return false
    if (holes[index - 1]!.factor !== null && !isNumber(message, at, end)) return false
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
    const value = message.slice(places[index * 2], places[index * 2 + 1])
    figures[name] = factor === null ? value.slice(0, MAX_FIGURE_CHARS) : Number(value) * factor
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

/** Digits, with a point or a sign perhaps; without making a string of it. */
function isNumber(message: string, from: number, to: number): boolean {
  if (from === to || to - from > 30) return false
  for (let index = from; index < to; index += 1) {
    const code = message.charCodeAt(index)
    if ((code < 48 || code > 57) && code !== 46 && !(code === 45 && index === from)) return false
  }
  return true
}
