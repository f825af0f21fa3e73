// The store's side of maintenance: jobs, their decisions, and every attempt. One process claims a job; a decision stands before it runs.

import type {
  JobDraft,
  JobRun,
  JobSettlement,
  JobState,
  MaintenanceJob,
  RunMark,
  StepResult,
} from '../model/maintenance.ts'
import type { StoreDatabase } from './database.ts'
import { fromJson, type Sql, toJson } from './database.ts'
import type { Names } from './names.ts'

export interface JobFilter {
  readonly targetId?: string
  readonly states?: readonly JobState[]
  /** The latest first. Default: 200. */
  readonly limit?: number
}

export interface JobDecision {
  readonly at: Date
  readonly actor: string
  readonly action: 'approve' | 'reject'
  readonly reason: string
}

export interface MaintenanceStore {
  /** Null: a job for the same reason is open. */
  proposeJob(targetId: string, draft: JobDraft, at: Date): Promise<string | null>
  jobs(filter: JobFilter): Promise<readonly MaintenanceJob[]>
  job(id: string): Promise<MaintenanceJob | null>
  /** The latest that ended done, of a target and origin; null: none was. */
  lastDoneAt(targetId: string, origin: JobDraft['origin']): Promise<Date | null>
  /** Records the decision, then lets the job go on or end. False: it is not waiting for one. */
  decideJob(id: string, decision: JobDecision): Promise<boolean>
  /** From approved to running, for the caller alone; null: nothing is due. */
  claimJob(targetId: string, at: Date): Promise<MaintenanceJob | null>
  startRun(jobId: string, step: number, at: Date, mark: RunMark): Promise<string>
  /** The attempt's end, `runId` null where nothing was begun, and what it leaves the job in, together. */
  settle(
    job: MaintenanceJob,
    runId: string | null,
    result: StepResult,
    settlement: JobSettlement,
    at: Date,
  ): Promise<void>
  /** The latest first. */
  runs(jobId: string): Promise<readonly JobRun[]>
}

export function maintenanceStore(database: StoreDatabase, names: Names): MaintenanceStore {
  return {
    proposeJob: async (targetId, draft, at) => proposeJob(database, await names.target(targetId), draft, at),
    jobs: (filter) => jobs(database, filter),
    job: async (id) => (await jobs(database, { limit: 1 }, id))[0] ?? null,
    lastDoneAt: async (targetId, { kind, key }) => {
      const [row] = await database.query<{ at: Date | null }>(
        `select max(j.ended_at) as at from pgsteward.maintenance_job j join pgsteward.target t on t.id = j.target_id
          where t.name = $1 and j.origin = $2 and j.origin_key = $3 and j.state = 'done'`,
        [targetId, kind, key],
      )
      return row?.at ?? null
    },
    decideJob: (id, decision) => database.transaction((tx) => decideJob(tx, id, decision)),
    claimJob: async (targetId, at) => {
      const [row] = await database.query<{ id: string }>(
        `update pgsteward.maintenance_job j set state = 'running'
          where j.id = (select c.id from pgsteward.maintenance_job c join pgsteward.target t on t.id = c.target_id
                         where t.name = $1 and c.state = 'approved' and (c.not_before is null or c.not_before <= $2)
                           and not exists (select from pgsteward.maintenance_job r
                                            where r.target_id = c.target_id and r.state = 'running')
                         order by c.next_step > 0 desc, c.id limit 1)
            and j.state = 'approved'
         returning j.id::text as id`,
        [targetId, at],
      )
      return row === undefined ? null : ((await jobs(database, { limit: 1 }, row.id))[0] ?? null)
    },
    startRun: async (jobId, step, at, mark) => {
      const [row] = await database.query<{ id: string }>(
        `insert into pgsteward.maintenance_run (job_id, step, started_at, mark) values ($1, $2, $3, $4::jsonb)
         returning id::text as id`,
        [jobId, step, at, toJson(mark)],
      )
      return row!.id
    },
    settle: (job, runId, result, settlement, at) =>
      database.transaction((tx) => settle(tx, job, runId, result, settlement, at)),
    runs: (jobId) => runs(database, jobId),
  }
}

async function proposeJob(sql: Sql, targetId: number, draft: JobDraft, at: Date): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `insert into pgsteward.maintenance_job
            (target_id, origin, origin_key, because, steps, undo, lock, caution, state, created_at)
     values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, 'proposed', $9)
     on conflict do nothing returning id::text as id`,
    [
      targetId,
      draft.origin.kind,
      draft.origin.key,
      draft.because,
      toJson(draft.steps),
      draft.undo === null ? null : toJson(draft.undo),
      draft.lock,
      draft.caution,
      at,
    ],
  )
  return row?.id ?? null
}

