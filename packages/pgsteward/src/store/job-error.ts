// pg-boss tells of errors by copies of their properties, which are no errors any more, and would be shown as [object Object].

import { ERRORS, type ErrorCode, StewardError } from '../model/error.ts'

/** The error again, as far as its copy holds it. */
export function jobError(told: unknown): Error {
  if (told instanceof Error) return told
  const { code, message, detail, hint, stack } = (told ?? {}) as Partial<
    Record<'code' | 'message' | 'detail' | 'hint' | 'stack', string>
  >
  if (code !== undefined && Object.hasOwn(ERRORS, code))
    return new StewardError(code as ErrorCode, message ?? ERRORS[code as ErrorCode].title, {
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
      cause: told,
    })
  const error = new Error(message ?? String(told), { cause: told })
  if (stack !== undefined) error.stack = stack
  return error
}
