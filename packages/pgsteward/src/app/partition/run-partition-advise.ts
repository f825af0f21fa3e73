// partition advise: reads a target once, draws a design for each table in question, and plans its statements on two twins, with the
// table as it is and as it would be.

import { boundWorkload } from '../../advise/bound-workload.ts'
import { blockersOf, cautionsOf } from '../../advise/partition/blockers.ts'
import { drawDesign } from '../../advise/partition/draw-design.ts'
import { costRatioOf, judge } from '../../advise/partition/judge.ts'
import type { PartitionGround } from '../../advise/partition/partition-ground.ts'
import { readSpecialties, type Specialty } from '../../advise/partition/read-specialties.ts'
import { type PreparedStatement, prepareStatement } from '../../advise/prepare-statement.ts'
import { readSurroundings } from '../../advise/read-surroundings.ts'
import { nameOf, type Surroundings } from '../../advise/surroundings.ts'
import type { LeftOut, Workload } from '../../advise/workload.ts'
import type {
  ConsideredKey,
  PartitionAdvice,
  PartitionReport,
  PartitionStatement,
} from '../../model/partition-advice.ts'
import { partitionsScanned } from '../../plans/partitions-scanned.ts'
import { openSession, type Session } from '../../postgres/connect.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import { findStatisticsSource } from '../../postgres/statistics-source.ts'
import { loadNormaliser, loadParser, type Parser } from '../../sql/parse/parse-statements.ts'
import { tableFinder } from '../../sql/parse/table-names.ts'
import type { WeighedKey } from '../../sql/partition/weigh-keys.ts'
import { measureAgreement, planningTarget } from '../../twin/agreement.ts'
import { type PartitionedFile, partitionedFile } from '../../twin/partition/partitioned-file.ts'
import { HIDDEN, readTarget } from '../../twin/statistics/read-target.ts'
import type { StatisticsFile, TableStatistics } from '../../twin/statistics/statistics-file.ts'
import { statementsOf, workloadOf } from '../advise/run-advise.ts'
import { chosenTables } from './chosen-tables.ts'
import { onTwin } from './on-twin.ts'
import { hasKey, partitionGroundOf, type WeighedTime } from './partition-ground-of.ts'
import { hiddenNotes, nothingLargeNote, noWorkload } from './partition-notes.ts'
import { type PlannedCost, plannedCosts } from './planned-cost.ts'

export interface PartitionAdviseRequest {
  readonly url: string
  /** `schema.table`; null: the largest that have at least `leastRows`. */
  readonly table: string | null
  /** Null: pg_stat_statements of the target. */
  readonly workloadFile: string | null
  readonly leastRows: number
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  readonly now: () => Date
  readonly onProgress?: (text: string) => void
}

/** Reading a large schema's catalogs takes seconds. */
const READ_TIMEOUT_MS = 60_000

/** Throws 'usage' for a table that can't be divided, 'workload-invalid' where no statement is known. The target is only read. */
export async function runPartitionAdvise(request: PartitionAdviseRequest): Promise<PartitionReport> {
  const { url, now, onProgress = () => {} } = request
  const given = request.workloadFile === null ? null : await workloadOf(request.workloadFile)
  const session = await openSession(url, { purpose: 'advise', statementTimeoutMs: READ_TIMEOUT_MS })
  try {
    onProgress('reading the catalogs')
    const file = await readTarget(session, { takenAt: now(), onProgress })
    const tables = chosenTables(file, request.table, request.leastRows)
    if (tables.length === 0) {
      const notes = [nothingLargeNote(file, request.leastRows)]
      return { target: addressOf(url), tables: [], leftOut: [], notes }
    }
    const ask = (label: string, sql: string) => session.query(label, sql)
    const surroundings = await readSurroundings(ask, await findStatisticsSource(ask))
    const { workload, notes } = boundWorkload(given ?? (await statementsOf(session)))
    if (workload.statements.length === 0) throw noWorkload(request.workloadFile, workload.leftOut)
    const ground = await groundOf(session, file, surroundings, workload)
    const specialties = new Map<TableStatistics, readonly Specialty[]>()
    for (const table of tables) specialties.set(table, await readSpecialties(ask, table))
    const planned = await planWhole(request, ground, tables)
    const advices: PartitionAdvice[] = []
    for (const table of tables)
      advices.push(await adviseOn(request, ground, planned, table, specialties.get(table)!))
    return {
      target: addressOf(url),
      tables: advices,
      leftOut: [...workload.leftOut, ...ground.leftOut, ...planned.leftOut],
      notes: [...notes, ...planned.notes, ...hiddenNotes(file, tables)],
    }
  } finally {
    await session.close()
  }
}