interface JobRow extends Omit<MaintenanceJob, 'origin' | 'steps' | 'undo' | 'last'> {
  readonly origin: JobDraft['origin']['kind']
  readonly originKey: string
  readonly steps: unknown
  readonly undo: unknown
  readonly lastOutcome: StepResult['outcome'] | null
  readonly lastBecause: string | null
}

async function jobs(
  sql: Sql,
  filter: JobFilter,
  id: string | null = null,
): Promise<readonly MaintenanceJob[]> {
  const rows = await sql.query<JobRow>(
    `select j.id::text as id, t.name as "targetId", j.origin, j.origin_key as "originKey", j.because, j.steps, j.undo,
            j.lock, j.caution, j.state, j.decision_id::text as "decisionId", d.actor as "decidedBy",
            j.next_step as "nextStep", j.attempts, j.not_before as "notBefore", j.created_at as "createdAt",
            j.ended_at as "endedAt", j.last_outcome as "lastOutcome", j.last_because as "lastBecause"
       from pgsteward.maintenance_job j
       join pgsteward.target t on t.id = j.target_id
       left join pgsteward.decision d on d.id = j.decision_id
      where ($1::text is null or t.name = $1) and ($2::text[] is null or j.state = any($2))
        and ($4::text is null or j.id::text = $4)
      order by j.id desc limit $3`,
    [filter.targetId ?? null, filter.states ?? null, filter.limit ?? 200, id],
  )
  return rows.map(({ origin, originKey, steps, undo, lastOutcome, lastBecause, ...row }) => ({
    ...row,
    origin: { kind: origin, key: originKey },
    steps: fromJson(steps) as MaintenanceJob['steps'],
    undo: undo === null ? null : (fromJson(undo) as readonly string[]),
    last: lastOutcome === null ? null : { outcome: lastOutcome, because: lastBecause ?? '' },
  }))
}

async function decideJob(tx: Sql, id: string, decision: JobDecision): Promise<boolean> {
  const { at, actor, action, reason } = decision
  const [job] = await tx.query<{ target_id: number; origin: string; origin_key: string }>(
    `select j.target_id, j.origin, j.origin_key from pgsteward.maintenance_job j
      where j.id::text = $1 and (j.state = 'proposed' or (j.state = 'approved' and $2 = 'reject')) for update`,
    [id, action],
  )
  if (job === undefined) return false
  const [recorded] = await tx.query<{ id: string }>(
    `insert into pgsteward.decision (target_id, at, actor, action, finding_key, reason, expires_at, job_id)
     values ($1, $2, $3, $4, $5, $6, null, $7) returning id::text as id`,
    [job.target_id, at, actor, action, job.origin === 'finding' ? job.origin_key : null, reason, id],
  )
  await tx.query(
    `update pgsteward.maintenance_job j
        set state = $2, decision_id = $3, ended_at = case when $2 = 'rejected' then $4::timestamptz end
      where j.id::text = $1`,
    [id, action === 'approve' ? 'approved' : 'rejected', recorded!.id, at],
  )
  return true
}

async function settle(
  tx: Sql,
  job: MaintenanceJob,
  runId: string | null,
  result: StepResult,
  { state, nextStep, attempts, notBefore }: JobSettlement,
  at: Date,
): Promise<void> {
  const { before: _, ...kept } = result
  if (runId !== null)
    await tx.query(
      `update pgsteward.maintenance_run r set ended_at = $2, result = $3::jsonb where r.id::text = $1`,
      [runId, at, toJson(kept)],
    )
  await tx.query(
    `update pgsteward.maintenance_job j
        set state = $2, next_step = $3, attempts = $4, not_before = $5, last_outcome = $6, last_because = $7,
            ended_at = case when $2 in ('done', 'failed') then $8::timestamptz end
      where j.id::text = $1`,
    [job.id, state, nextStep, attempts, notBefore, result.outcome, result.because, at],
  )
}

async function runs(sql: Sql, jobId: string): Promise<readonly JobRun[]> {
  const rows = await sql.query<Omit<JobRun, 'mark' | 'result'> & { mark: unknown; result: unknown }>(
    `select r.id::text as id, r.job_id::text as "jobId", r.step, r.started_at as "startedAt", r.ended_at as "endedAt",
            r.mark, r.result
       from pgsteward.maintenance_run r where r.job_id::text = $1 order by r.id desc limit 500`,
    [jobId],
  )
  return rows.map((row) => ({
    ...row,
    mark: fromJson(row.mark) as RunMark,
    result: row.result === null ? null : (fromJson(row.result) as JobRun['result']),
  }))
}
