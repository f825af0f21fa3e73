// What the texts of connections hold beside names: how long a session was, and why somebody was not let in.

import type { LogEntry, LogFigures } from '../../model/log-event.ts'

/** `0:01:02.345 user=app database=shop host=10.0.0.1 port=5432`. */
const DISCONNECTION =
  /session time: (\d+):(\d\d):(\d\d\.\d+) user=(.*) database=(.*) host=(\S+)(?: port=(\d+))?$/

export function disconnectionFigures({ message }: LogEntry): LogFigures {
  const match = DISCONNECTION.exec(message)
  if (match === null) return {}
  const [, hours, minutes, seconds, user, database, host] = match
  const sessionMs = Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
  // a replication connection has no database
  return { sessionMs, user: user!, ...(database === '' ? {} : { database: database! }), host: host! }
}

/** Clients are told nothing of it, the log is. */
const PASSWORD_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Role ".*" does not exist\./, 'no such role'],
  [/has no password assigned/, 'no password set'],
  [/has an expired password/, 'password expired'],
  [/does not have a valid SCRAM secret|has an MD5 secret|cannot be used with/, 'secret of another kind'],
  // with SCRAM nothing else is said
  [/^(Password does not match|Connection matched)/, 'wrong password'],
]

export function passwordReason(entry: LogEntry): LogFigures {
  const reason = PASSWORD_REASONS.find(([pattern]) => pattern.test(entry.detail ?? ''))?.[1]
  return { ...(reason === undefined ? {} : { reason }), ...hbaLine(entry) }
}

/** The line of pg_hba.conf that decided. */
export function hbaLine({ detail }: LogEntry): LogFigures {
  const match = /Connection matched (?:file "(.*?)"|pg_hba\.conf) line (\d+)/.exec(detail ?? '')
  return match === null ? {} : { hbaLine: Number(match[2]) }
}
