// Reading of arguments that several commands share, with errors that say what would be right.

import { StewardError } from '../model/error.ts'
import { nearestName } from '../model/nearest-name.ts'
import { type Milliseconds, parseDuration } from '../model/units.ts'

/** The target's URL: the first argument, or DATABASE_URL. */
export function requireUrl(
  positionals: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  command: string,
): string {
  if (positionals.length > 1) {
    throw new StewardError('usage', `"${positionals[1]}" is one argument too many`, {
      hint: `pgsteward ${command} takes one URL; put it in quotes if it holds & or ?`,
    })
  }
  const url = positionals[0] ?? env.DATABASE_URL
  if (url === undefined || url === '') {
    throw new StewardError('usage', 'which database?', {
      detail: 'No URL was given, and DATABASE_URL is not set.',
      hint: `pgsteward ${command} postgres://USER:PASSWORD@HOST:PORT/DATABASE`,
    })
  }
  return url
}

export function oneOf<const T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback
  const match = known.find((each) => each === value)
  if (match !== undefined) return match
  const nearest = nearestName(value, known)
  throw new StewardError('usage', `${name} ${value} is not known`, {
    detail: `known: ${known.join(', ')}`,
    ...(nearest === null ? {} : { hint: `Did you mean ${name} ${nearest}?` }),
  })
}

export function durationOption(name: string, text: string | undefined, fallback: Milliseconds): Milliseconds {
  if (text === undefined) return fallback
  const parsed = parseDuration(text)
  if (parsed === null)
    throw new StewardError('usage', `${name} ${text} is not a duration`, {
      hint: `Write it as 30s, 3m or 1h: ${name} 3m`,
    })
  return parsed
}
