// verify: reads what a project declares, compares it with the target, plans the key queries there, and asks the planner twin what they
// would cost without the indexes. Measuring executes SELECTs on the target, and is done only when asked for.

import { fillIn } from '../advise/sample-parameters.ts'
import {
  readJsonWorkload,
  readSqlWorkload,
  type Workload,
  type WorkloadStatement,
} from '../advise/workload.ts'
import { StewardError } from '../model/error.ts'
import { statsSince } from '../model/server-info.ts'
import type { Milliseconds } from '../model/units.ts'
import type { VerifiedQuery, VerifyReport } from '../model/verify.ts'
import type { NotPlanned, Parameters, PlanNode, Planned } from '../model/what-if.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { addressOf } from '../postgres/connect-error.ts'
import type { Declared } from '../prisma/declared-index.ts'
import { loadParser, type Parser } from '../sql/parse/parse-statements.ts'
import { qualified } from '../sql/quote.ts'
import { type PlanningTarget, planningTarget } from '../twin/agreement.ts'
import { buildTwin } from '../twin/build-twin.ts'
import type { TwinPlanner } from '../twin/planner.ts'
import { readTarget } from '../twin/statistics/read-target.ts'
import { type Compared, compareIndexes } from '../verify/compare-indexes.ts'
import { declaredByDatabase } from '../verify/declared-by-database.ts'
import { reasonNotToRun } from '../verify/is-plain-select.ts'
import { measureQuery } from '../verify/measure-query.ts'
import { indexNamesOf, plannedQuery } from '../verify/plan-words.ts'
import { type ActualIndex, readActualIndexes } from '../verify/read-actual-indexes.ts'
import { type DeclaredSource, readDeclaredIndexes } from './declared-indexes.ts'
import { readWorkloadFile } from './read-workload-file.ts'
import { chooseHost, inPrivateFolder } from './twin-source.ts'

export interface VerifyRequest {
  readonly url: string
  /** null: the indexes that the database itself has. */
  readonly source: DeclaredSource | null
  /** Key queries; null: none. */
  readonly queriesFile: string | null
  /** Executes the key queries on the target. */
  readonly measure: { readonly runs: number; readonly timeoutMs: Milliseconds } | null
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

const READ_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 1_000

export async function runVerify(request: VerifyRequest): Promise<VerifyReport> {
  const { url, onProgress } = request
  const parse = await loadParser()
  const given = request.source === null ? null : await readDeclaredIndexes(request.source)
  if (given !== null && given.indexes.length === 0) throw nothingDeclared(given)
  const workload = request.queriesFile === null ? null : await workloadOf(request.queriesFile)
  const session = await openSession(url, { purpose: 'verify', statementTimeoutMs: READ_TIMEOUT_MS })
  try {
    onProgress('reading the catalogs')
    const wanted = given === null ? null : new Set(given.indexes.map(({ table }) => table))
    const actual = await readActualIndexes(session, parse, wanted)
    const declared = given ?? declaredByDatabase(actual)
    const compared = compareIndexes(declared.indexes, actual, schemaOfUrl(url))
    const notes: string[] =
      given === null ? ['Nothing was declared: these are the indexes that the database has itself.'] : []
    const queries =
      workload === null ? [] : await verifyQueries(workload, compared, session, parse, request, notes)
    const { server } = session
    return {
      target: addressOf(url),
      server: {
        version: server.version,
        versionNum: server.versionNum,
        role: server.role,
        statisticsSince: statsSince(server).toISOString(),
      },
      indexes: compared.indexes.map((index) => ({
        ...index,
        usedBy: queries.filter(({ uses }) => uses.includes(fullName(index))).map(({ id }) => id),
      })),
      queries,
      undeclared: compared.undeclared,
      problems: [
        ...declared.problems,
        ...(workload?.leftOut ?? []).map(({ id, because }) => ({ where: `query ${id}`, because })),
      ],
      notes: [...notes, ...(server.role === 'standby' ? [STANDBY] : [])],
    }
  } finally {
    await session.close()
  }
}

const STANDBY = 'This is a standby: its scans are its own, and an index may be in use on the primary alone.'

async function workloadOf(path: string): Promise<Workload> {
  const file = await readWorkloadFile(path)
  return file.kind === 'sql' ? readSqlWorkload(file.text) : readJsonWorkload(file.list)
}

function nothingDeclared({ problems }: Declared): StewardError {
  const first = problems[0]
  return new StewardError('usage', 'no index is declared', {
    ...(first === undefined ? {} : { detail: `${first.where}: ${first.because}` }),
    hint: 'Give --prisma DIR, --schema FILE, --migrations DIR or --indexes FILE that names some.',
  })
}

/** Prisma's URLs name a schema. */
function schemaOfUrl(url: string): readonly string[] {
  try {
    const schema = new URL(url).searchParams.get('schema')
    return schema === null ? [] : [schema]
  } catch {
    return []
  }
}

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

async function verifyQueries(
  workload: Workload,
  compared: Compared,
  session: Session,
  parse: Parser,
  request: VerifyRequest,
  notes: string[],
): Promise<readonly VerifiedQuery[]> {
  const { url, onProgress, signal } = request
  const planning = await openSession(url, {
    purpose: 'verify',
    statementTimeoutMs: READ_TIMEOUT_MS,
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
  { cacheDir, now, onProgress, signal }: VerifyRequest,
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
  { measure, signal }: VerifyRequest,
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

function fullName({ schema, name, found }: VerifyReport['indexes'][number]): string {
  return `${found?.schema ?? schema ?? ''}.${found?.name ?? name}`
}
