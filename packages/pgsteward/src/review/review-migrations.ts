// A review of migrations: by the manual alone, or on twins built from a target's statistics, before and after.

import type { Node } from 'libpg-query'
import { SEVERITIES } from '../model/finding.ts'
import type { ReplannedStatement, ReviewFinding, ReviewReport, Runner } from '../model/review.ts'
import type { BuiltTwin } from '../twin/build-twin.ts'
import { explainAsWritten } from '../twin/explain.ts'
import type { TwinHost } from '../twin/hosts/host.ts'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import { type AppliedMigrations, applyMigrations } from './apply-migration.ts'
import { judgePlans, type LostIndex } from './judge-plans.ts'
import { judgeStatements } from './judge-statements.ts'
import type { Migration } from './read-migrations.ts'
import { planAll, type StatementToPlan, sideBySide } from './replan.ts'
import { reviewStatements } from './review-statements.ts'
import { type NewIndex, sizeNewIndexes } from './size-new-indexes.ts'
import { sizesOfTables } from './sizes.ts'

/** A change of the schema, and the extensions that it wants, which a host must have from its start. */
export interface SchemaChange {
  readonly extensions: readonly string[]
  readonly apply: (host: TwinHost, file: StatisticsFile) => Promise<StatisticsFile>
}

/** Builds a twin, hands it to `use` and closes it. */
export type WithTwin = <T>(change: SchemaChange | null, use: (twin: BuiltTwin) => Promise<T>) => Promise<T>

export interface ReviewRequest {
  readonly migrations: readonly Migration[]
  readonly runner: Runner
  /** Null: what the manual says, without sizes and plans. */
  readonly sized: {
    readonly target: string
    readonly file: StatisticsFile
    readonly withTwin: WithTwin
    readonly workload: readonly StatementToPlan[]
  } | null
  /** Whether a statement may run on the twin; what may not is judged by the manual. Default: all may. */
  readonly mayRun?: (node: Node) => boolean
  readonly onProgress: (text: string) => void
}

export async function reviewMigrations(request: ReviewRequest): Promise<ReviewReport> {
  const { migrations, runner, sized } = request
  const base = { runner, migrations: migrations.map(({ name }) => name) }
  if (sized === null) {
    const statements = reviewStatements(migrations, null, null, new Map())
    return {
      ...base,
      target: null,
      sizesAt: null,
      planner: null,
      statements: statements.map(({ source, number, ...statement }) => statement),
      findings: byGravity(judgeStatements(migrations, statements, null)),
      plans: null,
      notes: ['Sizes are not known: give a URL or --stats FILE for durations and plans.'],
    }
  }
  const { file, withTwin, workload } = sized
  request.onProgress('planning the workload as it is')
  const before = await withTwin(null, async ({ planner, leftOut }) => {
    planner.beVerbose()
    return {
      plans: await planAll(planner, file, workload),
      changedRows: await changedRows(planner, migrations),
      planner: { kind: planner.kind, versionNum: planner.versionNum },
      lacks: leftOut.map(({ kind, name, because }) => `The twin lacks the ${kind} ${name}: ${because}`),
    }
  })
  const after = migrations.length === 0 ? null : await afterwards(request, sized)
  const done = after?.done ?? null
  const sizes = sizesOfTables(file)
  const statements = reviewStatements(migrations, done, sizes, before.changedRows)
  const plans = sideBySide(workload, before.plans, after?.plansAfter ?? before.plans)
  return {
    ...base,
    target: sized.target,
    sizesAt: file.takenAt,
    planner: before.planner,
    statements: statements.map(({ source, number, ...statement }) => statement),
    findings: byGravity([
      ...judgeStatements(migrations, statements, sizes),
      ...judgePlans(plans, lostIndexes(file, done?.file ?? file)),
      ...(done === null ? [] : lostStatistics(done)),
    ]),
    plans,
    notes: [
      ...before.lacks.slice(0, MOST_LACKS),
      ...notesOf(file, before.planner.versionNum, after?.newIndexes ?? [], plans),
    ],
  }
}

const MOST_LACKS = 10

