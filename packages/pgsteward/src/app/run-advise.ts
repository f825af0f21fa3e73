// advise: reads a target once, has a planner chosen, and searches with it.

import { readStatementsWorkload } from '../advise/read-statements-workload.ts'
import { readSurroundings } from '../advise/read-surroundings.ts'
import { readJsonWorkload, readSqlWorkload, type Workload } from '../advise/workload.ts'
import type { AdviceReport } from '../model/advice.ts'
import { StewardError } from '../model/error.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { findStatisticsSource } from '../postgres/statistics-source.ts'
import { adviseOnHypopg } from './advise-on-hypopg.ts'
import { adviseOnTwin } from './advise-on-twin.ts'
import type { AdviseGround, AdviseRequest } from './advise-request.ts'
import { readWorkloadFile } from './read-workload-file.ts'
import { isTwinUnavailable } from './twin-source.ts'

export {
  type AdviseRequest,
  type Budget,
  PLANNERS,
  type PlannerChoice,
  parseBudget,
} from './advise-request.ts'

/** Reading a large schema's catalogs takes seconds. */
const READ_TIMEOUT_MS = 60_000

export async function runAdvise(request: AdviseRequest): Promise<AdviceReport> {
  const { url, onProgress = () => {} } = request
  const given =
    request.workload ?? (request.workloadFile === null ? null : await workloadOf(request.workloadFile))
  const session = await openSession(url, { purpose: 'advise', statementTimeoutMs: READ_TIMEOUT_MS })
  try {
    onProgress('reading the catalogs')
    const ask = (label: string, sql: string) => session.query(label, sql)
    const surroundings = await readSurroundings(ask, await findStatisticsSource(ask))
    const workload = given ?? (await statementsOf(session))
    if (workload.statements.length === 0) throw nothingToAdvise(request, workload)
    const ground: AdviseGround = { request, session, surroundings, workload, notes: [] }
    return request.planner === 'hypopg' ? await adviseOnHypopg(ground) : await withTwin(ground)
  } finally {
    await session.close()
  }
}

/** Where no twin can run, HypoPG does, if it may be chosen and is there. */
async function withTwin(ground: AdviseGround): Promise<AdviceReport> {
  const { request, session } = ground
  try {
    return await adviseOnTwin(ground)
  } catch (error) {
    const mayTurn = request.planner === 'auto' && session.server.extensions.has('hypopg')
    if (!mayTurn || !isTwinUnavailable(error)) throw error
    return await adviseOnHypopg({ ...ground, notes: [`No twin could run here: ${error.message}.`] })
  }
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
