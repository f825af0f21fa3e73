// verify: reads what a project declares, compares it with the target, plans the key queries there, and asks the planner twin what they
// would cost without the indexes. Measuring executes SELECTs on the target, and is done only when asked for.

import { readJsonWorkload, readSqlWorkload, type Workload } from '../../advise/workload.ts'
import { StewardError } from '../../model/error.ts'
import { statsSince } from '../../model/server-info.ts'
import type { VerifyReport } from '../../model/verify.ts'
import { openSession } from '../../postgres/connect.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import type { Declared } from '../../prisma/declared-index.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { compareIndexes } from '../../verify/compare-indexes.ts'
import { declaredByDatabase } from '../../verify/declared-by-database.ts'
import { readActualIndexes } from '../../verify/read-actual-indexes.ts'
import { readWorkloadFile } from '../workload/read-workload-file.ts'
import { type DeclaredSource, readDeclaredIndexes } from './declared-indexes.ts'
import { fullName, type QueriesRequest, verifyQueries } from './verify-queries.ts'

export interface VerifyRequest extends QueriesRequest {
  /** null: the indexes that the database itself has. */
  readonly source: DeclaredSource | null
  /** Key queries; null: none. */
  readonly queriesFile: string | null
}

const READ_TIMEOUT_MS = 60_000

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
      verifiedAt: request.now().toISOString(),
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
