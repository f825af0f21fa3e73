// Load runs in the store: small columns for lists and histories, the body for the page of one run.

import { ALL_REQUESTS, type LoadRun } from '../../model/load-run.ts'
import type { Bytes } from '../../model/units.ts'
import { fromJson, type Sql, toJson } from '../database.ts'
import { thinRun } from './load-thin.ts'

/** What lists show of a run. */
export interface KeptRun {
  readonly id: string
  readonly startedAt: Date
  readonly durationMs: number
  readonly scenario: LoadRun['scenario']
  readonly engine: LoadRun['engine']['name']
  readonly target: string | null
  readonly targetId: string | null
  readonly ended: LoadRun['ended']
  readonly requests: number
  readonly errors: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  /** Reasons in words. */
  readonly invalid: readonly string[]
  readonly thresholds: number
  /** Texts of those that are not met. */
  readonly crossed: readonly string[]
  readonly hostClass: string
  readonly gitSha: string | null
  readonly branch: string | null
  readonly experimentId: string | null
  readonly experimentSide: 'base' | 'head' | null
  readonly leftOut: readonly string[]
}

/** One endpoint of one run. */
export interface RunFigure {
  readonly run: KeptRun
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

const COLUMNS = `r.id, r.started_at as "startedAt", r.duration_ms as "durationMs", r.scenario, r.engine, r.target,
  r.target_id as "targetId", r.ended, r.requests, r.errors, r.p50_ms as "p50Ms", r.p95_ms as "p95Ms", r.p99_ms as "p99Ms",
  r.invalid, r.thresholds, r.crossed, r.host_class as "hostClass", r.git_sha as "gitSha", r.branch,
  r.experiment_id as "experimentId", r.experiment_side as "experimentSide", r.left_out as "leftOut"`

/** The same run again replaces what was kept of it. */
export async function saveRun(tx: Sql, whole: LoadRun, at: Date): Promise<void> {
  const { run, leftOut } = thinRun(whole)
  const all = run.series.find(({ name }) => name === ALL_REQUESTS)?.percentiles
  await tx.query('delete from pgsteward.load_run r where r.id = $1', [run.id])
  await tx.query(
    `insert into pgsteward.load_run (id, received_at, started_at, duration_ms, scenario_id, scenario, engine, target, target_id,
            ended, requests, errors, p50_ms, p95_ms, p99_ms, invalid, thresholds, crossed, host_class, git_sha, branch,
            experiment_id, experiment_side, left_out, body_bytes, body)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, 0,
             $25::jsonb)`,
    [
      run.id,
      at,
      run.startedAt,
      run.durationMs,
      run.scenario.id,
      toJson(run.scenario),
      run.engine.name,
      run.target,
      run.database?.targetId ?? null,
      run.ended,
      run.requests.count,
      run.requests.errors,
      all?.p50Ms ?? null,
      all?.p95Ms ?? null,
      all?.p99Ms ?? null,
      run.invalid.map(({ reason, detail }) => (detail === '' ? reason : detail)),
      run.thresholds.length,
      run.thresholds.filter(({ isMet }) => !isMet).map(({ text }) => text),
      run.environment.hostClass,
      run.git?.sha ?? null,
      run.git?.branch ?? null,
      run.experiment?.id ?? null,
      run.experiment?.side ?? null,
      leftOut,
      toJson(run),
    ],
  )
  // as it lies on disk, compressed
  await tx.query(
    'update pgsteward.load_run r set body_bytes = pg_catalog.pg_column_size(r.body) where r.id = $1',
    [run.id],
  )
  const column = <T>(of: (series: LoadRun['series'][number]) => T) => run.series.map(of)
  await tx.query(
    `insert into pgsteward.load_run_series (run_id, place, name, feature, count, errors, p50_ms, p90_ms, p95_ms, p99_ms)
     select $1, s.place, s.name, s.feature, s.count, s.errors, s.p50, s.p90, s.p95, s.p99
       from unnest($2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
            with ordinality as s (name, feature, count, errors, p50, p90, p95, p99, place)`,
    [
      run.id,
      column(({ name }) => name),
      column(({ feature }) => feature),
      column(({ count }) => count),
      column(({ errors }) => errors),
      column(({ percentiles }) => percentiles.p50Ms),
      column(({ percentiles }) => percentiles.p90Ms),
      column(({ percentiles }) => percentiles.p95Ms),
      column(({ percentiles }) => percentiles.p99Ms),
    ],
  )
}

export interface RunFilter {
  readonly scenario?: string
  readonly limit: number
}

/** The latest first. */
export async function loadRuns(sql: Sql, { scenario, limit }: RunFilter): Promise<readonly KeptRun[]> {
  return await sql.query<KeptRun>(
    `select ${COLUMNS} from pgsteward.load_run r
      where $1::text is null or r.scenario_id = $1
      order by r.started_at desc, r.id collate "C" desc limit $2`,
    [scenario ?? null, limit],
  )
}

/** The body is null where it went for the store's size. */
export async function loadRun(
  sql: Sql,
  id: string,
): Promise<{ readonly kept: KeptRun; readonly run: LoadRun | null } | null> {
  const [row] = await sql.query<KeptRun & { readonly body: unknown }>(
    `select ${COLUMNS}, r.body from pgsteward.load_run r where r.id = $1`,
    [id],
  )
  if (row === undefined) return null
  const { body, ...kept } = row
  return { kept, run: body === null ? null : (fromJson(body) as LoadRun) }
}

/** The oldest first; `series` as runs name them. Runs that have no such endpoint are left out. */
export async function runFigures(
  sql: Sql,
  scenario: string,
  series: string,
  limit: number,
): Promise<readonly RunFigure[]> {
  const rows = await sql.query<KeptRun & Record<'s50' | 's90' | 's95' | 's99', number | null>>(
    `select ${COLUMNS}, s.p50_ms as s50, s.p90_ms as s90, s.p95_ms as s95, s.p99_ms as s99
       from pgsteward.load_run r join pgsteward.load_run_series s on s.run_id = r.id and s.name = $2
      where r.scenario_id = $1
      order by r.started_at desc, r.id collate "C" desc, s.place limit $3`,
    [scenario, series, limit],
  )
  return rows.toReversed().map(({ s50, s90, s95, s99, ...run }) => ({
    run,
    p50Ms: s50,
    p90Ms: s90,
    p95Ms: s95,
    p99Ms: s99,
  }))
}

/** Ids of one side of an experiment, the oldest first. */
export async function experimentRuns(sql: Sql, experiment: string, side: string): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>(
    `select r.id from pgsteward.load_run r
      where r.experiment_id = $1 and r.experiment_side = $2
      order by r.started_at, r.id collate "C" limit 200`,
    [experiment, side],
  )
  return rows.map(({ id }) => id)
}

/** Runs and comparisons past their time go; beyond the size the bodies of the oldest runs, while their figures stay. */
export async function pruneLoad(sql: Sql, before: Date): Promise<void> {
  await sql.query('delete from pgsteward.load_run r where r.started_at < $1', [before])
  await sql.query('delete from pgsteward.load_comparison c where c.at < $1', [before])
}

export async function boundLoad(sql: Sql, maxBytes: Bytes): Promise<void> {
  await sql.query(
    `update pgsteward.load_run r set body = null, body_bytes = 0, left_out = r.left_out || 'body'::text
       from (select o.id, sum(o.body_bytes) over (order by o.started_at desc, o.id) as bytes
               from pgsteward.load_run o where o.body is not null) newer
      where r.id = newer.id and newer.bytes > $1`,
    [maxBytes],
  )
}
