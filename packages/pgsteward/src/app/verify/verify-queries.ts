// The key queries of verify: planned by the target as it is, by a planner twin without the indexes that they use, and timed on the
// target when that is asked for.

import { fillIn } from '../../advise/sample-parameters.ts'
import type { Workload, WorkloadStatement } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { VerifiedIndex, VerifiedQuery } from '../../model/verify.ts'
import type { NotPlanned, Parameters, PlanNode, Planned } from '../../model/what-if.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import type { Parser } from '../../sql/parse/parse-statements.ts'
import { qualified } from '../../sql/quote.ts'
import { type PlanningTarget, planningTarget } from '../../twin/agreement.ts'
import { buildTwin } from '../../twin/build-twin.ts'
import type { TwinPlanner } from '../../twin/planner.ts'
import { readTarget } from '../../twin/statistics/read-target.ts'
import type { Compared } from '../../verify/compare-indexes.ts'
import { reasonNotToRun } from '../../verify/is-plain-select.ts'
import { measureQuery } from '../../verify/measure-query.ts'
import { indexNamesOf, plannedQuery } from '../../verify/plan-words.ts'
import type { ActualIndex } from '../../verify/read-actual-indexes.ts'
import { chooseHost, inPrivateFolder } from '../twin/twin-source.ts'

export interface QueriesRequest {
  readonly url: string
  /** Executes the key queries on the target. */
  readonly measure: { readonly runs: number; readonly timeoutMs: Milliseconds } | null
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

const PLAN_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 1_000

/** A query made ready, and what its plan said. */
interface Asked {
  readonly statement: WorkloadStatement
  readonly sql: string
  readonly parameters: Parameters
  readonly plan: PlanNode | null
  readonly error: string | null
  readonly used: readonly { readonly name: string; readonly actual: ActualIndex }[]
  /** Those that can be thought away: no constraint needs them. */
  readonly hideable: readonly ActualIndex[]
}

export async function verifyQueries(
  workload: Workload,
  compared: Compared,
  session: Session,
  parse: Parser,
  request: QueriesRequest,
  notes: string[],
): Promise<readonly VerifiedQuery[]> {
  const { url, onProgress, signal } = request
  const planning = await openSession(url, {
    purpose: 'verify',
    statementTimeoutMs: PLAN_TIMEOUT_MS,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
  })
  try {
    const target = await planningTarget(planning)
    const asked: Asked[] = []
    for (const statement of workload.statements) {
      signal.throwIfAborted()
      asked.push(await ask(statement, target, compared))
    }
    const plans = await plansWithout(asked, session, request, notes)
    const queries: VerifiedQuery[] = []
    for (const [place, each] of asked.entries()) {
      signal.throwIfAborted()
      const without = plans[place] ?? null
      if (request.measure !== null)
        onProgress(`measuring ${place + 1} of ${asked.length}: ${each.statement.id}`)
      queries.push({
        id: each.statement.id,
        sql: each.statement.sql,
        plan: each.plan === null ? null : plannedQuery(each.plan),
        error: each.error,
        uses: each.used.map(({ name }) => name),
        without: without === null ? null : plannedQuery(without),
        ...(await measured(each, without, planning, parse, request)),
      })
    }
    return queries
  } finally {
    await planning.close()
  }
}

async function ask(statement: WorkloadStatement, target: PlanningTarget, compared: Compared): Promise<Asked> {
  const variant = statement.variants[0]
  const sql = variant === undefined ? statement.sql : fillIn(statement.sql, variant)
  let parameters: Parameters = { kind: 'none' }
  let answer: Planned | NotPlanned = await target.explain(sql, parameters)
  // undefined_parameter: a $1 without a value
  if ('error' in answer && answer.error.sqlState === '42P02') {
    parameters = { kind: 'generic' }
    answer = await target.explain(sql, parameters)
  }
  const plan = 'error' in answer ? null : answer.plan
  const names = plan === null ? new Set<string>() : indexNamesOf(plan)
  const pairs = compared.indexes.flatMap((index, place) => {
    const actual = compared.actual[place]
    const isUsed = actual?.planned.some(({ name }) => names.has(name)) === true
    return isUsed ? [{ index, name: fullName(index), actual: actual! }] : []
  })
  return {
    statement,
    sql,
    parameters,
    plan,
    error: 'error' in answer ? answer.error.message : null,
    used: pairs.map(({ name, actual }) => ({ name, actual })),
    hideable: pairs
      .filter(({ index }) => index.constraint === null && !index.isUnique)
      .map(({ actual }) => actual),
  }
}

/** One plan a query, where it uses an index that could be missed. The twin is built only then. */
async function plansWithout(
  asked: readonly Asked[],
  session: Session,
  { cacheDir, now, onProgress, signal }: QueriesRequest,
  notes: string[],
): Promise<readonly (PlanNode | null)[]> {
  if (asked.every(({ hideable }) => hideable.length === 0)) return []
  try {
    const file = await readTarget(session, { takenAt: now(), onProgress })
    const host = await chooseHost('auto', file.server.versionNum)
    return await inPrivateFolder(async (dir) => {
      const { planner } = await buildTwin(file, { dir, cacheDir, host, onProgress })
      try {
        onProgress('planning without the indexes')
        const plans: (PlanNode | null)[] = []
        for (const each of asked) {
          signal.throwIfAborted()
          plans.push(await planWithout(each, planner))
        }
        return plans
      } finally {
        await planner.close()
      }
    })
  } catch (error) {
    if (!(error instanceof StewardError)) throw error
    notes.push(`What the queries would cost without their indexes is not known: ${error.message}.`)
    return []
  }
}

async function planWithout(
  { sql, parameters, hideable }: Asked,
  planner: TwinPlanner,
): Promise<PlanNode | null> {
  if (hideable.length === 0) return null
  const hidden = hideable.flatMap(({ planned }) => planned.map(({ schema, name }) => qualified(schema, name)))
  await planner.show(new Set(), new Set(hidden))
  const answer = await planner.explain(sql, parameters)
  return 'error' in answer ? null : answer.plan
}

async function measured(
  { sql, parameters, plan, error, hideable }: Asked,
  without: PlanNode | null,
  planning: Session,
  parse: Parser,
  { measure, signal }: QueriesRequest,
): Promise<Pick<VerifiedQuery, 'measured' | 'notMeasured'>> {
  const no = (because: string | null) => ({ measured: null, notMeasured: because })
  if (measure === null) return no(null)
  const reason = reasonNotToRun(sql, parse)
  if (reason !== null) return no(reason)
  if (plan === null) return no(`it can't be planned: ${error}`)
  if (parameters.kind === 'generic')
    return no('it has parameters without values: give "variants", a list of literals for $1, $2 ...')
  const indexNames = new Set(hideable.flatMap(({ planned }) => planned.map(({ name }) => name)))
  try {
    return {
      measured: await measureQuery(
        planning,
        sql.replace(/[\s;]+$/, ''),
        indexNames.size === 0 ? null : { indexNames, plan: without },
        { ...measure, lockTimeoutMs: LOCK_TIMEOUT_MS },
        signal,
      ),
      notMeasured: null,
    }
  } catch (failure) {
    const { severity, message } = failure as { severity?: string; message: string }
    if (severity === undefined) throw failure
    return no(message)
  }
}

/** As queries name the indexes that they use. */
export function fullName({ schema, name, found }: VerifiedIndex): string {
  return `${found?.schema ?? schema ?? ''}.${found?.name ?? name}`
}
