// A list of indexes as people write it: CREATE INDEX statements, or JSON with table and columns (what `advise --json` prints as well).

import { z } from 'zod'
import { readIndexStatement } from '../sql/index-definition.ts'
import { objectName } from '../sql/object-name.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'
import type { ScriptReader } from '../sql/parse/read-script.ts'
import { ident } from '../sql/quote.ts'
import type { Declared, DeclaredIndex, Problem } from './declared-index.ts'
import { migrationIndexes } from './migration-indexes.ts'

const listed = z.object({
  schema: z.string().optional(),
  table: z.string(),
  name: z.string().optional(),
  columns: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
  include: z.array(z.string()).optional(),
  where: z.string().nullish(),
  method: z.string().optional(),
  unique: z.boolean().optional(),
  isUnique: z.boolean().optional(),
  definition: z.string().optional(),
})

/** A list under "indexes", or the list itself. Null: it is none. */
export function indexList(parsed: unknown): readonly unknown[] | null {
  const { indexes } = (parsed ?? {}) as { indexes?: unknown }
  return [parsed, indexes].find((each): each is unknown[] => Array.isArray(each)) ?? null
}

/** Each entry is SQL, or an object; one that is not understood is a problem of its own. */
export function listedIndexes(
  list: readonly unknown[],
  path: string,
  parse: Parser,
  readScript: ScriptReader,
): Declared {
  const indexes: DeclaredIndex[] = []
  const problems: Problem[] = []
  for (const [place, entry] of list.entries()) {
    const where = `${path} entry ${place + 1}`
    if (typeof entry === 'string') {
      const read = migrationIndexes([{ path: where, text: entry }], readScript)
      indexes.push(...read.indexes.map((index) => ({ ...index, declaredIn: [where] })))
      problems.push(...read.problems.map(({ because }) => ({ where, because })))
      if (read.indexes.length === 0 && read.problems.length === 0)
        problems.push({ where, because: 'it is no CREATE INDEX' })
      continue
    }
    const checked = listed.safeParse(entry)
    const sql = checked.success ? sqlOf(checked.data) : null
    const parsed = sql === null ? null : parse(sql)
    const node = parsed === null || 'problem' in parsed ? undefined : parsed.statements[0]
    if (!checked.success || node === undefined || !('IndexStmt' in node)) {
      const because = !checked.success
        ? (z.prettifyError(checked.error).split('\n')[0] ?? 'it is not understood')
        : parsed === null
          ? 'it has no columns'
          : 'problem' in parsed
            ? parsed.problem
            : 'it is no index'
      problems.push({ where, because })
      continue
    }
    const definition = readIndexStatement(node.IndexStmt)
    const words = definition.keys.map(({ column, sql: key }) => column ?? /^(\w+)\(/.exec(key)?.[1] ?? 'expr')
    indexes.push({
      ...definition,
      name: definition.name ?? objectName(definition.table, words, 'idx'),
      isNamed: definition.name !== null,
      constraint: null,
      declaredIn: [where],
    })
  }
  return { indexes, problems }
}

/** Null: neither columns nor a definition. */
function sqlOf(entry: z.output<typeof listed>): string | null {
  const keys = entry.columns ?? entry.keys ?? []
  if (keys.length === 0 && entry.definition === undefined) return null
  const unique = entry.unique === true || entry.isUnique === true ? 'unique ' : ''
  const table = `${entry.schema === undefined ? '' : `${ident(entry.schema)}.`}${ident(entry.table)}`
  const name = entry.name === undefined ? '' : `${ident(entry.name)} `
  if (keys.length === 0) return `create ${unique}index ${name}on ${table} ${entry.definition}`
  const include = entry.include ?? []
  const rest = [
    ...(include.length === 0 ? [] : [`include (${include.map(columnSql).join(', ')})`]),
    ...(entry.where == null ? [] : [`where ${entry.where}`]),
  ]
  return `create ${unique}index ${name}on ${table} using ${entry.method ?? 'btree'} (${keys.map(columnSql).join(', ')}) ${rest.join(' ')}`
}

/** A name alone is a column as it is written, capitals and all; anything else is SQL. */
function columnSql(text: string): string {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(text) ? ident(text) : text
}
