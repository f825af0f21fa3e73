// The catalogue of log classes, in the order of its documentation.

import type { LogClass } from '../../model/log-event.ts'
import { LIMIT_RULES } from './application-limits.ts'
import { NAME_RULES } from './application-names.ts'
import { OBJECT_RULES } from './application-objects.ts'
import { SESSION_RULES } from './application-sessions.ts'
import { VALUE_RULES } from './application-values.ts'
import { AUTOVACUUM_RULES } from './autovacuum.ts'
import { CONNECTION_RULES } from './connection.ts'
import { CONSTRAINT_RULES } from './constraint.ts'
import { LOCK_RULES } from './lock.ts'
import { LOGICAL_REPLICATION_RULES } from './logical-replication.ts'
import { LOGIN_RULES } from './login.ts'
import { REPLICATION_RULES } from './replication.ts'
import type { LogRule } from './rule.ts'
import { SERVER_RULES } from './server.ts'
import { SERVER_DAMAGE_RULES } from './server-damage.ts'
import { SERVER_RESOURCE_RULES } from './server-resources.ts'
import { STATEMENT_RULES } from './statement.ts'
import { WAL_RULES } from './wal.ts'

export const LOG_RULES: readonly LogRule[] = [
  ...SERVER_RULES,
  ...SERVER_RESOURCE_RULES,
  ...SERVER_DAMAGE_RULES,
  ...CONNECTION_RULES,
  ...LOGIN_RULES,
  ...WAL_RULES,
  ...AUTOVACUUM_RULES,
  ...LOCK_RULES,
  ...STATEMENT_RULES,
  ...REPLICATION_RULES,
  ...LOGICAL_REPLICATION_RULES,
  ...CONSTRAINT_RULES,
  ...NAME_RULES,
  ...OBJECT_RULES,
  ...VALUE_RULES,
  ...LIMIT_RULES,
  ...SESSION_RULES,
]

/** The classes alone, as the API and the command show them. */
export const LOG_CLASSES: readonly LogClass[] = LOG_RULES.map(({ id, area, title, severity }) => ({
  id,
  area,
  title,
  severity,
}))