interface Ground {
  readonly session: Session
  readonly file: StatisticsFile
  readonly surroundings: Surroundings
  readonly parse: Parser
  readonly prepared: readonly PreparedStatement[]
  readonly callsAndTimes: ReadonlyMap<string, { readonly calls: number; readonly meanMs: number | null }>
  readonly leftOut: readonly LeftOut[]
}

async function groundOf(
  session: Session,
  file: StatisticsFile,
  surroundings: Surroundings,
  { statements }: Workload,
): Promise<Ground> {
  const [parse, normalise] = [await loadParser(), await loadNormaliser()]
  const find = tableFinder(surroundings.tables, surroundings.searchPath)
  const all = statements.map((each) => prepareStatement(each, parse, normalise, find, surroundings))
  return {
    session,
    file,
    surroundings,
    parse,
    prepared: all.filter((each) => 'samples' in each),
    callsAndTimes: new Map(
      statements.map(({ id, callsPerMinute, meanMs }) => [
        id,
        { calls: callsPerMinute, meanMs: meanMs ?? null },
      ]),
    ),
    leftOut: all.filter((each) => 'because' in each),
  }
}

function readersOf({ prepared }: Ground, table: { readonly schema: string; readonly name: string }) {
  return prepared.filter(({ isPlanned, columns }) => isPlanned && columns.has(nameOf(table)))
}

interface PlannedWhole {
  readonly costs: ReadonlyMap<string, PlannedCost | string>
  readonly planner: PartitionAdvice['planner']
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
}

/** The tables as they are: what statements cost, and how far the twin agrees with the target on that. */
async function planWhole(
  request: PartitionAdviseRequest,
  ground: Ground,
  tables: readonly TableStatistics[],
): Promise<PlannedWhole> {
  const { onProgress = () => {} } = request
  // without a key nothing is compared, and a twin takes seconds
  const divisible = tables.filter((table) => hasKey(table))
  const readers = [...new Set(divisible.flatMap((table) => readersOf(ground, table)))]
  if (readers.length === 0) return { costs: new Map(), planner: null, leftOut: [], notes: [] }
  return onTwin(request, ground.file, async ({ planner, leftOut }) => {
    const costs = await plannedCosts(planner, readers)
    onProgress('comparing with the target')
    const asked = readers.flatMap(({ id, samples }) =>
      samples.map(({ sql, parameters }) => ({ id, sql, parameters })),
    )
    const { statements, sameShape, sameCost, couldNotPlan } = await measureAgreement(
      await planningTarget(ground.session),
      planner,
      asked,
    )
    const isMeasured = readers.every(({ id }) => ground.callsAndTimes.get(id)?.meanMs != null)
    return {
      costs,
      planner: {
        kind: planner.kind,
        versionNum: planner.versionNum,
        agreement: { statements, sameShape, sameCost, couldNotPlan },
      },
      leftOut: [...costs].flatMap(([id, cost]) => (typeof cost === 'string' ? [{ id, because: cost }] : [])),
      notes: [
        ...(isMeasured || readers.length === 0
          ? []
          : ['The workload tells no times: shares of time are by calls and planned cost.']),
        ...leftOut
          .filter(({ because }) => because !== HIDDEN)
          .slice(0, MOST_LACKS)
          .map(({ kind, name, because }) => `The twin lacks the ${kind} ${name}: ${because}`),
      ],
    }
  })
}

