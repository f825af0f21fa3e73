// advise: reads a target once, builds a planner twin of it on this machine, and searches there. The target only answers catalog
// queries, and EXPLAINs to measure how well the twin agrees.

import { advise, tableBytes } from '../advise/advise.ts'
import { readStatementsWorkload } from '../advise/read-statements-workload.ts'
import { readSurroundings } from '../advise/read-surroundings.ts'
import type { Surroundings } from '../advise/surroundings.ts'
import { readJsonWorkload, readSqlWorkload, type Workload } from '../advise/workload.ts'
import type { AdviceReport } from '../model/advice.ts'
import { StewardError } from '../model/error.ts'
import { type Bytes, type Milliseconds, parseSize } from '../model/units.ts'
import type { Agreement } from '../model/what-if.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { addressOf } from '../postgres/connect-error.ts'
import { findStatisticsSource } from '../postgres/statistics-source.ts'
import { literal } from '../sql/quote.ts'
import { measureAgreement, planningTarget } from '../twin/agreement.ts'
import { type BuiltTwin, buildTwin } from '../twin/build-twin.ts'
import { readTarget } from '../twin/statistics/read-target.ts'
import { readWorkloadFile } from './read-workload-file.ts'
import { chooseHost, inPrivateFolder } from './twin-source.ts'

export const PLANNERS = ['auto', 'twin', 'hypopg'] as const
export type PlannerChoice = (typeof PLANNERS)[number]

export interface AdviseRequest {
  readonly url: string
  /** null: pg_stat_statements of the target. */
  readonly workloadFile: string | null
  /** Given, nothing else is read for it. */
  readonly workload?: Workload
  readonly budget: Budget
  readonly planner: PlannerChoice
  readonly mostIndexes: number
  /** How long to search at most, once all is read. */
  readonly searchMs: Milliseconds
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

/** Of all tables' bytes, or in bytes. */
export type Budget =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'bytes'; readonly bytes: Bytes }

/** '25%' or '500MB'; null when it is neither. */
export function parseBudget(text: string): Budget | null {
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1]
  if (percent !== undefined) return { kind: 'share', share: Number(percent) / 100 }
  const bytes = parseSize(text)
  return bytes === null ? null : { kind: 'bytes', bytes }
}

export async function runAdvise(request: AdviseRequest): Promise<AdviceReport> {
  const { url, now, onProgress = () => {} } = request
  const given =
    request.workload ?? (request.workloadFile === null ? null : await workloadOf(request.workloadFile))
  const session = await openSession(url, { purpose: 'advise', statementTimeoutMs: 60_000 })
  try {
    onProgress('reading the catalogs')
    const ask = (label: string, sql: string) => session.query(label, sql)
    const surroundings = await readSurroundings(ask, await findStatisticsSource(ask))
    const workload = given ?? (await statementsOf(session))
    if (workload.statements.length === 0) throw nothingToAdvise(request, workload)
    if (request.planner === 'hypopg') throw noHypopg()
    const file = await readTarget(session, { takenAt: now(), onProgress })
    const host = await chooseHost('auto', file.server.versionNum)
    return await inPrivateFolder(async (dir) => {
      const twin = await buildTwin(file, { dir, cacheDir: request.cacheDir, host, onProgress })
      try {
        return await adviseOn(twin, session, surroundings, workload, request)
      } finally {
        await twin.planner.close()
      }
    })
  } finally {
    await session.close()
  }
}

async function adviseOn(
  twin: BuiltTwin,
  session: Session,
  surroundings: Surroundings,
  workload: Workload,
  request: AdviseRequest,
): Promise<AdviceReport> {
  const { now, signal, onProgress = () => {} } = request
  const { planner, leftOut } = twin
  let agreement: Agreement | null = null
  let assumed: readonly string[] = []
  let startedAt = now().getTime()
  const clock = () => now().getTime() - startedAt
  const advice = await advise({
    target: addressOf(request.url),
    planner,
    surroundings,
    workload,
    budgetBytes:
      request.budget.kind === 'bytes'
        ? request.budget.bytes
        : request.budget.share * tableBytes(surroundings),
    mostIndexes: request.mostIndexes,
    clock,
    isTimeUp: () => signal.aborted || clock() > request.searchMs,
    onProgress,
    onPrepared: async (asked) => {
      onProgress('comparing with the target')
      const measured = await measureAgreement(await planningTarget(session), planner, asked)
      const { statements, sameShape, sameCost, couldNotPlan } = measured
      agreement = { statements, sameShape, sameCost, couldNotPlan }
      assumed = await showAsVacuumed(twin, surroundings)
      startedAt = now().getTime()
    },
  })
  const { kind, versionNum } = planner
  const lacks = leftOut.map((each) => `The twin lacks the ${each.kind} ${each.name}: ${each.because}`)
  return {
    ...advice,
    planner: { kind, versionNum, agreement },
    notes: [...assumed, ...lacks.slice(0, MOST_LACKS), ...advice.notes],
  }
}

const MOST_LACKS = 20

function noHypopg(): StewardError {
  return new StewardError('usage', 'the planner hypopg is not built in yet', {
    hint: 'Use --planner twin, which needs nothing on the target.',
  })
}

/** Share of a table's pages that are all-visible some time after a vacuum, where little changes. */
const AFTER_VACUUM = 0.9

/**
 * Tables that hardly change, yet are not marked all-visible: the next vacuum will do so, and index-only scans become possible. They
 * are planned for as vacuumed.
 */
async function showAsVacuumed({ host }: BuiltTwin, { tables }: Surroundings): Promise<readonly string[]> {
  const still = tables.filter(
    ({ rows, allVisibleShare, modifiedShare, viewSql }) =>
      viewSql === null && rows > 0 && allVisibleShare < 0.5 && modifiedShare < 0.2,
  )
  if (still.length === 0) return []
  const names = still.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`).join(', ')
  await host.ask(
    `update pg_catalog.pg_class as c set relallvisible = (c.relpages * ${AFTER_VACUUM})::int
       from pg_catalog.pg_namespace as n
      where n.oid = c.relnamespace and (n.nspname::text, c.relname::text) in (values ${names})`,
  )
  const count =
    still.length === 1 ? '1 table that hardly changes is' : `${still.length} tables that hardly change are`
  return [`${count} not marked all-visible yet; planned for as after a VACUUM.`]
}

async function statementsOf(session: Session): Promise<Workload> {
  if (!session.server.extensions.has('pg_stat_statements'))
    throw new StewardError('usage', 'there is no workload to advise on', {
      detail: 'No --workload was given, and the target has no pg_stat_statements.',
      hint: 'Give --workload FILE, or install pg_stat_statements; pgsteward doctor shows how.',
    })
  return readStatementsWorkload((label, sql) => session.query(label, sql))
}

async function workloadOf(path: string): Promise<Workload> {
  const file = await readWorkloadFile(path)
  return file.kind === 'sql' ? readSqlWorkload(file.text) : readJsonWorkload(file.list)
}

function nothingToAdvise({ workloadFile }: AdviseRequest, { leftOut }: Workload): StewardError {
  const where = workloadFile ?? 'pg_stat_statements of this database'
  const first = leftOut[0]
  return new StewardError('usage', `${where} holds no statement to advise on`, {
    ...(first === undefined
      ? {}
      : { detail: `${leftOut.length} were left out; the first, ${first.id}: ${first.because}` }),
  })
}
