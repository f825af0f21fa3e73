// Upkeep of the store, as jobs: retention, once an hour.

import { type Jobs, startJobs } from '../store/jobs.ts'
import type { OpenedStore } from '../store/postgres-store.ts'
import type { Config } from './config-schema.ts'

/** At a quarter past, so that the hour before is complete and can be folded into its sums. */
const HOURLY = '15 * * * *'

export async function startUpkeep(
  store: OpenedStore,
  config: Pick<Config, 'store' | 'logs' | 'load' | 'reports'>,
  onError: (error: Error) => void,
): Promise<Jobs> {
  const policy = {
    rawMs: config.store.keepRaw,
    hourlyMs: config.store.keepHourly,
    dailyMs: config.store.keepDaily,
    resolvedFindingsMs: config.store.keepResolved,
    slowQueriesMs: config.store.keepSlowQueries,
    slowQueriesMaxBytes: config.store.slowQueriesMaxSize,
    logsMs: config.logs.keep,
    logsMaxBytes: config.logs.maxSize,
    loadRunsMs: config.load.keep,
    loadRunsMaxBytes: config.load.maxSize,
    reportsMs: config.reports.keep,
    maxBytes: config.store.maxSize,
  }
  const retention = {
    id: 'retention',
    cron: HOURLY,
    run: async () => {
      await store.applyRetention(policy, new Date())
    },
  }
  return startJobs(store.database, [retention], { onError })
}
