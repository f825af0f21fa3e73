// Baselines by name, and the comparisons that were made.

import type { Baseline } from '../../model/baseline.ts'
import type { Comparison, Design, Verdict } from '../../model/comparison.ts'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import { decodeLatencies, mergeLatencies, percentileMs } from '../../stats/latency-histogram.ts'
import { fromJson, type Sql, toJson } from '../database.ts'

export interface KeptBaseline {
  readonly id: string
  readonly name: string
  readonly scenario: Baseline['scenario']
  readonly hostClass: string
  readonly status: Baseline['status']
  readonly createdAt: Date
  readonly promotedAt: Date | null
  readonly promotedBy: string | null
  readonly promotedWhy: string | null
  readonly runIds: readonly string[]
  readonly p50Ms: number | null
  readonly p95Ms: number | null
}

export interface KeptComparison {
  readonly id: string
  readonly at: Date
  readonly base: string
  readonly head: string
  readonly baseIds: readonly string[]
  readonly headIds: readonly string[]
  readonly design: Design
  readonly verdict: Verdict
  readonly summary: string
}

const BASELINE = `b.id::text as id, b.name, b.scenario_id, b.scenario_hash, b.host_class as "hostClass", b.status,
  b.created_at as "createdAt", b.promoted_at as "promotedAt", b.promoted_by as "promotedBy", b.promoted_why as "promotedWhy",
  b.run_ids as "runIds", b.p50_ms as "p50Ms", b.p95_ms as "p95Ms"`

type BaselineRow = Omit<KeptBaseline, 'scenario'> & {
  readonly scenario_id: string
  readonly scenario_hash: string
}

/** One of each name, scenario and class of host: the newer replaces the one before. The id. */
export async function saveBaseline(sql: Sql, baseline: Baseline): Promise<string> {
  const together = mergedPercentiles(baseline)
  const [row] = await sql.query<{ id: string }>(
    `insert into pgsteward.load_baseline as b (name, scenario_id, scenario_hash, host_class, status, created_at, promoted_at,
            promoted_by, promoted_why, run_ids, p50_ms, p95_ms, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb)
     on conflict (name, scenario_id, host_class) do update
        set scenario_hash = excluded.scenario_hash, status = excluded.status, created_at = excluded.created_at,
            promoted_at = excluded.promoted_at, promoted_by = excluded.promoted_by, promoted_why = excluded.promoted_why,
            run_ids = excluded.run_ids, p50_ms = excluded.p50_ms, p95_ms = excluded.p95_ms, body = excluded.body
     returning b.id::text as id`,
    [
      baseline.name,
      baseline.scenario.id,
      baseline.scenario.hash,
      baseline.hostClass,
      baseline.status,
      baseline.createdAt,
      baseline.promoted?.at ?? null,
      baseline.promoted?.by ?? null,
      baseline.promoted?.reason ?? null,
      baseline.runs.map(({ id }) => id),
      together.p50Ms,
      together.p95Ms,
      toJson(baseline),
    ],
  )
  return row!.id
}

export async function baselines(sql: Sql): Promise<readonly KeptBaseline[]> {
  const rows = await sql.query<BaselineRow>(
    `select ${BASELINE} from pgsteward.load_baseline b order by b.name, b.scenario_id, b.created_at desc limit 500`,
  )
  return rows.map(({ scenario_id: id, scenario_hash: hash, ...row }) => ({ ...row, scenario: { id, hash } }))
}

export async function baseline(sql: Sql, id: string): Promise<Baseline | null> {
  const [row] = await sql.query<{ body: unknown }>(
    'select b.body from pgsteward.load_baseline b where b.id::text = $1',
    [id],
  )
  return row === undefined ? null : (fromJson(row.body) as Baseline)
}

function mergedPercentiles({ runs }: Baseline): { p50Ms: number | null; p95Ms: number | null } {
  const texts = runs.flatMap(
    ({ series }) => series.find(({ name }) => name === ALL_REQUESTS)?.histogram ?? [],
  )
  if (texts.length === 0) return { p50Ms: null, p95Ms: null }
  try {
    const all = mergeLatencies(texts.map(decodeLatencies))
    return { p50Ms: percentileMs(all, 0.5), p95Ms: percentileMs(all, 0.95) }
  } catch {
    // a text that is no histogram: the comparison says so
    return { p50Ms: null, p95Ms: null }
  }
}

export interface MadeComparison {
  readonly base: string
  readonly head: string
  readonly baseIds: readonly string[]
  readonly headIds: readonly string[]
  readonly comparison: Comparison
}

/** The same question again replaces its answer. */
export async function saveComparison(sql: Sql, made: MadeComparison, at: Date): Promise<void> {
  const { base, head, baseIds, headIds, comparison } = made
  await sql.query(
    `insert into pgsteward.load_comparison as c (at, scenario_id, base, head, base_ids, head_ids, design, verdict, summary, body)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
     on conflict (base, head) do update
        set at = excluded.at, scenario_id = excluded.scenario_id, base_ids = excluded.base_ids, head_ids = excluded.head_ids,
            design = excluded.design, verdict = excluded.verdict, summary = excluded.summary, body = excluded.body`,
    [
      at,
      comparison.scenario?.id ?? null,
      base,
      head,
      baseIds,
      headIds,
      comparison.design,
      comparison.verdict,
      comparison.summary,
      toJson(comparison),
    ],
  )
}

const COMPARISON = `c.id::text as id, c.at, c.base, c.head, c.base_ids as "baseIds", c.head_ids as "headIds", c.design, c.verdict, c.summary`

/** Those in which one of the runs is the head, the latest first; all when none is given. */
export async function comparisons(
  sql: Sql,
  headIds: readonly string[] | null,
  limit: number,
): Promise<readonly KeptComparison[]> {
  return await sql.query<KeptComparison>(
    `select ${COMPARISON} from pgsteward.load_comparison c
      where $1::text[] is null or c.head_ids && $1::text[]
      order by c.at desc, c.id desc limit $2`,
    [headIds, limit],
  )
}
