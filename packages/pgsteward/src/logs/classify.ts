// Which class a message of PostgreSQL's log belongs to, and what its text holds: by text first, since most messages of a log have no
// SQLSTATE of their own, then by SQLSTATE, which texts that are localised or new have as well. Well under a microsecond a message.

import type { LogEntry, LogFigures } from '../model/log-event.ts'
import { LOG_RULES } from './classes/all.ts'
import {
  type CompiledText,
  compileText,
  figuresOf,
  maskedMessage,
  matchText,
} from './classes/compile-text.ts'
import type { LogRule } from './classes/rule.ts'
import { textTree } from './classes/text-tree.ts'

export interface Classified {
  /** Id in the catalogue; `unknown` where no class takes it. */
  readonly class: string
  readonly figures: LogFigures
  /** The message; in texts that quote users' values (`invalid input syntax for type integer: "?"`) those are masked. */
  readonly message: string
}

const NO_FIGURES: LogFigures = {}
const TREE = textTree(LOG_RULES.flatMap((rule) => rule.texts.map((text) => compileText(text, rule))))
/** Where the holes of the text lie that was compared last; kept, since each message needs one for a moment. */
const PLACES: number[] = []
const BY_STATE = new Map(
  LOG_RULES.flatMap((rule) => (rule.without ?? []).map((state) => [state, rule] as const)),
)

export function classify(entry: LogEntry): Classified {
  const { message } = entry
  if (isRaised(entry)) return { class: 'raised-exception', figures: NO_FIGURES, message }
  const end = endOfText(entry)
  const text = end === message.length ? message : message.slice(0, end)
  const found = TREE.find(text, entry, fits)
  if (found !== null) return understood(found, entry, text)
  const rule = bySqlState(entry)
  if (rule !== undefined) return { class: rule.id, figures: rule.figures?.(entry) ?? NO_FIGURES, message }
  return { class: 'unknown', figures: NO_FIGURES, message }
}

function understood(found: CompiledText, entry: LogEntry, text: string): Classified {
  const { rule } = found
  const own = found.named ? figuresOf(found, text, PLACES) : NO_FIGURES
  const more = rule.figures?.(entry)
  return {
    class: rule.id,
    figures: more === undefined ? own : found.named ? { ...own, ...more } : more,
    message: found.masks
      ? maskedMessage(found, text, PLACES) + entry.message.slice(text.length)
      : entry.message,
  }
}

function fits(candidate: CompiledText, text: string, entry: LogEntry, known: number): boolean {
  return mayBe(candidate.rule, entry) && matchText(candidate, text, PLACES, known)
}

/** An application that raises "deadlock detected" had no deadlock: PL/pgSQL says where a message was made. */
function isRaised(entry: LogEntry): boolean {
  if (entry.sqlState === 'P0001') return true
  const { context } = entry
  if (context === null || !context.startsWith('PL/pgSQL function ')) return false
  const end = context.indexOf('\n')
  return (end === -1 ? context : context.slice(0, end)).endsWith(' at RAISE')
}

/** Errors that point into a statement end with ` at character 15` in stderr logs, but not in csvlog and jsonlog. */
function endOfText({ message, severity }: LogEntry): number {
  if (severity === 'LOG') return message.length
  const code = message.charCodeAt(message.length - 1)
  if (code < 48 || code > 57) return message.length
  const at = message.lastIndexOf(' at character ')
  if (at === -1 || message.length - at > 25) return message.length
  for (let index = at + 14; index < message.length; index += 1) {
    const digit = message.charCodeAt(index)
    if (digit < 48 || digit > 57) return message.length
  }
  return at
}

function mayBe(rule: LogRule, { sqlState, severity }: LogEntry): boolean {
  if (rule.only !== undefined && !rule.only.includes(severity)) return false
  return sqlState === null || rule.sqlStates === undefined || rule.sqlStates.includes(sqlState)
}

function bySqlState({ sqlState, severity }: LogEntry): LogRule | undefined {
  if (severity === 'PANIC') return BY_STATE.get('PANIC')
  if (sqlState !== null) {
    const rule = BY_STATE.get(sqlState) ?? BY_STATE.get(sqlState.slice(0, 2))
    if (rule !== undefined) return rule
  }
  return undefined
}
