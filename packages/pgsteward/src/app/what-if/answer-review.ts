// review: a migration's text on twins in WebAssembly. It comes from a stranger, so nothing of it runs that carries code of its own, and
// what runs has neither this machine's files nor its processes.

import type { Node } from 'libpg-query'
import { StewardError } from '../../model/error.ts'
import type { ReviewReport } from '../../model/review.ts'
import { addressOf } from '../../postgres/connect-error.ts'
import { readMigrations } from '../../review/read-migrations.ts'
import { reviewMigrations } from '../../review/review-migrations.ts'
import { loadScriptReader } from '../../sql/parse/read-script.ts'
import { twinsOf } from '../review/run-review.ts'
import { statementsToPlan } from '../workload/statements-to-plan.ts'
import { surroundingsOfStatistics } from '../workload/surroundings-of-statistics.ts'
import type { TwinBench } from './twin-bench.ts'
import type { ReviewAnswer, ReviewQuestion } from './what-if-question.ts'

const MOST_STATEMENTS = 200

export async function answerReview(
  bench: TwinBench,
  order: { readonly url: string; readonly cacheDir: string },
  { sql, runner, workload }: ReviewQuestion,
  onProgress: (text: string) => void,
): Promise<ReviewAnswer> {
  const migrations = readMigrations(
    [{ name: 'migration', path: 'migration', text: sql }],
    runner,
    await loadScriptReader(),
  )
  const statements = migrations.flatMap((each) => each.statements)
  refuseUnfit(statements)
  const file = await bench.statistics(order.url, onProgress)
  // two twins are built beside it: three would take three times the memory
  await bench.close()
  const report = await reviewMigrations({
    migrations,
    runner,
    sized: {
      target: addressOf(order.url),
      file,
      withTwin: await twinsOf(file, { host: 'pglite', cacheDir: order.cacheDir, onProgress }),
      workload: await statementsToPlan(workload, surroundingsOfStatistics(file), () => false),
    },
    mayRun: carriesNoCode,
    onProgress,
  })
  return { kind: 'review', report: { ...report, notes: [...notRunNotes(statements), ...report.notes] } }
}

type Statements = ReturnType<typeof readMigrations>[number]['statements']

function refuseUnfit(statements: Statements): void {
  if (statements.length === 0)
    throw new StewardError('usage', 'the migration holds no statement', {
      hint: 'Send the SQL of the migration: alter table parcel add column note text',
    })
  if (statements.length > MOST_STATEMENTS)
    throw new StewardError('usage', `the migration holds ${statements.length} statements`, {
      hint: `Send ${MOST_STATEMENTS} at most, or review it on your own machine: pgsteward review.`,
    })
  const command = statements.find(({ sql }) => sql.startsWith('\\'))
  if (command !== undefined)
    throw new StewardError('usage', `line ${command.line} is a command of psql, no SQL`, {
      hint: 'Leave such lines out.',
    })
  const [first] = statements
  if (first !== undefined && statements.every(({ node }) => node === null))
    throw new StewardError('usage', `this cannot be read as SQL: ${first.problem}`, {
      hint: 'Send the SQL of the migration.',
    })
}

/** DO, CREATE FUNCTION, CREATE TABLE AS and all else that could run what a stranger wrote is judged by the manual alone. */
const RUN: ReadonlySet<string> = new Set([
  'AlterDomainStmt',
  'AlterEnumStmt',
  'AlterObjectSchemaStmt',
  'AlterOwnerStmt',
  'AlterSeqStmt',
  'AlterTableStmt',
  'CommentStmt',
  'CompositeTypeStmt',
  'CreateDomainStmt',
  'CreateEnumStmt',
  'CreateExtensionStmt',
  'CreateSchemaStmt',
  'CreateSeqStmt',
  'CreateStatsStmt',
  'CreateStmt',
  'DropStmt',
  'GrantStmt',
  'IndexStmt',
  'RenameStmt',
  'TruncateStmt',
  'VariableSetStmt',
  'ViewStmt',
])
/** Judged without being run in every review: they change rows, or transactions. */
const NEVER_RUN: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'CopyStmt',
  'VacuumStmt',
  'TransactionStmt',
])

export function carriesNoCode(node: Node): boolean {
  const [kind = ''] = Object.keys(node)
  return RUN.has(kind)
}

function notRunNotes(statements: Statements): ReviewReport['notes'] {
  const kept = statements.filter(
    ({ node }) => node !== null && !carriesNoCode(node) && !NEVER_RUN.has(Object.keys(node)[0] ?? ''),
  )
  if (kept.length === 0) return []
  const lines = kept.map(({ line }) => line).join(', ')
  return [
    `What carries code, or is seldom seen, is judged by the manual and was not run on the twin (line ${lines}): pgsteward review on your own machine runs it.`,
  ]
}
