// Times a query with and without indexes, by EXPLAIN (ANALYZE) in read-only transactions on the target. An index can't be hidden
// there without a write, so kinds of scans are switched off for the transaction until the plan is the one that the planner twin
// chooses without the index. Where no switch leads there, the nearest plan is timed and called so.

import type { Measured } from '../model/verify.ts'
import type { PlanNode } from '../model/what-if.ts'
import type { Session } from '../postgres/connect.ts'
import { judge, type Run, timingOf } from './compare-runs.ts'
import { indexNamesOf, shapeText } from './plan-words.ts'

export interface MeasureOptions {
  readonly runs: number
  readonly timeoutMs: number
  readonly lockTimeoutMs: number
}

/** What a query's plan must not use, and what the planner would do then. */
export interface Without {
  readonly indexNames: ReadonlySet<string>
  /** Of the planner twin; null: not known. */
  readonly plan: PlanNode | null
}

type Settings = readonly string[]

/** Throws what PostgreSQL says of the statement itself. Runs alternate, so that a drift of the machine meets both alike. */
export async function measureQuery(
  session: Session,
  sql: string,
  without: Without | null,
  options: MeasureOptions,
  signal: AbortSignal,
): Promise<Measured> {
  const forced = without === null ? null : await planWithout(session, sql, without, options)
  const run = (settings: Settings) => timeOnce(session, sql, settings, options)
  // the first run warms the cache, and is not counted
  await run([])
  const slow = forced === null ? null : await run(forced.settings)
  const series: { with: Run[]; without: Run[] } = { with: [], without: [] }
  for (let number = 0; number < options.runs; number += 1) {
    signal.throwIfAborted()
    series.with.push(await run([]))
    // a run that timed out would only do so again
    if (forced !== null && slow !== null && !slow.hasTimedOut) series.without.push(await run(forced.settings))
  }
  if (slow?.hasTimedOut === true) series.without.push(slow)
  const withTiming = timingOf(series.with)
  const withoutTiming = series.without.length === 0 ? null : timingOf(series.without)
  const withoutBy = forced?.by ?? null
  return {
    with: withTiming,
    without: withoutTiming,
    withoutBy,
    ...judge(withTiming, withoutTiming, withoutBy),
  }
}

/** Every way to switch kinds of index scans off, the mildest first. */
const KINDS = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'] as const
const SWITCHES: readonly Settings[] = [1, 2, 4, 3, 5, 6, 7].map((bits) =>
  KINDS.filter((_, place) => (bits & (1 << place)) !== 0),
)

async function planWithout(
  session: Session,
  sql: string,
  without: Without,
  options: MeasureOptions,
): Promise<{ readonly settings: Settings; readonly by: NonNullable<Measured['withoutBy']> } | null> {
  let nearest: { settings: Settings; cost: number } | null = null
  const wanted = without.plan === null ? null : shapeText(without.plan)
  for (const settings of SWITCHES) {
    const plan = await inTransaction(session, settings, options, async () =>
      planOf(await session.query('verify plan', `explain (format json) ${sql}`)),
    )
    if ([...indexNamesOf(plan)].some((name) => without.indexNames.has(name))) continue
    if (shapeText(plan) === wanted) return { settings, by: 'as planned' }
    if (nearest === null || plan['Total Cost'] < nearest.cost)
      nearest = { settings, cost: plan['Total Cost'] }
  }
  return nearest === null ? null : { settings: nearest.settings, by: 'nearest' }
}

async function timeOnce(
  session: Session,
  sql: string,
  settings: Settings,
  options: MeasureOptions,
): Promise<Run> {
  try {
    return await inTransaction(session, settings, options, async () => {
      const { rows } = await session.query(
        'verify measure',
        `explain (analyze, buffers, timing off, format json) ${sql}`,
      )
      const [explained] = Object.values(rows[0] ?? {})[0] as readonly [
        { readonly Plan: PlanNode; readonly 'Execution Time': number },
      ]
      const blocks = ['Shared Hit Blocks', 'Shared Read Blocks'].reduce(
        (sum, field) => sum + Number(explained.Plan[field] ?? 0),
        0,
      )
      return { ms: explained['Execution Time'], blocks, hasTimedOut: false }
    })
  } catch (error) {
    // query_canceled by statement_timeout
    if ((error as { code?: string }).code === '57014')
      return { ms: options.timeoutMs, blocks: 0, hasTimedOut: true }
    throw error
  }
}

function planOf({ rows }: Awaited<ReturnType<Session['query']>>): PlanNode {
  const [explained] = Object.values(rows[0] ?? {})[0] as readonly [{ readonly Plan: PlanNode }]
  return explained.Plan
}

/** Read-only, bounded, and always rolled back. */
async function inTransaction<T>(
  session: Session,
  settings: Settings,
  { timeoutMs, lockTimeoutMs }: MeasureOptions,
  work: () => Promise<T>,
): Promise<T> {
  await session.query('verify measure', 'begin transaction read only')
  try {
    const local = [
      ['statement_timeout', String(Math.round(timeoutMs))],
      ['lock_timeout', String(Math.round(lockTimeoutMs))],
      ...settings.map((name) => [name, 'off']),
    ].map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`)
    await session.query('verify measure', `select ${local.join(', ')}`)
    return await work()
  } finally {
    if (session.isOpen()) await session.query('verify measure', 'rollback')
  }
}
