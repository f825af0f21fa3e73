// The tools, in the order in which a model reads them: what there is, what is known, what would be, what could be proposed.

import type { AnyTool } from './tool.ts'
import { advise } from './tools/advise.ts'
import { explainQuery } from './tools/explain-query.ts'
import { getCheckPage } from './tools/get-check-page.ts'
import { getFinding } from './tools/get-finding.ts'
import { getStatement } from './tools/get-statement.ts'
import { getTable } from './tools/get-table.ts'
import { listAlerts } from './tools/list-alerts.ts'
import { listFindings } from './tools/list-findings.ts'
import { listSlowQueries } from './tools/list-slow-queries.ts'
import { listStatements } from './tools/list-statements.ts'
import { listTables } from './tools/list-tables.ts'
import { listTargets } from './tools/list-targets.ts'
import { proposeRemedy } from './tools/propose-remedy.ts'
import { reviewMigration } from './tools/review-migration.ts'
import { whatIfIndex } from './tools/what-if-index.ts'

export const ALL_TOOLS: readonly AnyTool[] = [
  listTargets,
  listFindings,
  getFinding,
  getCheckPage,
  listStatements,
  getStatement,
  listSlowQueries,
  listTables,
  getTable,
  listAlerts,
  advise,
  explainQuery,
  whatIfIndex,
  reviewMigration,
  proposeRemedy,
]