const MOST_LACKS = 10

async function adviseOn(
  request: PartitionAdviseRequest,
  own: Ground,
  whole: PlannedWhole,
  table: TableStatistics,
  specialties: readonly Specialty[],
): Promise<PartitionAdvice> {
  const readers = readersOf(own, table).filter(({ id }) => typeof whole.costs.get(id) === 'object')
  const ground = partitionGroundOf(table, timesOf(own, whole, readers), own.prepared, own.parse)
  const { design, reasons, keys } = drawDesign(ground)
  const [key] = keys
  const made = design === null ? null : partitionedFile(own.file, design)
  const blockers =
    key === undefined || design === null ? [] : blockersOf(ground, key.column, own.surroundings, specialties)
  const statements =
    made === null || key === undefined
      ? []
      : await planDivided(request, ground, whole, readers, { made, key })
  return {
    table: ground.table,
    rows: ground.rows,
    sizeBytes: [table, ...table.indexes].reduce((sum, { blocks }) => sum + blocks * 8192, 0),
    design,
    reasons: [...reasons],
    keys: keys.map(consideredOf),
    blockers: [...blockers],
    cautions:
      key === undefined || design === null
        ? []
        : [...cautionsOf(ground, key.column, own.surroundings, specialties)],
    planner: whole.planner,
    statements: [...statements],
    costRatio: costRatioOf(statements),
    verdict:
      design === null
        ? { is: 'not worthwhile', because: 'No column can be the key of its partitions.' }
        : judge({ rows: ground.rows, leastRows: request.leastRows, statements, blockers: blockers.length }),
  }
}

function consideredOf({
  column,
  boundedShare,
  elsewhereShare,
  deletes,
  refusedBecause,
}: WeighedKey): ConsideredKey {
  const { name, type } = column
  return { column: name, type, boundedShare, elsewhereShare, isRetention: deletes.length > 0, refusedBecause }
}

/** Measured where all were, else by the planner: a mixture would compare milliseconds with units of cost. */
function timesOf(
  { callsAndTimes }: Ground,
  { costs }: PlannedWhole,
  readers: readonly PreparedStatement[],
): readonly WeighedTime[] {
  const isMeasured = readers.every(({ id }) => callsAndTimes.get(id)?.meanMs != null)
  return readers.map((prepared) => {
    const { calls, meanMs } = callsAndTimes.get(prepared.id)!
    const cost = costs.get(prepared.id) as PlannedCost
    return { prepared, time: calls * (isMeasured ? meanMs! : cost.cost) }
  })
}

async function planDivided(
  request: PartitionAdviseRequest,
  { table, statements }: PartitionGround,
  whole: PlannedWhole,
  readers: readonly PreparedStatement[],
  { made, key }: { readonly made: PartitionedFile; readonly key: WeighedKey },
): Promise<readonly PartitionStatement[]> {
  if (statements.length === 0) return []
  const names = new Set(made.partitions.map(({ name }) => name))
  request.onProgress?.(`planning ${table.name} in ${names.size} partitions`)
  return onTwin(request, made.file, async ({ planner }) => {
    const costs = await plannedCosts(planner, readers)
    const texts = new Map(readers.map(({ id, sql }) => [id, sql]))
    return statements
      .flatMap(({ id, shareOfTime }): PartitionStatement[] => {
        const after = costs.get(id)
        if (after === undefined || typeof after === 'string') return []
        return [
          {
            id,
            sql: texts.get(id)!,
            shareOfTime,
            costBefore: (whole.costs.get(id) as PlannedCost).cost,
            costAfter: after.cost,
            partitionsScanned: Math.max(...after.plans.map((plan) => partitionsScanned(plan, names).size)),
            partitions: names.size,
            isReplacedByDrop: key.deletes.includes(id),
          },
        ]
      })
      .toSorted((a, b) => b.shareOfTime - a.shareOfTime)
  })
}
