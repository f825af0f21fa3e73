// What single fields of a Sentry event may hold: lengths, forms, and what is left out because Sentry would refuse it (docs.sentry.io,
// "Naming Releases", "Environments", "Tags"; develop.sentry.dev, "Variable Size").

import type { StatementPlace } from '../../model/occurrence.ts'

const VALUE_MOST = 200
const CONTEXT_MOST_BYTES = 8_000
const TEXT_MOST = 6_000
/** Escaped (a line break, a quote) a character takes two bytes, one of a foreign script up to four. */
const MOST_BYTES_EACH = 4

export interface SentryFrame {
  readonly filename: string
  readonly lineno: number
  readonly in_app: true
}

/** `src/routes/members.ts:41`, perhaps with a column. */
export function frameOf(caller: string | null): SentryFrame | null {
  const [, filename, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(caller ?? '') ?? []
  return filename === undefined ? null : { filename, lineno: Number(line), in_app: true }
}

/** No tag may be longer than 200 characters, empty, or of several lines. */
export function tagsOf(tags: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => {
      const text = oneLine(value ?? '')
      return text === '' ? [] : [[key, text]]
    }),
  )
}

/** Null where Sentry would refuse it: with slashes, line breaks, dots alone, spaces around it, or more than 200 characters. */
export function releaseOf(
  pattern: string,
  { application, release }: Pick<StatementPlace, 'application' | 'release'>,
): string | null {
  if (release === null || release === '') return null
  const parts: Readonly<Record<string, string>> = { application, version: release }
  const text = pattern.replaceAll(/\{(application|version)\}/g, (_, name: string) => parts[name]!)
  const isValid =
    /^[^\n\r\t/\\]{1,200}$/.test(text) && text === text.trim() && !/^(?:\.{1,2}|latest)$/i.test(text)
  return isValid ? text : null
}

/** At most 64 characters without spaces and slashes. */
export function isEnvironment(text: string | null): text is string {
  return text !== null && /^[^\s/]{1,64}$/.test(text) && text !== 'None'
}

/** Of one line, in 200 characters: what tags, names of routes and hosts may be. */
export function oneLine(text: string, most: number = VALUE_MOST): string {
  return cut(text.replaceAll(/\s+/g, ' ').trim(), most)
}

/** Entries of a context (8 kB), as many as it has room for: the first that has none is cut, the rest is left out. */
export function contextOf(
  entries: Iterable<readonly [string, string | number]>,
): Readonly<Record<string, string | number>> {
  const context: Record<string, string | number> = {}
  let left = CONTEXT_MOST_BYTES
  for (const [key, value] of entries) {
    const whole = typeof value === 'string' ? cut(value, TEXT_MOST) : value
    const bytes = (kept: string | number) => Buffer.byteLength(JSON.stringify({ [key]: kept }))
    const fits = bytes(whole) <= left
    const most = Math.floor((left - bytes('')) / MOST_BYTES_EACH)
    if (!fits && (typeof whole === 'number' || most < 1)) break
    context[key] = fits ? whole : cut(String(whole), most)
    left -= bytes(context[key])
  }
  return context
}

function cut(text: string, most: number): string {
  const whole = text.toWellFormed()
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).toWellFormed()}…`
}
