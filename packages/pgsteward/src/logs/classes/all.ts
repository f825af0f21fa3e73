// The catalogue of log classes, in the order of its documentation.

import type { LogClass } from '../../model/log-event.ts'
import { NAME_RULES } from './application-names.ts'
import { SESSION_RULES } from './application-sessions.ts'
import { VALUE_RULES } from './application-values.ts'
import { AUTOVACUUM_RULES } from './autovacuum.ts'
import { CONNECTION_RULES } from './connection.ts'
import { CONSTRAINT_RULES } from './constraint.ts'
import { LOCK_RULES } from './lock.ts'
import { REPLICATION_RULES } from './replication.ts'
import type { LogRule } from './rule.ts'
import { SERVER_RULES } from './server.ts'
import { STATEMENT_RULES } from './statement.ts'
import { WAL_RULES } from './wal.ts'

export const LOG_RULES: readonly LogRule[] = [
  ...SERVER_RULES,
  ...CONNECTION_RULES,
  ...WAL_RULES,
  ...AUTOVACUUM_RULES,
  ...LOCK_RULES,
  ...STATEMENT_RULES,
  ...REPLICATION_RULES,
  ...CONSTRAINT_RULES,
  ...NAME_RULES,
  ...VALUE_RULES,
  ...SESSION_RULES,
]

/** The classes alone, as the API and the command show them. */
export const LOG_CLASSES: readonly LogClass[] = LOG_RULES.map(({ id, area, title, severity }) => ({
  id,
  area,
  title,
  severity,
}))
