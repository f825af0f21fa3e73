// What is dangerous about the statements of migrations: who waits, for how long, what is lost, what fails. Pure.

import type { Evidence } from '../model/finding.ts'
import type { ReviewFinding } from '../model/review.ts'
import { contextFindings } from './judge-migrations.ts'
import { BLOCKING, GIVEN_UP_MS, lockSeverity, shownName, spanEvidence } from './lock-severity.ts'
import type { Migration } from './read-migrations.ts'
import type { StatementInReview } from './review-statements.ts'
import type { Sizes } from './sizes.ts'

export function judgeStatements(
  migrations: readonly Migration[],
  statements: readonly StatementInReview[],
  sizes: Sizes | null,
): readonly ReviewFinding[] {
  return [
    ...statements.flatMap((statement) => [
      ...refusals(statement),
      ...lockFindings(statement),
      ...losses(statement, sizes),
      ...breaks(statement, sizes),
      ...rowFailures(statement, sizes),
    ]),
    ...contextFindings(migrations, statements, sizes),
  ]
}

const UNNOTICED_MS = 100

/** One finding a statement that works while others wait: its strongest lock tells. */
function lockFindings(statement: StatementInReview): readonly ReviewFinding[] {
  const { locks, work, takes, source } = statement
  const blocking = locks
    .filter(({ blocks }) => BLOCKING.includes(blocks))
    .toSorted((one, other) => BLOCKING.indexOf(one.blocks) - BLOCKING.indexOf(other.blocks))
  const strongest = blocking.find(({ name }) => work.some(({ table }) => table === name)) ?? blocking[0]
  const updated = work.find(({ kind }) => kind === 'update')
  if (updated !== undefined) return [backfill(statement, updated)]
  if (strongest === undefined || work.length === 0 || (takes !== null && takes.highMs < UNNOTICED_MS))
    return []
  const severity = lockSeverity(strongest.blocks, takes)
  const done = [...new Set(work.map(({ kind }) => WORK_WORDS[kind]))].join(' and ')
  const tables = [...new Set(work.map(({ table }) => table))].join(', ')
  return [
    {
      rule: 'blocking-lock',
      severity,
      migration: statement.migration,
      line: statement.line,
      subject: shownName(strongest),
      summary: `${strongest.blocks === 'writes' ? 'writes' : 'reads and writes'} of ${strongest.name} wait while the statement ${done} ${tables}`,
      evidence: [
        { label: 'lock', value: strongest.mode },
        ...work.flatMap(({ table, rows, sizeBytes }): Evidence[] =>
          rows === null || sizeBytes === null
            ? []
            : [
                { label: `${table} rows`, value: rows, unit: 'count' },
                { label: `${table} size`, value: sizeBytes, unit: 'bytes' },
              ],
        ),
        ...spanEvidence(takes),
      ],
      safer: source.operations.flatMap(({ safer }) => safer),
    },
  ]
}

const WORK_WORDS = {
  scan: 'reads all of',
  rewrite: 'writes anew all of',
  'index-build': 'builds an index on',
  update: 'changes rows of',
} as const

/** More rows in one transaction bloat the table, hold row locks and make replicas lag. */
const BATCH_ROWS = 10_000

function backfill(
  statement: StatementInReview,
  { table, schema, rows, sizeBytes }: StatementInReview['work'][number],
): ReviewFinding {
  const { takes, source, kinds } = statement
  const isLong = takes !== null && takes.highMs >= GIVEN_UP_MS
  return {
    rule: 'backfill',
    severity: rows === null || (rows > BATCH_ROWS && isLong) ? 'warning' : 'info',
    migration: statement.migration,
    line: statement.line,
    subject: shownName({ schema, name: table }),
    summary:
      rows === null
        ? `${kinds.join(', ')} of ${table} in one transaction: on many rows it holds their locks for long and bloats the table`
        : `${kinds.join(', ')} of ${Math.round(rows).toLocaleString('en-US')} rows of ${table} in one transaction, whose locks are held to its end`,
    evidence: [
      ...(rows === null ? [] : [{ label: 'rows changed', value: Math.round(rows), unit: 'count' as const }]),
      ...(sizeBytes === null ? [] : [{ label: 'table size', value: sizeBytes, unit: 'bytes' as const }]),
      ...spanEvidence(takes),
    ],
    safer: rows !== null && rows <= BATCH_ROWS ? [] : source.operations.flatMap(({ safer }) => safer),
  }
}

function losses(statement: StatementInReview, sizes: Sizes | null): readonly ReviewFinding[] {
  return statement.source.operations.flatMap(({ loses }) => {
    if (loses === undefined) return []
    const size = sizes?.find(loses.of) ?? null
    if (sizes !== null && (size === null || size.rows === 0)) return []
    return {
      rule: 'data-loss',
      severity: 'warning' as const,
      migration: statement.migration,
      line: statement.line,
      subject: shownName(size ?? loses.of),
      summary: `${loses.what} can't be brought back but from a backup`,
      evidence: size === null ? [] : [{ label: 'rows', value: size.rows, unit: 'count' as const }],
      safer: [],
    }
  })
}

function breaks(statement: StatementInReview, sizes: Sizes | null): readonly ReviewFinding[] {
  return statement.source.operations.flatMap(({ breaks: broken, safer }) => {
    if (broken === undefined || (sizes !== null && sizes.find(broken.of) === null)) return []
    return {
      rule: 'breaks-running-code',
      severity: 'warning' as const,
      migration: statement.migration,
      line: statement.line,
      subject: shownName(sizes?.find(broken.of) ?? broken.of),
      summary: `code that runs while this is deployed still asks for ${broken.what}, and fails`,
      evidence: [],
      safer,
    }
  })
}

function rowFailures(statement: StatementInReview, sizes: Sizes | null): readonly ReviewFinding[] {
  return statement.source.operations.flatMap(({ failsOnRows }) => {
    if (failsOnRows === undefined) return []
    const size = sizes?.find(failsOnRows.on) ?? null
    if (sizes !== null && (size === null || size.rows === 0)) return []
    return {
      rule: 'fails-on-rows',
      severity: size === null ? ('warning' as const) : ('critical' as const),
      migration: statement.migration,
      line: statement.line,
      subject: shownName(size ?? failsOnRows.on),
      summary: `it fails ${size === null ? 'where the table has rows' : 'on the target'}: ${failsOnRows.because}`,
      evidence: size === null ? [] : [{ label: 'rows', value: size.rows, unit: 'count' as const }],
      safer: [],
    }
  })
}

/** What the host of the twin lacks says nothing about the target. */
const LACKS_OF_THE_TWIN =
  /could not open extension control file|extension .* is not available|access method .* does not exist|tablespace .* does not exist|language .* does not exist/

function refusals(statement: StatementInReview): readonly ReviewFinding[] {
  const { error, source } = statement
  const problem = source.problem ?? error
  if (problem === null) return []
  const isCommand = source.sql.startsWith('\\')
  const isLack = source.problem === null && LACKS_OF_THE_TWIN.test(problem)
  return [
    {
      rule: source.problem === null ? 'statement-refused' : 'unreadable',
      severity: isCommand ? 'info' : source.problem !== null || isLack ? 'warning' : 'critical',
      migration: statement.migration,
      line: statement.line,
      subject: source.sql.split('\n')[0]!.slice(0, 60),
      summary:
        source.problem !== null
          ? `it is no SQL that PostgreSQL reads: ${problem}`
          : isLack
            ? `the twin can't run it: ${problem}`
            : `PostgreSQL refuses it on the target's schema: ${problem}`,
      evidence: [],
      safer: [],
    },
  ]
}
