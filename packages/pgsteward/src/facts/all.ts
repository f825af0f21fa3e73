// The list of everything read from a target, in the order of collection: what moves fast and costs little first, so that a
// round which takes long, or breaks off, has it; catalogs and sizes, which are dear and change slowly, last.

import type { PgFact } from '../model/fact.ts'
import { activity } from './activity.ts'
import { archiver } from './archiver.ts'
import { backgroundWriter } from './background-writer.ts'
import { blocking } from './blocking.ts'
import { checkpoints } from './checkpoints.ts'
import { columnMentions } from './column-mentions.ts'
import { connectionGroups } from './connection-groups.ts'
import { connections } from './connections.ts'
import { databaseAges } from './database-ages.ts'
import { databaseSizes } from './database-sizes.ts'
import { databases } from './databases.ts'
import { disabledTriggers } from './disabled-triggers.ts'
import { extendedStatistics } from './extended-statistics.ts'
import { extensions } from './extensions.ts'
import { foreignKeys } from './foreign-keys.ts'
import { identity } from './identity.ts'
import { indexDensities } from './index-densities.ts'
import { indexEstimates } from './index-estimates.ts'
import { indexes } from './indexes.ts'
import { io } from './io.ts'
import { partitionKeys } from './partition-keys.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { prerequisites } from './prerequisites.ts'
import { progress } from './progress.ts'
import { rangePartitions } from './range-partitions.ts'
import { replication } from './replication.ts'
import { replicationSlots } from './replication-slots.ts'
import { sequences } from './sequences.ts'
import { settingOverrides } from './setting-overrides.ts'
import { settings } from './settings.ts'
import { standby } from './standby.ts'
import { statementTexts } from './statement-texts.ts'
import { statementTotals } from './statement-totals.ts'
import { statements } from './statements.ts'
import { tableActivity } from './table-activity.ts'
import { tableColumns } from './table-columns.ts'
import { tableDensities } from './table-densities.ts'
import { tableEstimates } from './table-estimates.ts'
import { tableStatements } from './table-statements.ts'
import { tables } from './tables.ts'
import { transactionIds } from './transaction-ids.ts'
import { unvalidatedConstraints } from './unvalidated-constraints.ts'
import { wal } from './wal.ts'
import { xminHolders } from './xmin-holders.ts'
import { xminHorizon } from './xmin-horizon.ts'

export const ALL_FACTS: readonly PgFact[] = [
  activity,
  blocking,
  connections,
  statements,
  // made out of the reading of statements
  statementTexts,
  statementTotals,
  databases,
  tableActivity,
  wal,
  transactionIds,
  checkpoints,
  backgroundWriter,
  io,
  replication,
  standby,
  progress,
  connectionGroups,
  replicationSlots,
  archiver,
  xminHolders,
  xminHorizon,
  databaseAges,
  identity,
  indexes,
  tables,
  tableColumns,
  partitionKeys,
  rangePartitions,
  foreignKeys,
  unvalidatedConstraints,
  extendedStatistics,
  disabledTriggers,
  sequences,
  settings,
  settingOverrides,
  extensions,
  prerequisites,
  preparedTransactions,
  // a stat() for every file of every database
  databaseSizes,
  tableEstimates,
  indexEstimates,
  columnMentions,
  // all texts of pg_stat_statements, four times a day
  tableStatements,
  // these read the relations themselves
  tableDensities,
  indexDensities,
]
