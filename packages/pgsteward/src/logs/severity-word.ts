// The word that a log line begins with behind its prefix: a severity, or what the line adds to the message before.

import type { LogSeverity } from '../model/log-event.ts'

export type LogPart = 'detail' | 'hint' | 'query' | 'context' | 'statement' | 'other'

export interface LineWord {
  readonly severity: LogSeverity | null
  /** Null where a severity begins a message of its own. `other`: LOCATION and BACKTRACE, which are of use to PostgreSQL's authors. */
  readonly part: LogPart | null
  readonly word: string
}

const severity = (word: string, of: LogSeverity): LineWord => ({ severity: of, part: null, word })
const part = (word: string, of: LogPart): LineWord => ({ severity: null, part: of, word })

/** By PostgreSQL itself, the most frequent first; then as its translations have them (src/backend/po). */
const WORDS: readonly LineWord[] = [
  severity('LOG', 'LOG'),
  severity('ERROR', 'ERROR'),
  part('STATEMENT', 'statement'),
  part('DETAIL', 'detail'),
  part('CONTEXT', 'context'),
  part('HINT', 'hint'),
  severity('FATAL', 'FATAL'),
  severity('WARNING', 'WARNING'),
  severity('NOTICE', 'NOTICE'),
  severity('INFO', 'INFO'),
  severity('PANIC', 'PANIC'),
  part('QUERY', 'query'),
  part('LOCATION', 'other'),
  part('BACKTRACE', 'other'),
  ...['DEBUG', 'DEBUG1', 'DEBUG2', 'DEBUG3', 'DEBUG4', 'DEBUG5'].map((word) => severity(word, 'DEBUG')),
  // German
  severity('FEHLER', 'ERROR'),
  severity('WARNUNG', 'WARNING'),
  severity('HINWEIS', 'NOTICE'),
  severity('PANIK', 'PANIC'),
  part('TIPP', 'hint'),
  part('ZUSAMMENHANG', 'context'),
  part('ANWEISUNG', 'statement'),
  part('ANFRAGE', 'query'),
  part('ORT', 'other'),
  // French
  severity('ERREUR', 'ERROR'),
  severity('ATTENTION', 'WARNING'),
  part('DÉTAIL', 'detail'),
  part('ASTUCE', 'hint'),
  part('CONTEXTE', 'context'),
  part('INSTRUCTION', 'statement'),
  part('REQUÊTE', 'query'),
  part('EMPLACEMENT', 'other'),
  // Spanish
  severity('ADVERTENCIA', 'WARNING'),
  part('DETALLE', 'detail'),
  part('SUGERENCIA', 'hint'),
  part('CONTEXTO', 'context'),
  part('SENTENCIA', 'statement'),
  part('CONSULTA', 'query'),
  part('UBICACIÓN', 'other'),
]

const BY_FIRST = new Map<number, readonly LineWord[]>()
for (const word of WORDS) {
  const first = word.word.charCodeAt(0)
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), word])
}
const LOG = WORDS[0]!

/** Of `text` at `at`, with its colon and at least one space behind it. `textStart` is then where the message begins. */
export class SeverityWords {
  textStart = 0

  at(text: string, at: number, end: number): LineWord | null {
    if (text.startsWith('LOG:  ', at)) {
      this.textStart = at + 6
      return LOG
    }
    const words = BY_FIRST.get(text.charCodeAt(at))
    if (words === undefined) return null
    for (const each of words) {
      const colon = at + each.word.length
      if (text.charCodeAt(colon) !== 58 || colon >= end || !text.startsWith(each.word, at)) continue
      // French sets a space before the colon; some shippers make one space of two, or trim the line's end.
      let start = colon + 1
      while (start < end && start < colon + 3 && text.charCodeAt(start) === 32) start++
      if (start === colon + 1 && start < end) return null
      this.textStart = start
      return each
    }
    return this.#spaced(words, text, at, end)
  }

  /** `INSTRUCTION :  select` */
  #spaced(words: readonly LineWord[], text: string, at: number, end: number): LineWord | null {
    for (const each of words) {
      const colon = at + each.word.length + 1
      if (colon >= end || text.charCodeAt(colon) !== 58 || !text.startsWith(`${each.word} :`, at)) continue
      this.textStart = Math.min(end, text.startsWith('  ', colon + 1) ? colon + 3 : colon + 2)
      return each
    }
    return null
  }
}

const BY_WORD = new Map(
  WORDS.filter((word) => word.severity !== null).map((word) => [word.word, word.severity]),
)

/** Of a column that holds nothing else. */
export function severityOf(word: string): LogSeverity | null {
  return BY_WORD.get(word) ?? null
}
