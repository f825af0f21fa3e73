// The body of an entry by its schema. What is kept was valid when it was added; what another version or a hand wrote may not be, and
// must not hide the rest of the record.

import type { z } from 'zod'

export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> | null {
  const parsed = schema.safeParse(body)
  return parsed.success ? parsed.data : null
}

/** NaN where it holds no number. */
export function numberIn(body: Readonly<Record<string, unknown>>, key: string): number {
  const value = body[key]
  return typeof value === 'number' ? value : Number.NaN
}

/** '' where it holds no text. */
export function textIn(body: Readonly<Record<string, unknown>>, key: string): string {
  const value = body[key]
  return typeof value === 'string' ? value : ''
}
