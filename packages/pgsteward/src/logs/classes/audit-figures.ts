// pgaudit's lines are CSV: type, statement, substatement, class, command, kind of object, object, statement, parameters.

import type { LogEntry, LogFigures } from '../../model/log-event.ts'

const AUDIT = /^AUDIT: (SESSION|OBJECT),(\d+),(\d+),(\w+),([^,]*),([^,]*),("(?:[^"]|"")*"|[^,]*),/

/** Without the statement and its parameters. */
export function auditFigures({ message }: LogEntry): LogFigures {
  const match = AUDIT.exec(message)
  if (match === null) return {}
  const [, auditType, statement, , auditClass, command, objectType, object] = match
  return {
    auditType: auditType!,
    statementNumber: Number(statement),
    auditClass: auditClass!,
    command: command!,
    ...(objectType === '' ? {} : { objectType: objectType! }),
    ...(object === '' ? {} : { object: object!.replaceAll('"', '') }),
  }
}
