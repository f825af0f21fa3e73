// Reads values of a body that may hold anything. JSON and protobuf differ in how they write numbers of 64 bits and ids; absent is
// fine everywhere, another type than the format says is a refusal that names the place.

import type { Attributes } from './decoded.ts'

/** The body is not what it says it is: the sender's fault, 400. */
export class UnreadableBody extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnreadableBody'
  }
}

export type Fields = Readonly<Record<string, unknown>>

const MAX_ATTRIBUTES = 64
const MAX_VALUE = 1_024
/** Statements are cut here; the fingerprint of a longer one differs, which is rare and harmless. */
export const MAX_TEXT = 8_192

const NOTHING: Fields = Object.freeze({})

export function fieldsOf(value: unknown, place: string): Fields {
  if (value === undefined || value === null) return NOTHING
  if (typeof value !== 'object' || Array.isArray(value)) throw new UnreadableBody(`${place} is no object`)
  return value as Fields
}

export function listOf(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new UnreadableBody(`${place} is no list`)
  return value
}

export function textOf(value: unknown, place: string, length = MAX_VALUE): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new UnreadableBody(`${place} is no text`)
  return value.length <= length ? value : value.slice(0, length)
}

/** Also 64-bit numbers as decimal text, as JSON writes them. */
export function numberOf(value: unknown, place: string): number {
  if (value === undefined || value === null) return 0
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) throw new UnreadableBody(`${place} is no number`)
  return number
}

export function optionalNumberOf(fields: Fields, name: string, place: string): number | null {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return value === undefined || value === null ? null : numberOf(value, place)
}

export function numbersOf(value: unknown, place: string, limit: number): readonly number[] {
  return listOf(value, place)
    .slice(0, limit)
    .map((each) => numberOf(each, place))
}

/** Milliseconds since the epoch. */
export function momentOf(nanos: unknown, place: string): number {
  return numberOf(nanos, place) / 1e6
}

/** Hexadecimal digits; '' when it is absent or all zeros, which both mean none. */
export function idOf(value: unknown, place: string): string {
  // protobufjs has an empty list where bytes were not sent
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return ''
  const hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : textOf(value, place, 64)
  return /^0*$/.test(hex) || !/^[0-9a-f]+$/i.test(hex) || hex.length > 32 ? '' : hex.toLowerCase()
}

/** Texts, numbers and booleans; others and those beyond the bound are left out. */
export function attributesOf(value: unknown, place: string): Attributes {
  const attributes: Record<string, string | number | boolean> = Object.create(null)
  for (const each of listOf(value, place).slice(0, MAX_ATTRIBUTES)) {
    const { key, value: any } = fieldsOf(each, place)
    const read = scalarOf(
      any,
      place,
      key === 'db.query.text' || key === 'db.statement' ? MAX_TEXT : MAX_VALUE,
    )
    if (read !== null) attributes[textOf(key, place, 255)] = read
  }
  return attributes
}

export function scalarOf(any: unknown, place: string, length = MAX_VALUE): string | number | boolean | null {
  const value = fieldsOf(any, place)
  // a message has what it did not hold on its prototype
  const has = (name: string) => Object.hasOwn(value, name) && value[name] !== null
  if (has('stringValue')) return textOf(value.stringValue, place, length)
  if (has('boolValue')) return value.boolValue === true
  if (has('intValue')) return numberOf(value.intValue, place)
  if (has('doubleValue')) return numberOf(value.doubleValue, place)
  return null
}
