// What comes from outside goes through a zod schema; what does not fit is a 400 that names the fields.

import { z } from 'zod'
import { HttpError } from './http-error.ts'

export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const { success, data, error } = schema.safeParse(input)
  if (success) return data
  const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new HttpError(400, 'the request does not fit', issues)
}

/** A bigint key, a string in JSON and in paths: JavaScript's numbers end before PostgreSQL's. */
export const key = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'must be a positive number')
  .transform(BigInt)

export const withId = z.object({ id: key })

export const phone = z.string().regex(/^\+\d{8,15}$/, 'must be like +12025550123')
