// Units and the two text forms ('5m', '10MB') in which people write durations and sizes in configuration.

import { z } from 'zod'

export type Milliseconds = number
export type Bytes = number
export type Unit = 'ms' | 'bytes' | 'ratio' | 'count' | 'perSecond' | 'text'

/** A span of time; `from` is exclusive where increases are summed, `to` is the moment of the last reading. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

const MS_PER: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const BYTES_PER: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
}

function parseWith(table: Readonly<Record<string, number>>, text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text)
  const factor = match?.[2] === undefined ? undefined : table[match[2]]
  return match === null || factor === undefined ? null : Number(match[1]) * factor
}

/** '250ms', '10s', '5m', '2h', '30d', '1w' to milliseconds; null when it is none of these. */
export function parseDuration(text: string): Milliseconds | null {
  return parseWith(MS_PER, text)
}

/** '8192B', '64kB', '10MB', '1GB', '2TB' (powers of 1024, as PostgreSQL's settings) to bytes; null when it is none of these. */
export function parseSize(text: string): Bytes | null {
  return parseWith(BYTES_PER, text)
}

function textOrNumber(parse: (text: string) => number | null, forms: string) {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const parsed = typeof value === 'number' ? value : parse(value)
    if (parsed === null || !Number.isFinite(parsed) || parsed < 0) {
      context.addIssue({ code: 'custom', message: `"${value}" is not understood; write ${forms}` })
      return z.NEVER
    }
    return parsed
  })
}

/** A duration in configuration: '5m' or a number of milliseconds. */
export const duration = () => textOrNumber(parseDuration, "a duration such as '30s', '5m', '2h' or '30d'")

/** A size in configuration: '10MB' or a number of bytes. */
export const size = () => textOrNumber(parseSize, "a size such as '512kB', '10MB' or '2GB'")
