// A statement's text as it may leave the process: readable, without a single value.

import { SqlScanner, TOKEN } from './sql-tokens.ts'

const SEMICOLON = 59

/**
 * Literals and numbers other than 0 and 1 become `?`, comments go (they may hold anything), the rest stays as it is written, case and line breaks too.
 * Cut at `maxLength`. The very same string when there was nothing to do, so that it costs no memory.
 */
export function redactSql(text: string, maxLength: number): string {
  const scanner = new SqlScanner(text)
  let redacted = ''
  let copiedTo = 0
  let setting: 'unknown' | 'no' | 'name' | 'value' = 'unknown'
  while (scanner.next()) {
    const { kind, start, end } = scanner
    if (redacted.length + (start - copiedTo) > maxLength) break
    if (kind === TOKEN.space) continue
    if (kind !== TOKEN.text && kind !== TOKEN.number && kind !== TOKEN.comment) {
      const isValue = setting === 'value' && (kind === TOKEN.word || kind === TOKEN.quotedName)
      // Only what stands behind SET needs its words looked at.
      if (text.charCodeAt(start) === SEMICOLON) setting = 'unknown'
      else if (setting !== 'no') setting = settingAfter(setting, scanner)
      if (!isValue) continue
    } else if (kind === TOKEN.number && end === start + 1 && isTelltaleOfNothing(text.charCodeAt(start)))
      continue
    redacted += text.slice(copiedTo, start) + (kind === TOKEN.comment ? '' : '?')
    copiedTo = end
  }
  if (copiedTo === 0) return text.length <= maxLength ? text : cut(text, maxLength)
  redacted += text.slice(copiedTo, copiedTo + Math.max(0, maxLength - redacted.length) + 1)
  const trimmed = redacted.trim()
  return trimmed.length <= maxLength ? flat(trimmed) : cut(trimmed, maxLength)
}

/** 0 and 1, as in `where 1=1` and `limit 1`: ORMs write them all over. */
const isTelltaleOfNothing = (code: number): boolean => code === 48 || code === 49

/** The value of SET needs no quotes: set app.token = hunter2. */
function settingAfter(setting: 'unknown' | 'name' | 'value', scanner: SqlScanner): 'no' | 'name' | 'value' {
  const value = scanner.value().toLowerCase()
  if (setting === 'unknown') return value === 'set' ? 'name' : 'no'
  return value === '=' || value === 'to' ? 'value' : setting
}

function cut(text: string, maxLength: number): string {
  return `${flat(text.slice(0, Math.max(0, maxLength - 1)))}…`
}

/** A copy that does not keep the long text alive which it was cut from. */
function flat(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}
