// Which class a message of PostgreSQL's log belongs to, and what its text holds.

import type { LogEntry, LogFigures } from '../model/log-event.ts'

export interface Classified {
  /** Id in the catalogue; `unknown` where no class takes it. */
  readonly class: string
  readonly figures: LogFigures
  /** The message; in texts that quote users' values (`invalid input syntax for type integer: "?"`) those are masked. */
  readonly message: string
}

const NO_FIGURES: LogFigures = {}

export function classify(entry: LogEntry): Classified {
  return { class: 'unknown', figures: NO_FIGURES, message: entry.message }
}
