// Jobs that survive a restart: cron, retries, one run at a time per target. pg-boss on the store's own database and pool.

import { type Job as BossJob, PgBoss } from 'pg-boss'
import type { Milliseconds } from '../model/units.ts'
import type { StoreDatabase } from './database.ts'
import { jobError } from './job-error.ts'

export interface Job {
  readonly id: string
  /** Five fields, UTC. Absent: it runs on request only. */
  readonly cron?: string
  /** A run that takes longer is given up and tried again. Default: an hour. */
  readonly limitMs?: Milliseconds
  /** Runs after a failure or an end of the process in the middle: it must be safe to begin again. Default: 2. */
  readonly retries?: number
  readonly run: (request: JobRequest, signal: AbortSignal) => Promise<void>
}

export interface JobRequest {
  /** Null: a job about no target in particular, as all scheduled ones are. */
  readonly targetId: string | null
}

export interface Jobs {
  /** False when the same job for the same target waits already. It starts at once when none is running. */
  readonly request: (jobId: string, targetId?: string) => Promise<boolean>
  /** Lets running jobs end, up to 30 s. */
  readonly stop: () => Promise<void>
}

export interface JobsOptions {
  readonly onError?: (error: Error) => void
  /** How often each job's queue is looked at for what other processes or the cron have put there. */
  readonly pollMs?: Milliseconds
  /** A run whose process has not been heard of for this long is given to another one. */
  readonly silenceMs?: Milliseconds
  readonly superviseMs?: Milliseconds
}

export const JOBS_SCHEMA = 'pgsteward_jobs'

/** A request made here wakes its worker; polling only finds what comes from elsewhere, and cron has a grain of a minute anyway. */
const POLL_MS = 30_000
const SILENCE_MS = 60_000
const SUPERVISE_MS = 60_000
const HOUR_SECONDS = 3_600
const STOP_WITHIN_MS = 30_000

/** Makes pg-boss's schema the first time, some hundred milliseconds. Stop the jobs before the store is closed. */
export async function startJobs(
  database: StoreDatabase,
  jobs: readonly Job[],
  options: JobsOptions = {},
): Promise<Jobs> {
  const boss = new PgBoss({
    schema: JOBS_SCHEMA,
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    // pg-boss's own adapter for PGlite would speak on the one session in the middle of our transactions, and roll them back
    db: { executeSql: async (text, values) => ({ rows: [...(await database.query(text, values))] }) },
    superviseIntervalSeconds: seconds(options.superviseMs ?? SUPERVISE_MS),
    monitorIntervalSeconds: seconds(options.superviseMs ?? SUPERVISE_MS),
    cronMonitorIntervalSeconds: 45,
    cronWorkerIntervalSeconds: seconds(Math.min(options.pollMs ?? POLL_MS, 45_000)),
    queueCacheIntervalSeconds: 600,
    // flows and background migrations are not used here
    flowIntervalSeconds: 3_600,
    bamIntervalSeconds: 3_600,
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', (told: unknown) => options.onError?.(jobError(told)))
  await boss.start()
  const workers = new Map<string, string>()
  for (const job of jobs) workers.set(job.id, await register(boss, database, job, options))
  return {
    request: async (jobId, targetId) => {
      const sent = await boss.send(jobId, { targetId: targetId ?? null }, { singletonKey: targetId ?? '' })
      const worker = workers.get(jobId)
      if (worker !== undefined) boss.notifyWorker(worker)
      return sent !== null
    },
    stop: () => boss.stop({ graceful: true, close: false, timeout: STOP_WITHIN_MS }),
  }
}

async function register(
  boss: PgBoss,
  database: StoreDatabase,
  job: Job,
  options: JobsOptions,
): Promise<string> {
  const settings = {
    expireInSeconds: job.limitMs === undefined ? HOUR_SECONDS : seconds(job.limitMs),
    retryLimit: job.retries ?? 2,
    heartbeatSeconds: seconds(options.silenceMs ?? SILENCE_MS),
    deleteAfterSeconds: 24 * HOUR_SECONDS,
  }
  // stately: for a key one waits and one runs, so a slow run is followed by one more and not by a queue of them
  await boss.createQueue(job.id, { policy: 'stately', ...settings })
  await boss.updateQueue(job.id, settings)
  if (database.kind === 'embedded') await giveBackUnfinished(boss, database, job.id)
  if (job.cron === undefined) await boss.unschedule(job.id)
  else await boss.schedule(job.id, job.cron, { targetId: null }, { tz: 'UTC', singletonKey: '' })
  return await boss.work<JobRequest>(
    job.id,
    { pollingIntervalSeconds: seconds(options.pollMs ?? POLL_MS) },
    async ([claimed]: BossJob<JobRequest>[]) => {
      if (claimed === undefined) return
      try {
        await job.run({ targetId: claimed.data.targetId }, claimed.signal)
      } catch (error) {
        options.onError?.(error as Error)
        throw error
      }
    },
  )
}

/** The folder's lock says that whoever was running these is gone; there is no need to wait for its silence. */
async function giveBackUnfinished(boss: PgBoss, database: StoreDatabase, jobId: string): Promise<void> {
  const unfinished = await database.query<{ id: string }>(
    `select j.id::text as id from ${JOBS_SCHEMA}.job j where j.name = $1 and j.state = 'active'`,
    [jobId],
  )
  for (const { id } of unfinished) await boss.fail(jobId, id, { message: 'the process ended in the middle' })
}

function seconds(ms: Milliseconds): number {
  return Math.max(1, Math.round(ms / 1_000))
}
