// What is dangerous about migrations as a whole: transactions that hold locks for longer than a statement needs, statements that can't
// run in one, and locks that are waited for without end.

import type { ReviewFinding } from '../model/review.ts'
import { BLOCKING, lockSeverity, shownName, spanEvidence } from './lock-severity.ts'
import type { Migration } from './read-migrations.ts'
import type { StatementInReview } from './review-statements.ts'
import type { Sizes } from './sizes.ts'

export function contextFindings(
  migrations: readonly Migration[],
  statements: readonly StatementInReview[],
  sizes: Sizes | null,
): readonly ReviewFinding[] {
  return [
    ...statements.flatMap((statement) => [
      ...outsideOnly(statement),
      ...heldFor(statement, statements),
      ...newEnumValue(statement, statements),
    ]),
    ...migrations.flatMap((migration) => withoutTimeout(migration, statements, sizes)),
  ]
}

function outsideOnly(statement: StatementInReview): readonly ReviewFinding[] {
  const { source } = statement
  const never = source.operations.find(({ neverInTransaction }) => neverInTransaction)
  if (never === undefined || !source.isInTransactionBlock) return []
  return [
    {
      rule: 'not-in-a-transaction',
      severity: 'critical',
      migration: statement.migration,
      line: statement.line,
      subject: never.kind,
      summary: `${never.kind.replaceAll('-', ' ')} cannot run inside a transaction block, and this file runs as one: the migration fails`,
      evidence: [],
      safer: [`${source.sql.replace(/\s+/g, ' ')} -- alone in a migration of its own`],
    },
  ]
}

/** A short statement's lock that is kept while later ones of its transaction work. */
function heldFor(statement: StatementInReview, all: readonly StatementInReview[]): readonly ReviewFinding[] {
  const { held, takes, locks } = statement
  if (statement.transaction === 'own' || held === null || takes === null) return []
  const strongest = BLOCKING.flatMap((blocks) => locks.filter((lock) => lock.blocks === blocks))[0]
  if (strongest === undefined) return []
  const [alone, together] = [lockSeverity(strongest.blocks, takes), lockSeverity(strongest.blocks, held)]
  const earlier = all.some(
    (each) =>
      each.number === statement.number &&
      (each.migration !== statement.migration || each.line < statement.line) &&
      each.locks.some(({ name, blocks }) => name === strongest.name && blocks === strongest.blocks),
  )
  if (together === 'info' || together === alone || earlier) return []
  return [
    {
      rule: 'lock-held',
      severity: together,
      migration: statement.migration,
      line: statement.line,
      subject: shownName(strongest),
      summary: `its lock on ${strongest.name} is held until the transaction's later statements are done: ${strongest.blocks} wait as long`,
      evidence: [{ label: 'lock', value: strongest.mode }, ...spanEvidence(held)],
      safer: ['-- put the slow statements into a migration of their own'],
    },
  ]
}

function newEnumValue(
  statement: StatementInReview,
  all: readonly StatementInReview[],
): readonly ReviewFinding[] {
  const { node, isInTransactionBlock } = statement.source
  if (node === null || !('AlterEnumStmt' in node) || !isInTransactionBlock) return []
  const value = node.AlterEnumStmt.newVal ?? ''
  const user = all.find(
    (each) =>
      each.number === statement.number &&
      each.line > statement.line &&
      each.source.sql.includes(`'${value}'`),
  )
  if (user === undefined) return []
  return [
    {
      rule: 'new-enum-value-used',
      severity: 'critical',
      migration: statement.migration,
      line: user.line,
      subject: `'${value}'`,
      summary: `the value is added by the same transaction, where PostgreSQL refuses to use it ("unsafe use of new value")`,
      evidence: [],
      safer: [`${statement.source.sql} -- in a migration before this one`],
    },
  ]
}

/** From here on somebody is likely at work on a table when a migration comes. */
const BUSY_ROWS = 10_000

/**
 * A statement that waits for a lock stands in a queue, and everything that comes later waits behind it: one long query is enough to
 * stop a table that the migration needs for a millisecond.
 */
function withoutTimeout(
  { name, statements: sources }: Migration,
  all: readonly StatementInReview[],
  sizes: Sizes | null,
): readonly ReviewFinding[] {
  const own = all.filter(({ migration }) => migration === name)
  const guarded = sources.findIndex(({ node, sql }) => {
    if (node !== null && 'VariableSetStmt' in node) return node.VariableSetStmt.name === 'lock_timeout'
    return /set_config\s*\(\s*'lock_timeout'/i.test(sql)
  })
  const risky = own.flatMap(({ locks, line }, place) =>
    guarded >= 0 && place > guarded
      ? []
      : locks
          .filter(({ blocks }) => BLOCKING.includes(blocks))
          .map((lock) => ({ lock, line, rows: sizes?.find(lock)?.rows ?? null })),
  )
  const first = risky.toSorted((one, other) => (other.rows ?? 0) - (one.rows ?? 0))[0]
  if (first === undefined) return []
  const tables = [...new Set(risky.map(({ lock }) => lock.name))]
  return [
    {
      rule: 'no-lock-timeout',
      severity: sizes === null || (first.rows ?? 0) >= BUSY_ROWS ? 'warning' : 'info',
      migration: name,
      line: first.line,
      subject: shownName(first.lock),
      summary: `no lock_timeout: behind one long query the migration waits for ${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ' ...' : ''}, and every later query waits behind the migration`,
      evidence: [{ label: 'lock', value: first.lock.mode }],
      safer: [`set lock_timeout = '3s' -- first in the file, and try again when it fails`],
    },
  ]
}
