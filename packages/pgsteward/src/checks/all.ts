// The catalogue of checks: an explicit list, by area. The catalogue test names what is missing for any of them.

import type { AnyCheck } from '../model/check.ts'
import { chattyRoute } from './application/chatty-route.ts'
import { connectionLeak } from './application/connection-leak.ts'
import { criticalQueryRate } from './application/critical-query-rate.ts'
import { deepOffset } from './application/deep-offset.ts'
import { deliveryFailures } from './application/delivery-failures.ts'
import { deliveryLatency } from './application/delivery-latency.ts'
import { deliveryRate } from './application/delivery-rate.ts'
import { errorRate } from './application/error-rate.ts'
import { failingExternalCall } from './application/failing-external-call.ts'
import { failingRoute } from './application/failing-route.ts'
import { oversizedPool } from './application/oversized-pool.ts'
import { paymentFailures } from './application/payment-failures.ts'
import { poolExhausted } from './application/pool-exhausted.ts'
import { queryLatency } from './application/query-latency.ts'
import { repeatedStatement } from './application/repeated-statement.ts'
import { silentApplication } from './application/silent-application.ts'
import { slowApplicationQuery } from './application/slow-application-query.ts'
import { slowExternalCall } from './application/slow-external-call.ts'
import { slowFeature } from './application/slow-feature.ts'
import { slowQueryRate } from './application/slow-query-rate.ts'
import { slowRoute } from './application/slow-route.ts'
import { subscriptionsBelowBaseline } from './application/subscriptions-below-baseline.ts'
import { blockingChain } from './availability/blocking-chain.ts'
import { blockingIncident } from './availability/blocking-incident.ts'
import { checksumFailures } from './availability/checksum-failures.ts'
import { deadlockLogged } from './availability/deadlock-logged.ts'
import { deadlocks } from './availability/deadlocks.ts'
import { errorBudgetBurn } from './availability/error-budget-burn.ts'
import { failedLogins } from './availability/failed-logins.ts'
import { idleInTransaction } from './availability/idle-in-transaction.ts'
import { inactiveReplicationSlot } from './availability/inactive-replication-slot.ts'
import { logErrorBurst } from './availability/log-error-burst.ts'
import { logServerCrash } from './availability/log-server-crash.ts'
import { longRunningQuery } from './availability/long-running-query.ts'
import { longTransaction } from './availability/long-transaction.ts'
import { manyRollbacks } from './availability/many-rollbacks.ts'
import { preparedTransactionOld } from './availability/prepared-transaction-old.ts'
import { probeFailing } from './availability/probe-failing.ts'
import { replicationLag } from './availability/replication-lag.ts'
import { unloggedTable } from './availability/unlogged-table.ts'
import { walArchivingFailing } from './availability/wal-archiving-failing.ts'
import { checkpointsRequested } from './capacity/checkpoints-requested.ts'
import { connectionsNearLimit } from './capacity/connections-near-limit.ts'
import { connectionsRefused } from './capacity/connections-refused.ts'
import { logExhausted } from './capacity/log-exhausted.ts'
import { parallelWorkersExhausted } from './capacity/parallel-workers-exhausted.ts'
import { sequenceExhaustion } from './capacity/sequence-exhaustion.ts'
import { waitDominates } from './capacity/wait-dominates.ts'
import { autovacuumOff } from './configuration/autovacuum-off.ts'
import { disabledTrigger } from './configuration/disabled-trigger.ts'
import { extensionOutdated } from './configuration/extension-outdated.ts'
import { idleTransactionTimeoutOff } from './configuration/idle-transaction-timeout-off.ts'
import { logLockWaitsOff } from './configuration/log-lock-waits-off.ts'
import { passwordEncryptionMd5 } from './configuration/password-encryption-md5.ts'
import { pendingRestart } from './configuration/pending-restart.ts'
import { sharedBuffersSmall } from './configuration/shared-buffers-small.ts'
import { statementTimeoutOff } from './configuration/statement-timeout-off.ts'
import { statementsEvicted } from './configuration/statements-evicted.ts'
import { statementsExtensionMissing } from './configuration/statements-extension-missing.ts'
import { trackIoTimingOff } from './configuration/track-io-timing-off.ts'
import { unsafeSettings } from './configuration/unsafe-settings.ts'
import { walCompressionOff } from './configuration/wal-compression-off.ts'
import { workMemSmall } from './configuration/work-mem-small.ts'
import { bloatedIndex } from './index/bloated-index.ts'
import { bloatedIndexSuspected } from './index/bloated-index-suspected.ts'
import { duplicateIndex } from './index/duplicate-index.ts'
import { invalidIndex } from './index/invalid-index.ts'
import { missingIndex } from './index/missing-index.ts'
import { missingPrimaryKey } from './index/missing-primary-key.ts'
import { notValidConstraint } from './index/not-valid-constraint.ts'
import { partialIndex } from './index/partial-index.ts'
import { redundantIndex } from './index/redundant-index.ts'
import { sequentialScans } from './index/sequential-scans.ts'
import { unindexedForeignKey } from './index/unindexed-foreign-key.ts'
import { unusedCompositeColumn } from './index/unused-composite-column.ts'
import { unusedIndex } from './index/unused-index.ts'
import { partitionCandidate } from './partition/partition-candidate.ts'
import { partitionsRunningOut } from './partition/partitions-running-out.ts'
import { cacheableStatement } from './query/cacheable-statement.ts'
import { functionOnIndexedColumn } from './query/function-on-indexed-column.ts'
import { heavyStatement } from './query/heavy-statement.ts'
import { hotRowCounter } from './query/hot-row-counter.ts'
import { implicitCast } from './query/implicit-cast.ts'
import { inListFingerprints } from './query/in-list-fingerprints.ts'
import { jitOnShortQueries } from './query/jit-on-short-queries.ts'
import { lateOrFilter } from './query/late-or-filter.ts'
import { lockHeavyUpdate } from './query/lock-heavy-update.ts'
import { lowCacheHit } from './query/low-cache-hit.ts'
import { manyRowsStatement } from './query/many-rows-statement.ts'
import { missingExtendedStatistics } from './query/missing-extended-statistics.ts'
import { nestedLoopMisestimate } from './query/nested-loop-misestimate.ts'
import { offsetPaging } from './query/offset-paging.ts'
import { orderByLimitIndex } from './query/order-by-limit-index.ts'
import { planChanged } from './query/plan-changed.ts'
import { repeatedStatementRatio } from './query/repeated-statement-ratio.ts'
import { rowsThrownAway } from './query/rows-thrown-away.ts'
import { selectStarWide } from './query/select-star-wide.ts'
import { slowStatement } from './query/slow-statement.ts'
import { spillingSortOrHash } from './query/spilling-sort-or-hash.ts'
import { stalePlanStatistics } from './query/stale-plan-statistics.ts'
import { tempFileSpill } from './query/temp-file-spill.ts'
import { unboundedList } from './query/unbounded-list.ts'
import { autovacuumDisabled } from './vacuum/autovacuum-disabled.ts'
import { autovacuumTuning } from './vacuum/autovacuum-tuning.ts'
import { autovacuumWorkersBusy } from './vacuum/autovacuum-workers-busy.ts'
import { bloatedTable } from './vacuum/bloated-table.ts'
import { bloatedTableSuspected } from './vacuum/bloated-table-suspected.ts'
import { deadTuples } from './vacuum/dead-tuples.ts'
import { staleStatistics } from './vacuum/stale-statistics.ts'
import { vacuumBlocked } from './vacuum/vacuum-blocked.ts'
import { wraparound } from './vacuum/wraparound.ts'
import { wraparoundForecast } from './vacuum/wraparound-forecast.ts'

