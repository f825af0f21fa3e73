// Migrations as texts in, statements with their transactions out. How a tool runs a file decides what a lock is held for, and whether
// CONCURRENTLY can work at all.

import type { Runner } from '../model/review.ts'
import type { MigrationText } from '../prisma/read-migration-files.ts'
import type { ScriptReader, ScriptStatement } from '../sql/parse/read-script.ts'
import type { Operation } from './operation.ts'
import { operationsOf } from './operations-of.ts'

export interface MigrationStatement extends ScriptStatement {
  readonly operations: readonly Operation[]
  /** Statements of one number share a transaction. */
  readonly transaction: number
  readonly isInTransactionBlock: boolean
}

export interface Migration {
  readonly name: string
  readonly path: string
  readonly statements: readonly MigrationStatement[]
}

export function readMigrations(
  texts: readonly MigrationText[],
  runner: Runner,
  read: ScriptReader,
): readonly Migration[] {
  let transaction = 0
  return texts.map(({ name, path, text }) => {
    const statements = read(text)
    const isWhole = wrapsFile(runner, statements.length)
    let isOpen = false
    transaction += 1
    return {
      name,
      path,
      statements: statements.map((statement) => {
        const change = transactionChange(statement)
        if (change === 'begin') isOpen = true
        if (!isWhole && !isOpen && change === null) transaction += 1
        const placed = {
          ...statement,
          operations: statement.node === null ? [] : operationsOf(statement.node, statement.sql),
          transaction,
          isInTransactionBlock: isWhole || isOpen,
        }
        if (change === 'end') {
          isOpen = false
          transaction += 1
        }
        return placed
      }),
    }
  })
}

/**
 * Prisma sends a file as one text, which PostgreSQL runs as one transaction when it holds several statements. Drizzle, Knex,
 * node-pg-migrate and Flyway begin a transaction around each by default. psql commits after each statement.
 */
function wrapsFile(runner: Runner, statements: number): boolean {
  return runner === 'prisma' ? statements > 1 : runner !== 'psql'
}

function transactionChange({ node }: ScriptStatement): 'begin' | 'end' | null {
  if (node === null || !('TransactionStmt' in node)) return null
  const { kind } = node.TransactionStmt
  if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') return 'begin'
  return kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK' ? 'end' : null
}
