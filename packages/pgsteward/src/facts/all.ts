// The list of everything read from a target, in the order of collection: fast-moving counters first.

import type { PgFact } from '../model/fact.ts'
import { activity } from './activity.ts'
import { archiver } from './archiver.ts'
import { backgroundWriter } from './background-writer.ts'
import { blocking } from './blocking.ts'
import { checkpoints } from './checkpoints.ts'
import { connectionGroups } from './connection-groups.ts'
import { connections } from './connections.ts'
import { databaseAges } from './database-ages.ts'
import { databaseSizes } from './database-sizes.ts'
import { databases } from './databases.ts'
import { extensions } from './extensions.ts'
import { indexes } from './indexes.ts'
import { io } from './io.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { progress } from './progress.ts'
import { replication } from './replication.ts'
import { replicationSlots } from './replication-slots.ts'
import { settingOverrides } from './setting-overrides.ts'
import { settings } from './settings.ts'
import { standby } from './standby.ts'
import { statements } from './statements.ts'
import { wal } from './wal.ts'
import { xminHolders } from './xmin-holders.ts'

export const ALL_FACTS: readonly PgFact[] = [
  activity,
  blocking,
  connections,
  statements,
  databases,
  wal,
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
  databaseAges,
  indexes,
  settings,
  settingOverrides,
  extensions,
  preparedTransactions,
  // a stat() for every file of every database
  databaseSizes,
]
