// Which of its formats a log has, and with which prefix, by its first lines.

import { derivePrefix } from './derive-prefix.ts'
import { KNOWN_PREFIXES } from './known-prefixes.ts'
import { LinePrefix } from './line-prefix.ts'
import type { LogFormat } from './log-reader.ts'
import { envelopeLength } from './syslog-lines.ts'

export interface DetectedFormat {
  readonly format: LogFormat
  /** Of stderr. */
  readonly prefix: string
  readonly isSyslog: boolean
}

const MAX_LINES = 300
const CSV = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z0-9+-]+,(?:"|,)/
const JSON_LINE = /^\{.*"(?:error_severity|state_code|log_time)"/
/** Matched by so many of the lines that have a severity: others may come from other programs, or from before a change of settings. */
const ENOUGH = 0.7

/** Null: no line shows it. A given format or prefix is taken as it is. */
export function detectFormat(
  sample: string,
  wanted: LogFormat | 'auto',
  prefix: string | undefined,
): DetectedFormat | null {
  const lines = sample.split('\n', MAX_LINES).filter((line) => line.trim() !== '')
  if (wanted === 'auto' && prefix === undefined) {
    const votes = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length
    const [csv, json] = [votes(CSV), votes(JSON_LINE)]
    if (json > 0 && json >= csv) return { format: 'json', prefix: '', isSyslog: false }
    if (csv > 0) return { format: 'csv', prefix: '', isSyslog: false }
  }
  const lengths = lines.map(envelopeLength)
  const isSyslog = lines.length > 0 && lengths.filter((length) => length > 0).length > lines.length / 2
  const inner = isSyslog ? lines.map((line, at) => line.slice(lengths[at]!).replaceAll('#011', '\t')) : lines
  if (prefix !== undefined) return { format: 'stderr', prefix, isSyslog }
  const found = prefixOf(inner.filter((line) => !line.startsWith('\t')))
  return found === null ? null : { format: 'stderr', prefix: found, isSyslog }
}

/** The prefix that most lines have, and of those that are equal the one that tells most. */
function prefixOf(lines: readonly string[]): string | null {
  const candidates = new Set(KNOWN_PREFIXES)
  const derived = new Map<string, number>()
  for (const line of lines.slice(0, 100)) {
    const prefix = derivePrefix(line)
    if (prefix !== null) derived.set(prefix, (derived.get(prefix) ?? 0) + 1)
  }
  for (const [prefix] of [...derived].sort(([, a], [, b]) => b - a).slice(0, 5)) candidates.add(prefix)
  let best: { prefix: string; matched: number; fields: number } | null = null
  for (const template of candidates) {
    const prefix = new LinePrefix(template)
    let matched = 0
    let fields = 0
    for (const line of lines) {
      if (!prefix.match(line, 0, line.length)) continue
      matched++
      fields += told(prefix)
    }
    if (matched === 0) continue
    const isBetter =
      best === null || matched > best.matched || (matched === best.matched && fields > best.fields)
    if (isBetter) best = { prefix: template, matched, fields }
  }
  if (best === null) return null
  const withSeverity = lines.filter((line) => derivePrefix(line) !== null).length
  return best.matched >= withSeverity * ENOUGH || best.matched >= 5 ? best.prefix : null
}

const ADDRESS = /^(?:\[local\]|localhost|[\w-]+(?:\.[\w-]+)+|[\da-f]*:[\da-f:.]+)(?:[(:]\d+\)?)?$/

/** How much the prefix said of a line; less than nothing where names look misread: with brackets, hosts that are none. */
function told(prefix: LinePrefix): number {
  let fields = 0
  if (!Number.isNaN(prefix.atMs)) fields += 2
  if (prefix.pid !== null) fields += 2
  for (const name of [prefix.user, prefix.database, prefix.application])
    if (name !== null) fields += /[\s[\],=]/.test(name) || ADDRESS.test(name) ? -1 : 1
  if (prefix.client !== null) fields += ADDRESS.test(prefix.client) ? 1 : -2
  if (prefix.sqlState !== null) fields++
  return fields
}
