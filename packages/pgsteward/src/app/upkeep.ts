// Upkeep of the store, as jobs: retention, once an hour.

import { type Jobs, startJobs } from '../store/jobs.ts'
import type { OpenedStore } from '../store/postgres-store.ts'
import type { RetentionPolicy } from '../store/store.ts'
import type { Config } from './config/config-schema.ts'

/** At a quarter past, so that the hour before is complete and can be folded into its sums. */
const HOURLY = '15 * * * *'

type Kept = 'store' | 'logs' | 'load' | 'reports' | 'server'

/** What the configuration lets be kept, and for how long. */
export function retentionPolicy(config: Pick<Config, Kept>): RetentionPolicy {
  return {
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
    auditMs: config.server.keepAudit,
    maxBytes: config.store.maxSize,
  }
}

export async function startUpkeep(
  store: OpenedStore,
  config: Pick<Config, Kept>,
  onError: (error: Error) => void,
): Promise<Jobs> {
  const policy = retentionPolicy(config)
  const retention = {
    id: 'retention',
    cron: HOURLY,
    run: async () => {
      await store.applyRetention(policy, new Date())
    },
  }
  return startJobs(store.database, [retention], { onError })
}
