// Texts with placeholders, taken apart once: what has none is the same for every request and costs nothing.

import { StewardError } from '../../model/error.ts'
import type { Random } from './random.ts'

export type Value = string | number | boolean | null
export type Variables = Record<string, Value | undefined>

/** What a placeholder is filled from. */
export interface Filling {
  /** Extracted before. */
  readonly variables: Variables
  /** The virtual user's row of each table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string | number>>>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly user: number
  readonly iteration: number
  readonly random: Random
}

/** undefined: there is no value, so the request can't be made. */
type Source = (filling: Filling) => Value | undefined
type Encoding = (text: string) => string
type Part =
  | string
  | { readonly name: string; readonly source: Source; readonly encode: (value: Value) => string }

export type Template = readonly Part[]

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g

export interface TemplateScope {
  readonly tables: ReadonlySet<string>
}

/** `where` is the field of the scenario, for the error. */
export function compileTemplate(
  text: string,
  encode: Encoding,
  scope: TemplateScope,
  where: string,
): Template {
  return joined(partsOf(text, (value) => encode(String(value)), scope, where))
}

/** A JSON body. A text that is one placeholder and nothing else keeps the value's type: `"{{random 1 9}}"` becomes a number. */
export function compileJson(value: unknown, scope: TemplateScope, where: string): Template {
  return joined(jsonParts(value, scope, where))
}

/** The text when it never changes, else null. */
export function fixedText(template: Template): string | null {
  if (template.length === 0) return ''
  const [only] = template
  return template.length === 1 && typeof only === 'string' ? only : null
}

/** Throws a `MissingValue` when a placeholder has no value. */
export function fill(template: Template, filling: Filling): string {
  let text = ''
  for (const part of template) {
    if (typeof part === 'string') text += part
    else {
      const value = part.source(filling)
      if (value === undefined) throw new MissingValue(part.name)
      text += part.encode(value)
    }
  }
  return text
}

export class MissingValue extends Error {
  constructor(name: string) {
    super(`no value for ${name}`)
    this.name = 'MissingValue'
  }
}

function jsonParts(value: unknown, scope: TemplateScope, where: string): readonly Part[] {
  if (typeof value === 'string') {
    const whole = /^\{\{[^{}]*\}\}$/.test(value.trim())
    if (whole) return partsOf(value.trim(), (each) => JSON.stringify(each), scope, where)
    return ['"', ...partsOf(value, (each) => inJson(String(each)), scope, where, inJson), '"']
  }
  if (Array.isArray(value))
    return [
      '[',
      ...value.flatMap((each, at) => [...(at > 0 ? [','] : []), ...jsonParts(each, scope, `${where}.${at}`)]),
      ']',
    ]
  if (typeof value === 'object' && value !== null)
    return [
      '{',
      ...Object.entries(value).flatMap(([name, each], at) => [
        `${at > 0 ? ',' : ''}${JSON.stringify(name)}:`,
        ...jsonParts(each, scope, `${where}.${name}`),
      ]),
      '}',
    ]
  return [JSON.stringify(value) ?? 'null']
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function partsOf(
  text: string,
  encode: (value: Value) => string,
  scope: TemplateScope,
  where: string,
  fixed: (text: string) => string = (each) => each,
): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > from) parts.push(fixed(text.slice(from, match.index)))
    parts.push({ name: match[1]!, source: sourceOf(match[1]!, scope, where), encode })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push(fixed(text.slice(from)))
  return parts
}

function sourceOf(inside: string, { tables }: TemplateScope, where: string): Source {
  if (inside === 'uuid') return ({ random }) => random.uuid()
  if (inside === 'user') return ({ user }) => user
  if (inside === 'iteration') return ({ iteration }) => iteration
  const range = /^random\s+(-?\d+)\s+(-?\d+)$/.exec(inside)
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])]
    if (low <= high) return ({ random }) => random.between(low, high)
  }
  const environment = /^env\.(\w+)$/.exec(inside)
  if (environment !== null) return ({ env }) => env[environment[1]!]
  const column = /^(\w+)\.(\w+)$/.exec(inside)
  if (column !== null && tables.has(column[1]!)) return ({ rows }) => rows[column[1]!]![column[2]!]
  if (/^[A-Za-z_]\w*$/.test(inside)) return ({ variables }) => variables[inside]
  throw new StewardError('scenario-invalid', `{{${inside}}} in ${where} is no placeholder`, {
    detail:
      'There are {{NAME}} (extracted before), {{TABLE.COLUMN}} of data, {{uuid}}, {{random 1 100}}, {{user}}, {{iteration}} and {{env.NAME}}.',
    ...(column === null ? {} : { hint: `data has no table "${column[1]}".` }),
  })
}

function joined(parts: readonly Part[]): Template {
  const short: Part[] = []
  for (const part of parts) {
    const last = short.at(-1)
    if (typeof part === 'string' && typeof last === 'string') short[short.length - 1] = last + part
    else short.push(part)
  }
  return short
}
