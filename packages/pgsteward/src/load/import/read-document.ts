// Documents of other tools held to what is needed of them, with an error that names the field.

import type { z } from 'zod'
import { StewardError } from '../../model/error.ts'

export function readDocument<T extends z.ZodType>(
  schema: T,
  document: unknown,
  path: string,
  tool: string,
): z.output<T> {
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  throw new StewardError('run-file', `${path} is not what ${tool} writes`, {
    detail: `${issues
      .slice(0, 3)
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')}${issues.length > 3 ? `; and ${issues.length - 3} more` : ''}.`,
    hint: 'Was it changed by hand or by another program, or written by a version of it that is not known yet?',
  })
}
