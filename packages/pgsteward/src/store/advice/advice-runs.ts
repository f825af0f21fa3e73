// Runs of advise, the last ones of each target with their reports.

import type { AdviceRun } from '../../model/advice-run.ts'
import { fromJson, type Sql, toJson } from '../database.ts'

/** A month of daily runs; a report is some 100 kB. */
const KEPT_RUNS = 30

export type AdviceOutcome = Pick<AdviceRun, 'because' | 'workload' | 'report'> & {
  readonly status: 'done' | 'failed'
}

export async function startAdvice(sql: Sql, targetId: number, at: Date): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into pgsteward.advice_run (target_id, started_at, status) values ($1, $2, 'running') returning id::text as id`,
    [targetId, at],
  )
  return row!.id
}

export async function finishAdvice(sql: Sql, id: string, outcome: AdviceOutcome, at: Date): Promise<void> {
  const json = (value: unknown) => (value === null ? null : toJson(value))
  await sql.query(
    `update pgsteward.advice_run r
        set finished_at = $2, status = $3, because = $4, workload = $5::jsonb, report = $6::jsonb
      where r.id = $1`,
    [id, at, outcome.status, outcome.because, json(outcome.workload), json(outcome.report)],
  )
  // failures must not push out the last advice that there is
  await sql.query(
    `delete from pgsteward.advice_run r
      using pgsteward.advice_run mine
      where mine.id = $1 and r.target_id = mine.target_id
        and r.id not in (select k.id from pgsteward.advice_run k where k.target_id = mine.target_id
                          order by k.id desc limit ${KEPT_RUNS})
        and r.id <> (select coalesce(max(d.id), 0) from pgsteward.advice_run d
                      where d.target_id = mine.target_id and d.status = 'done')`,
    [id],
  )
}

/** Those that began before a moment and have no end: who ran them is no more. */
export async function endLostAdvice(sql: Sql, startedBefore: Date, because: string, at: Date): Promise<void> {
  await sql.query(
    `update pgsteward.advice_run r set status = 'failed', because = $2, finished_at = $3
      where r.status = 'running' and r.started_at < $1`,
    [startedBefore, because, at],
  )
}

interface RunRow extends Omit<AdviceRun, 'report' | 'workload'> {
  readonly workload: unknown
}

const COLUMNS = `r.id::text as id, r.started_at as "startedAt", r.finished_at as "finishedAt", r.status, r.because, r.workload`

export interface AdviceReader {
  readonly latest: (sql: Sql, targetId: number) => Promise<AdviceRun | null>
  readonly done: (sql: Sql, targetId: number) => Promise<AdviceRun | null>
}

/** Checks ask at each reading, and the report changes once a day: the last one of each target is kept at hand. */
export function adviceReader(): AdviceReader {
  const known = new Map<number, AdviceRun>()
  const complete = async (sql: Sql, targetId: number, row: RunRow | undefined) => {
    if (row === undefined) return null
    const atHand = known.get(targetId)
    if (atHand?.id === row.id) return atHand
    const run = { ...row, workload: fromJson(row.workload) as AdviceRun['workload'] }
    if (row.status !== 'done') return { ...run, report: null }
    const [{ report } = { report: null }] = await sql.query<{ report: unknown }>(
      'select r.report from pgsteward.advice_run r where r.id = $1',
      [row.id],
    )
    const done: AdviceRun = { ...run, report: report as AdviceRun['report'] }
    known.set(targetId, done)
    return done
  }
  return {
    latest: async (sql, targetId) => {
      const [row] = await sql.query<RunRow>(
        `select ${COLUMNS} from pgsteward.advice_run r where r.target_id = $1 order by r.id desc limit 1`,
        [targetId],
      )
      return await complete(sql, targetId, row)
    },
    done: async (sql, targetId) => {
      const [row] = await sql.query<RunRow>(
        `select ${COLUMNS} from pgsteward.advice_run r
          where r.target_id = $1 and r.status = 'done' order by r.id desc limit 1`,
        [targetId],
      )
      return await complete(sql, targetId, row)
    },
  }
}
