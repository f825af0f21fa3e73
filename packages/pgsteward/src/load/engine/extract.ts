// What is taken out of an answer: by a path into its JSON, from a header, or by a regular expression.

import type { Extraction } from '../../model/scenario.ts'
import type { Random } from './random.ts'
import type { Value } from './template.ts'

/** An answer as extraction and checks see it; the body is read as text, and as JSON, only once someone asks. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: () => string
  /** undefined: it is none. */
  readonly json: () => unknown
}

export function extract(extraction: Extraction, answer: Answer, random: Random): Value | undefined {
  if ('json' in extraction) return asValue(atPath(answer.json(), extraction.json, random))
  if ('header' in extraction) return headerOf(answer, extraction.header)
  return expression(extraction.match).exec(answer.text())?.[1]
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value[0] : value
}

/** `rows.0.id`, `token`, `rows.*.id`: `*` is one of a list or an object's values, by chance. undefined: it isn't there. */
export function atPath(root: unknown, path: string, random: Random): unknown {
  let at: unknown = root
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined
    if (key === '*') {
      const values = Array.isArray(at) ? at : Object.values(at)
      at = values[Math.floor(random.next() * values.length)]
    } else at = Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined
  }
  return at
}

/** Whole objects and lists are kept as their JSON. */
function asValue(found: unknown): Value | undefined {
  if (found === undefined || found === null) return undefined
  return typeof found === 'object' ? JSON.stringify(found) : (found as Value)
}

const expressions = new Map<string, RegExp>()

function expression(source: string): RegExp {
  let compiled = expressions.get(source)
  if (compiled === undefined) {
    compiled = new RegExp(source)
    expressions.set(source, compiled)
  }
  return compiled
}
