// The policy of a plan check: how grave each condition is and where its thresholds lie, and what is waived until when. One zod schema
// is validation, defaults and reference.

import { z } from 'zod'
import { StewardError } from '../model/error.ts'
import { LEVELS } from '../model/plan-check.ts'
import { ALL_CONDITIONS } from './conditions/all.ts'

const level = z.enum(LEVELS)

const waiver = z
  .strictObject({
    statement: z.string().optional().describe('id of a statement of the workload'),
    subject: z.string().optional().describe('table, index or other subject, as a report names it'),
    condition: z.string().optional().describe('one condition; without it all of them'),
    reason: z.string().min(1).describe('why it is all right, for whoever reads it next year'),
    expires: z.iso.date().describe('last day on which it holds'),
  })
  .refine(({ statement, subject }) => statement !== undefined || subject !== undefined, {
    error: 'a waiver names a statement or a subject',
  })

/** `"cost-increase": "warn"`, or `{ "level": "warn", "ratio": 3 }`. */
const conditions = z.strictObject(
  Object.fromEntries(
    ALL_CONDITIONS.map(({ id, options, level: fallback }) => [
      id,
      z
        .union([
          level.transform((chosen) => ({ level: chosen, options: options.parse({}) })),
          options
            .extend({ level: level.default(fallback) })
            .transform(({ level: chosen, ...rest }: { level: (typeof LEVELS)[number] }) => ({
              level: chosen,
              options: rest,
            })),
        ])
        .prefault(fallback),
    ]),
  ),
)

const schema = z.strictObject({
  conditions: conditions.prefault({}),
  waivers: z.array(waiver).default([]),
})

export interface ChosenCondition {
  readonly level: (typeof LEVELS)[number]
  readonly options: Readonly<Record<string, unknown>>
}

export type Waiver = z.output<typeof waiver>

export interface Policy {
  readonly conditions: Readonly<Record<string, ChosenCondition>>
  readonly waivers: readonly Waiver[]
}

export const DEFAULT_POLICY: Policy = schema.parse({}) as Policy

/** JSON, in which comments and trailing commas are allowed. Throws 'config-invalid', naming the place. */
export function parsePolicy(text: string, origin: string): Policy {
  let value: unknown
  try {
    value = JSON.parse(withoutComments(text))
  } catch (cause) {
    throw new StewardError('config-invalid', `${origin} is not JSON`, {
      detail: (cause as Error).message,
      hint: 'Comments and trailing commas are allowed; see docs/guides/plan-check.md.',
      cause,
    })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) {
    const unknown = parsed.data.waivers.find(
      ({ condition }) => condition !== undefined && !ALL_CONDITIONS.some(({ id }) => id === condition),
    )
    if (unknown === undefined) return parsed.data as Policy
    throw invalid(origin, `waivers: there is no condition "${unknown.condition}"`)
  }
  throw invalid(
    origin,
    parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
      .join('; '),
  )
}

function invalid(origin: string, detail: string): StewardError {
  return new StewardError('config-invalid', `${origin} is not a policy for plan-check`, {
    detail,
    hint: `Conditions: ${ALL_CONDITIONS.map(({ id }) => id).join(', ')}.`,
  })
}

/** Outside of strings. */
function withoutComments(text: string): string {
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (token) =>
      token.startsWith('"') ? token : ' ',
    )
    .replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (token) => (token === ',' ? '' : token))
}
