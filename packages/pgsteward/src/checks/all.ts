// The catalogue of checks: an explicit list, by area. The catalogue test names what is missing for any of them.

import type { AnyCheck } from '../model/check.ts'
import { blockingChain } from './availability/blocking-chain.ts'
import { checksumFailures } from './availability/checksum-failures.ts'
import { deadlocks } from './availability/deadlocks.ts'
import { idleInTransaction } from './availability/idle-in-transaction.ts'
import { inactiveReplicationSlot } from './availability/inactive-replication-slot.ts'
import { longRunningQuery } from './availability/long-running-query.ts'
import { longTransaction } from './availability/long-transaction.ts'
import { preparedTransactionOld } from './availability/prepared-transaction-old.ts'
import { replicationLag } from './availability/replication-lag.ts'
import { walArchivingFailing } from './availability/wal-archiving-failing.ts'
import { checkpointsRequested } from './capacity/checkpoints-requested.ts'
import { connectionsNearLimit } from './capacity/connections-near-limit.ts'
import { autovacuumOff } from './configuration/autovacuum-off.ts'
import { extensionOutdated } from './configuration/extension-outdated.ts'
import { idleTransactionTimeoutOff } from './configuration/idle-transaction-timeout-off.ts'
import { logLockWaitsOff } from './configuration/log-lock-waits-off.ts'
import { passwordEncryptionMd5 } from './configuration/password-encryption-md5.ts'
import { pendingRestart } from './configuration/pending-restart.ts'
import { sharedBuffersSmall } from './configuration/shared-buffers-small.ts'
import { statementsEvicted } from './configuration/statements-evicted.ts'
import { statementsExtensionMissing } from './configuration/statements-extension-missing.ts'
import { trackIoTimingOff } from './configuration/track-io-timing-off.ts'
import { unsafeSettings } from './configuration/unsafe-settings.ts'
import { unusedIndex } from './index/unused-index.ts'
import { heavyStatement } from './query/heavy-statement.ts'
import { lowCacheHit } from './query/low-cache-hit.ts'
import { manyRowsStatement } from './query/many-rows-statement.ts'
import { slowStatement } from './query/slow-statement.ts'
import { tempFileSpill } from './query/temp-file-spill.ts'

export const ALL_CHECKS: readonly AnyCheck[] = [
  unusedIndex,
  unsafeSettings,
  autovacuumOff,
  trackIoTimingOff,
  logLockWaitsOff,
  passwordEncryptionMd5,
  pendingRestart,
  idleTransactionTimeoutOff,
  statementsExtensionMissing,
  extensionOutdated,
  statementsEvicted,
  idleInTransaction,
  blockingChain,
  longRunningQuery,
  longTransaction,
  slowStatement,
  heavyStatement,
  manyRowsStatement,
  tempFileSpill,
  lowCacheHit,
  sharedBuffersSmall,
  deadlocks,
  replicationLag,
  inactiveReplicationSlot,
  walArchivingFailing,
  checksumFailures,
  preparedTransactionOld,
  connectionsNearLimit,
  checkpointsRequested,
]