export const ALL_CHECKS: readonly AnyCheck[] = [
  missingIndex,
  partialIndex,
  unusedIndex,
  duplicateIndex,
  redundantIndex,
  unusedCompositeColumn,
  invalidIndex,
  unindexedForeignKey,
  sequentialScans,
  bloatedIndex,
  bloatedIndexSuspected,
  missingPrimaryKey,
  notValidConstraint,
  deadTuples,
  autovacuumDisabled,
  autovacuumTuning,
  autovacuumWorkersBusy,
  staleStatistics,
  vacuumBlocked,
  wraparound,
  wraparoundForecast,
  bloatedTable,
  bloatedTableSuspected,
  partitionCandidate,
  partitionsRunningOut,
  sequenceExhaustion,
  waitDominates,
  unsafeSettings,
  autovacuumOff,
  trackIoTimingOff,
  logLockWaitsOff,
  passwordEncryptionMd5,
  pendingRestart,
  idleTransactionTimeoutOff,
  statementTimeoutOff,
  statementsExtensionMissing,
  extensionOutdated,
  statementsEvicted,
  disabledTrigger,
  probeFailing,
  errorBudgetBurn,
  idleInTransaction,
  blockingChain,
  blockingIncident,
  longRunningQuery,
  longTransaction,
  slowStatement,
  heavyStatement,
  manyRowsStatement,
  tempFileSpill,
  spillingSortOrHash,
  lowCacheHit,
  sharedBuffersSmall,
  workMemSmall,
  walCompressionOff,
  deadlocks,
  deadlockLogged,
  logServerCrash,
  failedLogins,
  logErrorBurst,
  replicationLag,
  inactiveReplicationSlot,
  walArchivingFailing,
  checksumFailures,
  preparedTransactionOld,
  connectionsNearLimit,
  connectionsRefused,
  logExhausted,
  checkpointsRequested,
  parallelWorkersExhausted,
  offsetPaging,
  planChanged,
  nestedLoopMisestimate,
  orderByLimitIndex,
  lateOrFilter,
  rowsThrownAway,
  missingExtendedStatistics,
  stalePlanStatistics,
  jitOnShortQueries,
  functionOnIndexedColumn,
  implicitCast,
  unboundedList,
  selectStarWide,
  inListFingerprints,
  repeatedStatementRatio,
  lockHeavyUpdate,
  hotRowCounter,
  cacheableStatement,
  manyRollbacks,
  unloggedTable,
  repeatedStatement,
  slowApplicationQuery,
  queryLatency,
  slowQueryRate,
  criticalQueryRate,
  chattyRoute,
  slowRoute,
  slowFeature,
  failingRoute,
  errorRate,
  slowExternalCall,
  failingExternalCall,
  deliveryRate,
  deliveryLatency,
  deliveryFailures,
  paymentFailures,
  subscriptionsBelowBaseline,
  poolExhausted,
  oversizedPool,
  connectionLeak,
  deepOffset,
  silentApplication,
]
