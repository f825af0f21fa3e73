// The list of conditions, in the order of reports and of docs/guides/plan-check.md.

import type { AnyCondition } from './condition.ts'
import { costIncrease, newStatementCost, workloadCost } from './cost-increase.ts'
import { newSequentialScan } from './new-sequential-scan.ts'
import { missingStatistics, notPlanned, spill } from './planning-doubts.ts'
import {
  blockingLock,
  breaksRunningCode,
  dataLoss,
  indexLost,
  migrationFails,
  notReviewed,
  slowMigration,
} from './review-conditions.ts'
import { statementFails } from './statement-fails.ts'

export const ALL_CONDITIONS: readonly AnyCondition[] = [
  migrationFails,
  statementFails,
  newSequentialScan,
  costIncrease,
  indexLost,
  blockingLock,
  workloadCost,
  newStatementCost,
  spill,
  slowMigration,
  dataLoss,
  breaksRunningCode,
  notReviewed,
  notPlanned,
  missingStatistics,
]
