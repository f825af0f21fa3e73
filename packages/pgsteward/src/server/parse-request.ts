// A request's query or body by its schema; what is wrong with it, in words, when it is refused.

import type { z } from 'zod'
import { StewardError } from '../model/error.ts'

/** The first few say enough. */
const MOST_ISSUES = 5

export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const words = issues.slice(0, MOST_ISSUES).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new StewardError('usage', 'the request is not valid', {
    detail: [
      ...words,
      ...(issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : []),
    ].join('; '),
  })
}
