// What a rule of the log catalogue is: a class, and the texts and SQLSTATEs by which its messages are known.

import type { LogClass, LogEntry, LogFigures } from '../../model/log-event.ts'

/**
 * A message's text as PostgreSQL's source has it, its arguments as holes: `{}` anything, `{name}` a figure of that name,
 * `{name#}` a number, `{name#kB}` one with a unit (kB, s, us: turned into what the name says), `{?}` a value of the users' own,
 * to be masked. A hole at the end takes all the rest; otherwise a text matches whole messages.
 */
export type LogText = string

export interface LogRule extends LogClass {
  readonly texts: readonly LogText[]
  /** SQLSTATEs that its messages carry; where an entry has another, the text speaks of something else. Absent: any. */
  readonly sqlStates?: readonly string[]
  /** SQLSTATEs, or their first two characters, that mean this class where the text is unknown or localised. */
  readonly without?: readonly string[]
  /** More figures: of DETAIL, or of texts that holes can't take apart. */
  readonly figures?: (entry: LogEntry) => LogFigures
}
