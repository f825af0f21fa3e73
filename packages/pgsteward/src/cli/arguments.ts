// Reading of arguments that several commands share, with errors that say what would be right.

import { StewardError } from '../model/error.ts'
import { nearestName } from '../model/nearest-name.ts'

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