async function afterwards(
  { migrations, mayRun, onProgress }: ReviewRequest,
  { file, withTwin, workload }: NonNullable<ReviewRequest['sized']>,
) {
  onProgress('applying the migrations')
  const seen: AppliedMigrations[] = []
  const change: SchemaChange = {
    extensions: migrations.flatMap(({ statements }) =>
      statements.flatMap(({ node }) =>
        node !== null && 'CreateExtensionStmt' in node ? (node.CreateExtensionStmt.extname ?? []) : [],
      ),
    ),
    apply: async (host) => {
      const applied = await applyMigrations(host, file, migrations, mayRun)
      seen.push(applied)
      return applied.file
    },
  }
  return withTwin(change, async (twin) => {
    const done = seen[0]!
    const newIndexes = await sizeNewIndexes(twin, done.file)
    onProgress('planning the workload as it would be')
    twin.planner.beVerbose()
    return { done, newIndexes, plansAfter: await planAll(twin.planner, done.file, workload) }
  })
}

/** Rows that each UPDATE or DELETE changes by the planner's estimate, on the schema as it is; those that fail there have none. */
async function changedRows(
  planner: BuiltTwin['planner'],
  migrations: readonly Migration[],
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>()
  for (const { name, statements } of migrations) {
    for (const { node, sql, line } of statements) {
      if (node === null || !('UpdateStmt' in node || 'DeleteStmt' in node)) continue
      const answer = await explainAsWritten((parameters) => planner.explain(sql, parameters))
      const scan = 'error' in answer ? undefined : answer.plan.Plans?.[0]
      if (scan !== undefined) rows.set(`${name} ${line}`, scan['Plan Rows'])
    }
  }
  return rows
}

function lostIndexes(before: StatisticsFile, after: StatisticsFile): readonly LostIndex[] {
  const left = new Set(
    after.tables.flatMap((table) => table.indexes.map((index) => `${index.schema}.${index.name}`)),
  )
  // a renamed index keeps its definition's place: it is lost only when fewer of the table are left
  return before.tables.flatMap((table) =>
    table.indexes
      .filter((index) => !left.has(`${index.schema}.${index.name}`))
      .map(({ schema, name }) => ({ schema, name, table: table.name })),
  )
}

function lostStatistics({ lostStatistics: columns }: AppliedMigrations): readonly ReviewFinding[] {
  if (columns.length === 0) return []
  const tables = [...new Set(columns.map((column) => column.slice(0, column.lastIndexOf('.'))))]
  return [
    {
      rule: 'statistics-lost',
      severity: 'info',
      migration: null,
      line: null,
      subject: columns.slice(0, 3).join(', '),
      summary: 'the planner knows nothing of a column whose type was changed, until the table is analysed',
      evidence: [{ label: 'columns', value: columns.length, unit: 'count' }],
      safer: tables.map((table) => `analyze ${table}`),
    },
  ]
}

function notesOf(
  file: StatisticsFile,
  versionNum: number,
  newIndexes: readonly NewIndex[],
  plans: readonly ReplannedStatement[],
): readonly string[] {
  const notes: string[] = []
  if (plans.length === 0) notes.push('The workload holds no statement: nothing is known of plans.')
  const [planner, target] = [versionNum, file.server.versionNum].map((each) => Math.floor(each / 10_000))
  if (planner !== target)
    notes.push(`Locks and plans are PostgreSQL ${planner}'s; the target is PostgreSQL ${target}.`)
  const unplanned = plans.filter(({ errorBefore, errorAfter }) => errorBefore !== null && errorAfter !== null)
  if (unplanned.length > 0)
    notes.push(
      `${unplanned.length} of ${plans.length} statements plan neither before nor after, and tell nothing; the first, ${unplanned[0]!.id}: ${unplanned[0]!.errorBefore}`,
    )
  for (const { name, sizeBytes } of newIndexes)
    notes.push(
      `Index ${name} would take about ${Math.max(1, Math.round(sizeBytes / 1024 ** 2)).toLocaleString('en-US')} MB.`,
    )
  notes.push(
    'Durations are predictions for an idle server; plans are as right after the migration, before an ANALYZE.',
  )
  return notes
}

export function byGravity(findings: readonly ReviewFinding[]): readonly ReviewFinding[] {
  return findings.toSorted(
    (one, other) => SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity),
  )
}
