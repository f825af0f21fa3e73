// Takes the plans of a case from a real server: as it ran, and generic.

import type pg from 'pg'
import type { PlanNode } from '../../src/model/what-if.ts'
import type { InsightCase } from './insight-cases.ts'

export interface CapturedPlans {
  readonly analyzed: PlanNode
  readonly generic: PlanNode
}

export interface ExplainDocument {
  readonly Plan: PlanNode
  readonly JIT?: unknown
}

/** `client` may be in any database that the case's setup was run in. */
/** `clock` off: shares come out the same however busy the machine is. */
export async function capturePlans(
  client: pg.Client,
  one: InsightCase,
  clock: 'on' | 'off' = 'on',
): Promise<CapturedPlans> {
  await client.query('begin')
  try {
    for (const setting of one.settings ?? []) await client.query(`set local ${setting}`)
    await client.query("set local plan_cache_mode = 'force_custom_plan'")
    await client.query(`prepare captured as ${one.statement}`)
    const values = one.values.map((value) => `'${value}'`).join(', ')
    const execute = values === '' ? 'execute captured' : `execute captured (${values})`
    const analyzed = await explain(client, `analyze, buffers, timing ${clock}, `, execute)
    await client.query("set local plan_cache_mode = 'force_generic_plan'")
    const generic = await explain(client, '', execute)
    await client.query('deallocate captured')
    return { analyzed, generic }
  } finally {
    await client.query('rollback')
  }
}

async function explain(client: pg.Client, options: string, statement: string): Promise<PlanNode> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly ExplainDocument[] }>(
    `explain (${options}verbose, format json) ${statement}`,
  )
  const { Plan, JIT } = rows[0]!['QUERY PLAN'][0]!
  return JIT === undefined ? Plan : { ...Plan, JIT }
}

/** Rows of its tables, as readers of generic plans are told them. */
export async function tableRowsOf(client: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; rows: number }>(
    `select c.relname as name, c.reltuples::float8 as rows from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
  )
  return new Map(rows.map((row) => [row.name, row.rows]))
}
