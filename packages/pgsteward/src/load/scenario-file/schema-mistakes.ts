// zod's issues on a scenario in words: of a union the branch that was meant, unknown keys with the nearest known one.

import type { z } from 'zod'
import { nearestName } from '../../model/nearest-name.ts'
import { scenarioSchema } from '../../model/scenario.ts'
import { type Mistake, meant } from './mistake.ts'
import type { Path } from './place-in-source.ts'

export function schemaMistakes(error: z.ZodError, input: unknown): readonly Mistake[] {
  return error.issues.flatMap((issue) => mistakesOf(issue, input))
}

function mistakesOf(issue: z.core.$ZodIssue, input: unknown): readonly Mistake[] {
  const path = issue.path
  if (issue.code === 'unrecognized_keys') {
    const known = [...keysAt(scenarioSchema, path)]
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not known here${meant(nearestName(key, known))} Known: ${known.join(', ')}`.replace(
        'here Known',
        'here. Known',
      ),
    }))
  }
  if (issue.code === 'invalid_union') {
    const branches = issue.errors.map((errors) =>
      errors.map((each) => ({ ...each, path: [...path, ...each.path] }) as z.core.$ZodIssue),
    )
    const [nearest] = branches.sort((a, b) => distance(a) - distance(b))
    if (nearest !== undefined && nearest.length > 0) return nearest.flatMap((each) => mistakesOf(each, input))
    if (issue.discriminator !== undefined)
      return [
        {
          path: path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator],
          message: `has to be one of ${[...choicesAt(scenarioSchema, path)].map((each) => `"${each}"`).join(', ')}`,
        },
      ]
  }
  if (issue.code === 'invalid_type' && valueAt(input, path) === undefined)
    return [{ path, message: `is missing: expected ${withArticle(issue.expected)}` }]
  return [{ path, message: lowered(issue.message) }]
}

/** How far an input is from a branch of a union: keys that it has too many, and values that do not fit. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 2 * issue.keys.length
    // not even an object: another branch was meant
    if (issue.code === 'invalid_type' && issue.expected === 'object') return sum + 100
    // a step without its main key is another kind of step
    return sum + (issue.code === 'invalid_type' || issue.code === 'invalid_union' ? 3 : 1)
  }, 0)
}

function lowered(message: string): string {
  return message
    .replace(/^Invalid input: /, '')
    .replace(/^Invalid option: /, '')
    .replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())
}

function withArticle(expected: string): string {
  if (expected === 'array') return 'a list'
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected === 'string' ? 'text' : expected}`
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    input,
  )
}

interface SchemaDefinition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly getter?: () => z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly items?: readonly z.ZodType[]
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly values?: readonly unknown[]
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as SchemaDefinition

/** Object schemas that may stand at a path. */
function schemasAt(schema: z.ZodType, path: Path): readonly z.ZodType[] {
  const [step, ...rest] = path
  const definition = definitionOf(schema)
  const inner =
    definition.innerType ?? definition.getter?.() ?? (definition.type === 'pipe' ? definition.in : undefined)
  if (inner !== undefined) return schemasAt(inner, path)
  if (definition.options !== undefined) return definition.options.flatMap((each) => schemasAt(each, path))
  if (step === undefined) return [schema]
  const below =
    definition.shape?.[String(step)] ??
    definition.element ??
    definition.valueType ??
    definition.items?.[Number(step)]
  return below === undefined ? [] : schemasAt(below, rest)
}

function keysAt(schema: z.ZodType, path: Path): ReadonlySet<string> {
  return new Set(schemasAt(schema, path).flatMap((each) => Object.keys(definitionOf(each).shape ?? {})))
}

/** Of a discriminated union: the values of its key. */
function choicesAt(schema: z.ZodType, path: Path): ReadonlySet<string> {
  const key = 'model'
  const parent = path.at(-1) === key ? path.slice(0, -1) : path
  return new Set(
    schemasAt(schema, parent).flatMap((each) => {
      const literal = definitionOf(each).shape?.[key]
      return literal === undefined ? [] : (definitionOf(literal).values ?? []).map(String)
    }),
  )
}
