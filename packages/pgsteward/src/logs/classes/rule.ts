// What a rule of the log catalogue is: a class, and the texts and SQLSTATEs by which its messages are known.

import type { LogClass, LogEntry, LogFigures, LogSeverity } from '../../model/log-event.ts'

/**
 * A message's text as PostgreSQL's source has it, its arguments as holes: `{}` anything, `{name}` a figure of that name,
 * `{name#}` a number, `{name#kB}` one with a unit (kB, s: turned into bytes, milliseconds), `{?}` a value of the users' own, which
 * is to be masked. A hole at the end takes all the rest; otherwise a text must match to the end of the message.
 */
export type LogText = string

export interface LogRule extends LogClass {
  readonly texts: readonly LogText[]
  /** SQLSTATEs that its messages carry; an entry with another speaks of something else. Absent: any but P0001. */
  readonly sqlStates?: readonly string[]
  /** Severities that its messages have, where the same text means something else at others. */
  readonly only?: readonly LogSeverity[]
  /** SQLSTATEs, or their first two characters, that mean this class where the text is unknown or localised. */
  readonly without?: readonly string[]
  /** More figures: of DETAIL, or of texts that holes can't take apart. Never users' values. */
  readonly figures?: (entry: LogEntry) => LogFigures
}
