// What of a workload can be replayed: single SELECTs that only read, with values for their parameters. The rest is counted, so that a
// report can say which share of calls and time was left out.

import { readSurroundings } from '../../advise/read-surroundings.ts'
import { fillIn } from '../../advise/sample-parameters.ts'
import { damageOf, type LeftOut, type Workload, type WorkloadStatement } from '../../advise/workload.ts'
import type { ReplayCall, ReplayStatement } from '../../load/replay/replay-statement.ts'
import type { Session } from '../../postgres/connect.ts'
import { findStatisticsSource } from '../../postgres/statistics-source.ts'
import { fingerprintOf, summaryOf } from '../../sql/fingerprint.ts'
import { loadParser } from '../../sql/parse/parse-statements.ts'
import { shapeOf } from '../../sql/parse/shape-of.ts'
import { tableFinder } from '../../sql/parse/table-names.ts'
import { dangerIn, unsafeFunctions } from './replay-dangers.ts'
import { replayCalls, rowReader } from './replay-values.ts'

export interface LeftOutOfReplay extends LeftOut {
  /** `INSERT audit_log`; empty: no statement could be read. */
  readonly summary: string
  readonly callsRatio: number
  readonly timeRatio: number | null
}

export interface PreparedReplay {
  readonly statements: readonly ReplayStatement[]
  readonly leftOut: readonly LeftOutOfReplay[]
  /** Of all calls, and of all time where it is known, what is replayed. */
  readonly callsRatio: number
  readonly timeRatio: number | null
  readonly callsPerMinute: number
}

export interface ReplayWorkload extends Workload {
  /** Share of all time by statement id, where pg_stat_statements told. */
  readonly timeMs: ReadonlyMap<string, number> | null
}

/** `session` is one of ours on the database that will be loaded: catalogs, rows to draw values from, and plans. Nothing is executed. */
export async function prepareReplay(workload: ReplayWorkload, session: Session): Promise<PreparedReplay> {
  const parse = await loadParser()
  const ask = (label: string, sql: string) => session.query(label, sql)
  const surroundings = await readSurroundings(ask, await findStatisticsSource(ask))
  const find = tableFinder(surroundings.tables, surroundings.searchPath)
  const rowsOf = rowReader(session)
  const unsafe = await unsafeFunctions(workload.statements, parse, session)
  const ready: ReplayStatement[] = []
  const leftOut: LeftOut[] = [...workload.leftOut]
  const replayed = new Set<string>()

  const names = new Map<string, number>()
  const prepare = async (statement: WorkloadStatement): Promise<ReplayStatement | string> => {
    const { callsPerMinute } = statement
    const sql = statement.variants.length === 0 ? withoutTruisms(statement.sql) : statement.sql
    if (callsPerMinute <= 0) return 'it was never called'
    const damage = damageOf(sql)
    if (damage !== null) return damage
    const parsed = parse(sql)
    if ('problem' in parsed) return `it can't be read: ${parsed.problem}`
    const [node, ...others] = parsed.statements
    if (node === undefined || others.length > 0) return 'it holds several statements'
    const danger = dangerIn(node, unsafe)
    if (danger !== null) return danger
    const shape = shapeOf(sql, parse, find)
    if ('problem' in shape) return `it can't be read: ${shape.problem}`
    const [unknown] = shape.unknownTables
    if (unknown !== undefined) return `the database has no table ${unknown}`
    const calls = await replayCalls(statement, parsed.text, shape, surroundings, rowsOf)
    if (typeof calls === 'string') return calls
    const refused = await refusal(session, calls[0]!)
    if (refused !== null) return `the database refuses it: ${refused}`
    const fingerprint = fingerprintOf(statement.sql)
    const { summary, collection } = summaryOf(sql)
    return {
      name: uniqueName(`${summary} ${fingerprint.slice(0, 8)}`, names),
      fingerprint,
      table: collection,
      callsPerMinute,
      calls,
    }
  }

  for (const statement of workload.statements) {
    const prepared = await prepare(statement)
    if (typeof prepared === 'string') leftOut.push({ id: statement.id, because: prepared })
    else {
      ready.push(prepared)
      replayed.add(statement.id)
    }
  }
  return { statements: ready, ...shares(workload, leftOut, replayed) }
}

/** `$4 = $5`: constants once, as object mappers write `1=1` where there is no condition. The others are numbered anew. */
function withoutTruisms(sql: string): string {
  const ones = [...sql.matchAll(/\$(\d+)\s*=\s*\$(\d+)/g)].flatMap(([, a, b]) => [Number(a), Number(b)])
  if (ones.length === 0) return sql
  const most = Math.max(...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  return fillIn(
    sql,
    Array.from({ length: most }, (_, index) => (ones.includes(index + 1) ? '1' : null)),
  )
}

function uniqueName(name: string, names: Map<string, number>): string {
  const count = (names.get(name) ?? 0) + 1
  names.set(name, count)
  return count === 1 ? name : `${name} (${count})`
}

/** Planned, not run: what the database says against it; null: nothing. */
async function refusal(session: Session, { sql, values }: ReplayCall): Promise<string | null> {
  try {
    await session.query('replay check', `explain ${sql}`, values)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

function shares(
  { statements, timeMs }: ReplayWorkload,
  leftOut: readonly LeftOut[],
  replayed: ReadonlySet<string>,
): Omit<PreparedReplay, 'statements'> {
  const calls = new Map(statements.map(({ id, callsPerMinute }) => [id, callsPerMinute]))
  const allCalls = [...calls.values()].reduce((sum, each) => sum + each, 0)
  const allMs = timeMs === null ? 0 : [...timeMs.values()].reduce((sum, each) => sum + each, 0)
  const callsRatioOf = (id: string) => (allCalls === 0 ? 0 : (calls.get(id) ?? 0) / allCalls)
  const timeRatioOf = (id: string) => (timeMs === null || allMs === 0 ? null : (timeMs.get(id) ?? 0) / allMs)
  const sum = (ratioOf: (id: string) => number | null) =>
    [...replayed].reduce((total, id) => total + (ratioOf(id) ?? 0), 0)
  return {
    leftOut: leftOut
      .map((each) => ({
        ...each,
        summary: summaryOf(statements.find(({ id }) => id === each.id)?.sql ?? '').summary,
        callsRatio: callsRatioOf(each.id),
        timeRatio: timeRatioOf(each.id),
      }))
      .sort((a, b) => (b.timeRatio ?? b.callsRatio) - (a.timeRatio ?? a.callsRatio)),
    callsRatio: sum(callsRatioOf),
    timeRatio: timeMs === null || allMs === 0 ? null : sum(timeRatioOf),
    callsPerMinute: [...replayed].reduce((total, id) => total + (calls.get(id) ?? 0), 0),
  }
}
