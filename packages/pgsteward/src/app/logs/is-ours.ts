// Whether a message is about a session of pgsteward itself, which nobody wants to read about.

import type { LogEntry } from '../../model/log-event.ts'
import { APPLICATION_NAME } from '../../postgres/connect.ts'

const MARK = `/* ${APPLICATION_NAME}:`

/** Of the entry as it came: redaction takes comments out of texts. */
export function isOurs({ application, statement, message }: LogEntry): boolean {
  return (
    application === APPLICATION_NAME ||
    application?.startsWith(`${APPLICATION_NAME} `) === true ||
    statement?.includes(MARK) === true ||
    message.includes(MARK) ||
    message.includes(`application_name=${APPLICATION_NAME}`)
  )
}
