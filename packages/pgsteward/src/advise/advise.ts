// Advice for a whole workload at once: prepare the statements, let the planner tell what they cost, search, explain.

import type { AdviceReport } from '../model/advice.ts'
import type { Bytes } from '../model/units.ts'
import type { Parameters, WhatIfPlanner } from '../model/what-if.ts'
import { loadNormaliser, loadParser } from '../sql/parse/parse-statements.ts'
import { loadSourceReader } from '../sql/parse/source-text.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import { candidatesFor } from './candidates.ts'
import { isCoarse, leadsWithState, repeatsPredicate } from './coarse-designs.ts'
import { CostBook } from './cost-book.ts'
import { explainAdvice } from './explain-advice.ts'
import { foreignKeyStatements } from './foreign-key-statements.ts'
import { habitsOf } from './habits.ts'
import { type IndexDesign, identityOf, isServedBy, repeatsUnique } from './index-design.ts'
import { mergedDesigns } from './merge-designs.ts'
import { type PreparedStatement, prepareStatement } from './prepare-statement.ts'
import { redundantIndexes } from './redundant-indexes.ts'
import { proveRewrites } from './rewrites/prove-rewrites.ts'
import { Search } from './search.ts'
import { nameOf, type Surroundings } from './surroundings.ts'
import type { LeftOut, Workload } from './workload.ts'
import { writeCosts, writesOf } from './workload-writes.ts'
import type { TableWrites } from './write-cost.ts'

export interface AdviceRequest {
  readonly target: string
  readonly planner: WhatIfPlanner
  readonly surroundings: Surroundings
  readonly workload: Workload
  readonly budgetBytes: Bytes
  readonly mostIndexes: number
  /** Milliseconds since some moment; for the time taken. */
  readonly clock: () => number
  /** The best found so far is returned when it says so. */
  readonly isTimeUp: () => boolean
  readonly onProgress?: (text: string) => void
  /** Before the search: the texts that the planner will be asked about, to compare it with the target's own plans. */
  readonly onPrepared?: (asked: readonly AskedText[]) => Promise<void>
}

export interface AskedText {
  readonly id: string
  readonly sql: string
  readonly parameters: Parameters
  /** Of its statement's calls. */
  readonly weight: number
}

/** Beside the search's own time: a workload of hundreds of statements takes a second or two. */
const REWRITES_MS = 15_000

export type Advice = Omit<AdviceReport, 'planner'>

export async function advise(request: AdviceRequest): Promise<Advice> {
  const { planner, surroundings, workload, clock, onProgress = () => {} } = request
  const started = clock()
  const leftOut: LeftOut[] = [...workload.leftOut]
  const prepared = await prepareAll(workload, surroundings, leftOut)
  onProgress(`${prepared.length} statements read`)
  await planner.show(new Set())
  await request.onPrepared?.(
    prepared.flatMap(({ id, samples, isPlanned }) =>
      isPlanned ? samples.map(({ sql, parameters, weight }) => ({ id, sql, parameters, weight })) : [],
    ),
  )
  const { writes, changes } = await writesOf(prepared, planner, surroundings)
  const followers = await prepareAll(
    { statements: foreignKeyStatements(changes, surroundings), leftOut: [] },
    surroundings,
    leftOut,
  )
  const statements = [
    ...prepared,
    ...followers.map((each) => ({ ...each, foreignKey: each.id.replace(/^foreign key /, '') })),
  ]
  const book = new CostBook(planner, statements)
  await book.total(0n)
  for (const [number, message] of book.refused)
    leftOut.push({ id: statements[number]!.id, because: `the planner refuses it: ${message}` })
  const designs = gather(statements, surroundings).filter(
    ({ schema, table, include }) =>
      include.length === 0 || !isChurning(`${schema}.${table}`, surroundings, writes),
  )
  onProgress(`${designs.length} candidates`)
  const costOfWrites = writeCosts(book, surroundings, writes)
  const search = new Search(book, designs, (set) => costOfWrites(set).units, {
    budgetBytes: request.budgetBytes,
    mostIndexes: request.mostIndexes,
    mayBe: (design) => mayBe(design, surroundings, writes),
    isWritten: ({ schema, table }) => writes.has(`${schema}.${table}`),
    tableBytes: tableBytes(surroundings),
    leastFelt: (design) => leastFelt(design, surroundings, writes),
    isTimeUp: request.isTimeUp,
    onProgress: (phase, cost, indexes) =>
      onProgress(`${phase}: ${indexes} indexes, cost ${Math.round(cost).toLocaleString('en-US')} a minute`),
  })
  const { set, isFinished } = await search.run()
  onProgress('explaining')
  const redundant = planner.hidesExisting === false ? [] : await redundantIndexes(book, set, surroundings)
  const explained = await explainAdvice(book, set, surroundings, costOfWrites)
  onProgress('trying rewrites')
  await planner.show(new Set())
  const parse = await loadParser()
  const rewritesUntil = clock() + REWRITES_MS
  const rewrites = await proveRewrites({
    planner,
    surroundings,
    statements: workload.statements,
    parse,
    read: await loadSourceReader(parse),
    find: tableFinder(surroundings.tables, surroundings.searchPath),
    isTimeUp: () => clock() > rewritesUntil,
  })
  return {
    ...explained,
    target: request.target,
    budgetBytes: request.budgetBytes,
    tableBytes: tableBytes(surroundings),
    redundant,
    rewrites,
    leftOut,
    notes: notesOf(surroundings, prepared),
    search: {
      candidates: designs.length,
      explains: book.explains,
      answeredFromPlans: book.answered,
      tookMs: clock() - started,
      isFinished,
    },
  }
}

