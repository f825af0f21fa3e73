// Messages that carry a statement: durations, log_statement, auto_explain's plans.

import type { Milliseconds } from '../model/units.ts'

export interface StatementMessage {
  /** Of `duration:` lines. */
  readonly durationMs: Milliseconds | null
  /** The message without the statement: `duration: 3.4 ms  execute S_1`. */
  readonly head: string
  readonly sql: string | null
  /** What stands behind `plan:`, in auto_explain's format. */
  readonly plan?: string
}

/** Behind `duration: N ms  `, and by itself from log_statement. */
const WORDS = ['statement: ', 'execute ', 'parse ', 'bind ']

/** Null: another message. */
export function statementIn(message: string): StatementMessage | null {
  if (message.startsWith('duration: ')) return durationIn(message)
  const code = message.charCodeAt(0)
  if (code !== 115 && code !== 101) return null
  if (message.startsWith('statement: '))
    return { durationMs: null, head: 'statement', sql: message.slice(11) }
  if (!message.startsWith('execute ')) return null
  const colon = message.indexOf(': ', 8)
  return colon < 0 || colon > 200
    ? null
    : { durationMs: null, head: message.slice(0, colon), sql: message.slice(colon + 2) }
}

function durationIn(message: string): StatementMessage | null {
  const unit = message.indexOf(' ms', 10)
  if (unit < 0 || unit > 40) return null
  const durationMs = Number(message.slice(10, unit))
  if (!Number.isFinite(durationMs)) return null
  const rest = unit + 5
  if (message.length < rest) return { durationMs, head: message, sql: null }
  if (message.startsWith('plan:', rest))
    return {
      durationMs,
      head: message.slice(0, rest + 4),
      sql: null,
      plan: message.slice(rest + 5).trimStart(),
    }
  for (const word of WORDS) {
    if (!message.startsWith(word, rest)) continue
    const colon = word === 'statement: ' ? rest + 9 : message.indexOf(': ', rest)
    if (colon < 0) break
    return { durationMs, head: message.slice(0, colon), sql: message.slice(colon + 2) }
  }
  // Cut right behind its colon, or something that another extension adds.
  return { durationMs, head: message.slice(0, unit + 3), sql: null }
}
