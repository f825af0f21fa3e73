// advise: reads a target once, builds a planner twin of it on this machine, and searches there. The target only answers catalog
// queries, and EXPLAINs to measure how well the twin agrees.

import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { advise, tableBytes } from '../advise/advise.ts'
import { readStatementsWorkload } from '../advise/read-statements-workload.ts'
import { readSurroundings } from '../advise/read-surroundings.ts'
import type { Surroundings } from '../advise/surroundings.ts'
import { readJsonWorkload, readSqlWorkload, type Workload } from '../advise/workload.ts'
import type { AdviceReport } from '../model/advice.ts'
import { StewardError } from '../model/error.ts'
import { type Bytes, type Milliseconds, parseSize } from '../model/units.ts'
import type { WhatIfPlanner } from '../model/what-if.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { addressOf } from '../postgres/connect-error.ts'
import { type BuiltTwin, buildTwin, type TwinOptions } from '../twin/build-twin.ts'
import { readTarget } from '../twin/statistics/read-target.ts'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'

export const PLANNERS = ['auto', 'twin', 'hypopg'] as const
export type PlannerChoice = (typeof PLANNERS)[number]

export interface AdviseRequest {
  readonly url: string
  /** null: pg_stat_statements of the target. */
  readonly workloadFile: string | null
  readonly budget: Budget
  readonly planner: PlannerChoice
  readonly mostIndexes: number
  /** How long to search at most, once all is read. */
  readonly searchMs: Milliseconds
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
  const { url, now, signal, onProgress = () => {} } = request
  const fromFile = request.workloadFile === null ? null : await readWorkloadFile(request.workloadFile)
  const session = await openSession(url, { purpose: 'advise', statementTimeoutMs: 60_000 })
  try {
    onProgress('reading the catalogs')
    const ask = (label: string, sql: string) => session.query(label, sql)
    const surroundings = await readSurroundings(ask)
    const workload = fromFile ?? (await statementsOf(session))
    if (workload.statements.length === 0) throw nothingToAdvise(request, workload)
    const opened = await openPlanner(session, surroundings, request)
    try {
      const startedAt = now().getTime()
      const clock = () => now().getTime() - startedAt
      const advice = await advise({
        target: addressOf(url),
        planner: opened.planner,
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
      })
      const { kind, versionNum } = opened.planner
      return {
        ...advice,
        planner: { kind, versionNum, agreement: null },
        notes: [...opened.notes, ...advice.notes],
      }
    } finally {
      await opened.close()
    }
  } finally {
    await session.close()
  }
}

interface OpenedPlanner {
  readonly planner: WhatIfPlanner
  readonly notes: readonly string[]
  readonly close: () => Promise<void>
}

async function openPlanner(
  session: Session,
  surroundings: Surroundings,
  { planner, now, onProgress = () => {} }: AdviseRequest,
): Promise<OpenedPlanner> {
  if (planner === 'hypopg')
    throw new StewardError('usage', 'the planner hypopg is not built in yet', {
      hint: 'Use --planner twin, which needs nothing on the target.',
    })
  const asRead = await readTarget(session, { takenAt: now(), onProgress })
  const { file, assumed } = afterVacuum(asRead, surroundings)
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-advise-'))
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const options = { cacheDir: join(homedir(), '.cache', 'pgsteward'), onProgress }
    const twin = await buildEither(file, dir, options)
    const left = twin.leftOut.map(
      ({ kind, name, because }) => `The twin lacks the ${kind} ${name}: ${because}`,
    )
    return {
      planner: twin.planner,
      notes: [...assumed, ...left.slice(0, 20)],
      close: async () => {
        await twin.planner.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** PGlite plans as PostgreSQL 18 does: for another major a server of its own is asked, where its binaries are installed. */
async function buildEither(
  file: StatisticsFile,
  dir: string,
  options: Pick<TwinOptions, 'cacheDir' | 'onProgress'>,
): Promise<BuiltTwin> {
  const pglite = () => buildTwin(file, { ...options, dir: join(dir, 'pglite'), host: 'pglite' })
  if (Math.floor(file.server.versionNum / 10_000) === PGLITE_MAJOR) return pglite()
  try {
    return await buildTwin(file, { ...options, dir: join(dir, 'native'), host: 'native' })
  } catch (error) {
    if (error instanceof StewardError) return pglite()
    throw error
  }
}

const PGLITE_MAJOR = 18

/**
 * Tables that hardly change, yet are not marked all-visible: the next vacuum will do so, and index-only scans become possible. They
 * are planned for as vacuumed.
 */
function afterVacuum(
  file: StatisticsFile,
  surroundings: Surroundings,
): { readonly file: StatisticsFile; readonly assumed: readonly string[] } {
  const still = new Set(
    surroundings.tables
      .filter(
        ({ rows, allVisibleShare, modifiedShare }) =>
          rows > 0 && allVisibleShare < 0.5 && modifiedShare < 0.2,
      )
      .map(({ schema, name }) => `${schema}.${name}`),
  )
  const isStill = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
    still.has(`${schema}.${name}`)
  const changed = file.tables.filter(isStill).length
  return {
    file: {
      ...file,
      tables: file.tables.map((table) =>
        isStill(table) ? { ...table, allVisiblePages: Math.floor(table.pages * AFTER_VACUUM) } : table,
      ),
    },
    assumed:
      changed === 0
        ? []
        : [
            `${changed} tables that hardly change are not marked all-visible yet; they were planned for as after a VACUUM.`,
          ],
  }
}

/** Share of a table's pages that are all-visible some time after a vacuum, where little changes. */
const AFTER_VACUUM = 0.9

async function statementsOf(session: Session): Promise<Workload> {
  if (!session.server.extensions.has('pg_stat_statements'))
    throw new StewardError('usage', 'there is no workload to advise on', {
      detail: 'No --workload was given, and the target has no pg_stat_statements.',
      hint: 'Give --workload FILE, or install pg_stat_statements; pgsteward doctor shows how.',
    })
  return readStatementsWorkload((label, sql) => session.query(label, sql))
}

async function readWorkloadFile(path: string): Promise<Workload> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new StewardError('usage', `the workload file ${path} can't be read`, {
      detail: (cause as Error).message,
      cause,
    })
  }
  if (!/^\s*[[{]/.test(text)) return readSqlWorkload(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new StewardError('usage', `${path} is not valid JSON`, { detail: (cause as Error).message, cause })
  }
  const workload = readJsonWorkload(parsed)
  if (workload === null)
    throw new StewardError('usage', `${path} holds no list of statements`, {
      hint: 'It is a JSON array of { "id", "sql" or "template", "callsPerMinute" }, or plain SQL.',
    })
  return workload
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
