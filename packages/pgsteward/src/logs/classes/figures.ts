// Numbers in texts that holes can't take apart.

import type { LogFigures } from '../../model/log-event.ts'

/** The first number that the pattern's group takes, as sizeBytes. */
export function bytesOf(text: string | null, pattern: RegExp): LogFigures {
  const match = text === null ? null : pattern.exec(text)
  return match === null ? {} : { sizeBytes: Number(match[1]) }
}

/** A figure a pattern: its first group, as a number times the factor; patterns that miss are left out. */
export function numbersIn(
  text: string,
  patterns: readonly (readonly [name: string, pattern: RegExp, factor?: number])[],
): LogFigures {
  const figures: Record<string, number> = {}
  for (const [name, pattern, factor = 1] of patterns) {
    const match = pattern.exec(text)
    if (match !== null) figures[name] = Math.round(Number(match[1]) * factor * 1000) / 1000
  }
  return figures
}

/** PostgreSQL's list of processes, `12, 13`: the first of them, and how many. */
export function holdersOf(detail: string | null): LogFigures {
  const match =
    detail === null
      ? null
      : /Process(?:es)? holding the lock: ([\d, ]+)\. Wait queue: ?([\d, ]*)/.exec(detail)
  if (match === null) return {}
  const holders = match[1]!.split(', ')
  const waiting = match[2]! === '' ? [] : match[2]!.split(', ')
  return { holderPid: Number(holders[0]), holders: holders.length, waiting: waiting.length }
}
