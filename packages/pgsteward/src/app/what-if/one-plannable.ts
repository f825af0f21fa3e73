// A text that shall be planned and nothing else: one statement that has a plan, by PostgreSQL's own parser. What comes from a stranger
// goes no further otherwise.

import type { Node } from 'libpg-query'
import { StewardError } from '../../model/error.ts'
import type { Parser } from '../../sql/parse/parse-statements.ts'

const PLANNABLE = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']

/** The text to plan, without its end. Throws 'usage', with what to send instead. */
export function onePlannable(sql: string, parse: Parser): string {
  const bare = sql.trim()
  if (/^\\/.test(bare))
    throw refused('a command of psql is no SQL', 'Send the statement that the command stands for.')
  const parsed = parse(bare)
  if ('problem' in parsed)
    throw refused(
      `this cannot be read as SQL: ${parsed.problem}`,
      'Send one complete statement; $1, $2 ... may stand for values.',
    )
  const [statement, ...more] = parsed.statements
  if (statement === undefined || more.length > 0)
    throw refused(
      `these are ${parsed.statements.length} statements, and one is planned at a time`,
      'Ask once for each.',
    )
  if (!PLANNABLE.some((kind) => kind in statement) || hasInto(statement))
    throw refused(`${nameOf(statement)} has no plan to show`, hintFor(statement))
  return parsed.text.replace(/[\s;]+$/, '')
}

/** SELECT INTO makes a table: a statement of another kind. */
function hasInto(statement: Node): boolean {
  return 'SelectStmt' in statement && statement.SelectStmt.intoClause !== undefined
}

function nameOf(statement: Node): string {
  if ('SelectStmt' in statement) return 'SELECT INTO'
  const [kind = 'a statement of this kind'] = Object.keys(statement)
  return kind
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}

function hintFor(statement: Node): string {
  if ('ExplainStmt' in statement)
    return 'Leave out EXPLAIN: the statement alone is planned, and never executed.'
  if ('PrepareStmt' in statement || 'ExecuteStmt' in statement)
    return 'Send the statement itself, with $1, $2 ... and their values.'
  return 'SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES are planned; what changes a schema is reviewed (review_migration).'
}

function refused(message: string, hint: string): StewardError {
  return new StewardError('usage', message, { hint })
}