/**
 * Keys that an existing index has already are repeated only for a large gain: the new one's INCLUDE columns. On a table that is not
 * written a smaller gain is enough, and a small one where nothing is written at all.
 */
function leastFelt(
  design: IndexDesign,
  { indexes }: Surroundings,
  writes: ReadonlyMap<string, TableWrites>,
): number {
  const keys = { ...design, include: [] }
  if (indexes.some((existing) => isServedBy(keys, existing))) return 0.5
  if (writes.size === 0) return 0.01
  return writes.has(`${design.schema}.${design.table}`) ? 0.2 : 0.05
}

/** Designs that no figures could recommend. */
function mayBe(
  design: IndexDesign,
  surroundings: Surroundings,
  writes: ReadonlyMap<string, TableWrites>,
): boolean {
  const table = `${design.schema}.${design.table}`
  if (design.include.length > 0 && isChurning(table, surroundings, writes)) return false
  const figures = surroundings.tables.find((each) => nameOf(each) === table)
  if (repeatsPredicate(design)) return false
  if (figures !== undefined && (isCoarse(design, figures) || leadsWithState(design, figures))) return false
  return !surroundings.indexes.some((existing) => repeatsUnique(design, existing))
}

/**
 * A table of which a fifth changes in a day has few all-visible pages between two vacuums, whatever it shows now: an index-only scan
 * would visit the rows all the same.
 */
function isChurning(
  name: string,
  { tables }: Surroundings,
  writes: ReadonlyMap<string, TableWrites>,
): boolean {
  const written = writes.get(name)
  const rows = tables.find((table) => nameOf(table) === name)?.rows ?? 0
  if (written === undefined) return false
  const updated = written.updates.reduce((sum, { rowsPerMinute }) => sum + rowsPerMinute, 0)
  return (updated + written.deletesPerMinute) * 24 * 60 > 0.2 * rows
}

export function tableBytes({ tables }: Surroundings): Bytes {
  return tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

async function prepareAll(
  workload: Workload,
  surroundings: Surroundings,
  leftOut: LeftOut[],
): Promise<readonly PreparedStatement[]> {
  const parse = await loadParser()
  const normalise = await loadNormaliser()
  const find = tableFinder(surroundings.tables, surroundings.searchPath)
  const prepared: PreparedStatement[] = []
  for (const statement of workload.statements) {
    const each = prepareStatement(statement, parse, normalise, find, surroundings)
    if ('because' in each) leftOut.push(each)
    else prepared.push(each)
  }
  return prepared
}

function gather(
  statements: readonly PreparedStatement[],
  surroundings: Surroundings,
): readonly IndexDesign[] {
  const habits = habitsOf(
    statements.flatMap(({ sources }) =>
      sources.slice(0, 1).map(({ blocks, callsPerMinute }) => ({
        uses: blocks.flatMap(({ uses }) => uses),
        callsPerMinute,
      })),
    ),
  )
  const found = new Map<string, IndexDesign>()
  for (const { sources } of statements) {
    for (const source of sources) {
      for (const design of candidatesFor(source, surroundings, habits)) found.set(identityOf(design), design)
    }
  }
  const designs = [...found.values()]
  const tables = new Map(surroundings.tables.map((table) => [nameOf(table), table]))
  return [...designs, ...mergedDesigns(designs)].filter((design) => {
    const table = tables.get(`${design.schema}.${design.table}`)
    return table === undefined || !leadsWithState(design, table)
  })
}

function notesOf(surroundings: Surroundings, statements: readonly PreparedStatement[]): readonly string[] {
  const notes: string[] = []
  const mentioned = new Set(statements.flatMap(({ tables }) => [...tables]))
  const bare = surroundings.withoutStatistics.filter((name) => mentioned.has(name))
  if (bare.length > 0)
    notes.push(
      `No statistics for ${bare.slice(0, 5).join(', ')}${bare.length > 5 ? ` and ${bare.length - 5} more` : ''}: run ANALYZE, or grant the role pg_read_all_data or SELECT there. Advice for them rests on defaults.`,
    )
  if (
    !surroundings.extensions.has('pg_trgm') &&
    statements.some(({ sources }) =>
      sources.some(({ blocks }) =>
        blocks.some(({ uses }) =>
          uses.some(({ conditions }) =>
            conditions.some(({ operator }) => operator === 'ilike' || operator === 'like'),
          ),
        ),
      ),
    )
  )
    notes.push(
      'The extension pg_trgm is not installed: searches by LIKE and ILIKE were weighed without trigram indexes.',
    )
  const generic = statements.filter(({ valuesFrom }) => valuesFrom === 'generic').length
  if (generic > 0)
    notes.push(
      `${generic} statements have parameters for which no value is known: they were planned generically, which can't use partial indexes.`,
    )
  return notes
}
