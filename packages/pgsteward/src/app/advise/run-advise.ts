// advise: reads a target once, has a planner chosen, and searches with it.

import { boundWorkload } from '../../advise/bound-workload.ts'
import { readStatementsWorkload } from '../../advise/read-statements-workload.ts'
import { readSurroundings } from '../../advise/read-surroundings.ts'
import { type LeftOut, readJsonWorkload, readSqlWorkload, type Workload } from '../../advise/workload.ts'
import type { AdviceReport } from '../../model/advice.ts'
import { StewardError } from '../../model/error.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { findStatisticsSource } from '../../postgres/statistics-source.ts'
import { isTwinUnavailable } from '../twin/twin-source.ts'
import { readWorkloadFile } from '../workload/read-workload-file.ts'
import { adviseOnHypopg } from './advise-on-hypopg.ts'
import { adviseOnTwin } from './advise-on-twin.ts'
import type { AdviseGround, AdviseRequest } from './advise-request.ts'

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
    const { workload, notes } = boundWorkload(given ?? (await statementsOf(session)))
    if (workload.statements.length === 0) throw nothingToAdvise(request, workload.leftOut)
    const ground: AdviseGround = { request, session, surroundings, workload, notes }
    const report = request.planner === 'hypopg' ? await adviseOnHypopg(ground) : await withTwin(ground)
    const leftOut = sayCutOff(report.leftOut, workload)
    const isAllLeftOut = leftOut.length >= workload.statements.length + workload.leftOut.length
    if (isAllLeftOut && report.statements.length === 0) throw nothingToAdvise(request, leftOut)
    return { ...report, leftOut }
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
    const notes = [...ground.notes, `No twin could run here: ${error.message}.`]
    return await adviseOnHypopg({ ...ground, notes })
  }
}

/** Of pg_stat_statements. Throws 'usage' where the target has none. */
export async function statementsOf(session: Session): Promise<Workload> {
  if (!session.server.extensions.has('pg_stat_statements'))
    throw new StewardError('usage', 'there is no workload to advise on', {
      detail: 'No --workload was given, and the target has no pg_stat_statements.',
      hint: 'Give --workload FILE, or install pg_stat_statements; pgsteward doctor shows how.',
    })
  return readStatementsWorkload((label, sql) => session.query(label, sql))
}

export async function workloadOf(path: string): Promise<Workload> {
  const file = await readWorkloadFile(path)
  return file.kind === 'sql' ? readSqlWorkload(file.text) : readJsonWorkload(file.list)
}

/** track_activity_query_size is a power of two more often than not, and the last byte is not text. */
function isCutOff(sql: string): boolean {
  const bytes = Buffer.byteLength(sql) + 1
  return bytes >= 1024 && (bytes & (bytes - 1)) === 0
}

/** A text that was captured from pg_stat_activity or a log ends where that cuts it off. */
function sayCutOff(leftOut: readonly LeftOut[], { statements }: Workload): readonly LeftOut[] {
  const texts = new Map(statements.map(({ id, sql }) => [id, sql]))
  return leftOut.map((each) => {
    const sql = texts.get(each.id)
    if (sql === undefined || !isCutOff(sql)) return each
    const bytes = Buffer.byteLength(sql).toLocaleString('en-US')
    return {
      ...each,
      because: `its text is cut off after ${bytes} bytes (track_activity_query_size?): ${each.because}`,
    }
  })
}

function nothingToAdvise({ workloadFile }: AdviseRequest, leftOut: readonly LeftOut[]): StewardError {
  const where = workloadFile ?? 'pg_stat_statements of this database'
  const first = leftOut[0]
  return new StewardError('workload-invalid', `${where} holds no statement to advise on`, {
    ...(first === undefined
      ? {
          hint: 'A JSON file [{ "id", "sql" or "template", "callsPerMinute" }], or a file of SQL statements.',
        }
      : { detail: `${leftOut.length} were left out; the first, ${first.id}: ${first.because}` }),
  })
}
