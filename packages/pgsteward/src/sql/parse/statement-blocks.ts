// The blocks of a statement: each SELECT, UPDATE or DELETE in it with its own tables and conditions, by names alone.

import type { ColumnRef, Node, SelectStmt } from 'libpg-query'
import { fieldsOf } from './expression-sql.ts'
import { conjuncts } from './walk.ts'

export interface NamedTable {
  /** Null: found along the search path. */
  readonly schema: string | null
  readonly name: string
  readonly alias: string
}

export interface NamedColumn {
  /** The table that it may belong to: one where it is qualified or the block has one only. */
  readonly of: readonly NamedTable[]
  readonly column: string
}

export interface StatementBlock {
  readonly tables: readonly NamedTable[]
  /** Arms of WHERE and ON that must all hold. */
  readonly conditions: readonly Node[]
  /** SET of an UPDATE. */
  readonly assigned: readonly Node[]
  readonly isOutermost: boolean
  /** Null: of an UPDATE or DELETE. */
  readonly select: SelectStmt | null
}

export function blocksOf(statement: Node): readonly StatementBlock[] {
  const blocks: StatementBlock[] = []
  const visit = (value: unknown, isOutermost: boolean): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, false)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const isBlock = key === 'SelectStmt' || key === 'UpdateStmt' || key === 'DeleteStmt'
      // the arms of a UNION hang there without a node of their own
      if (isBlock || key === 'larg' || key === 'rarg') addBlock(inner, isOutermost && isBlock)
      visit(inner, false)
    }
  }
  const addBlock = (node: unknown, isOutermost: boolean): void => {
    const { fromClause, relation, usingClause, whereClause, targetList } = node as {
      fromClause?: Node[]
      relation?: { schemaname?: string; relname?: string; alias?: { aliasname?: string } }
      usingClause?: Node[]
      whereClause?: Node
      targetList?: Node[]
    }
    const tables: NamedTable[] = []
    const conditions: Node[] = [...conjuncts(whereClause)]
    if (relation?.relname !== undefined) tables.push(tableOf(relation))
    for (const item of [...(fromClause ?? []), ...(usingClause ?? [])]) addFrom(item, tables, conditions)
    if (tables.length === 0) return
    blocks.push({
      tables,
      conditions,
      assigned: relation === undefined ? [] : (targetList ?? []),
      isOutermost,
      select: relation === undefined ? (node as SelectStmt) : null,
    })
  }
  visit(statement, true)
  return blocks
}

function addFrom(item: Node, tables: NamedTable[], conditions: Node[]): void {
  if ('RangeVar' in item) tables.push(tableOf(item.RangeVar))
  else if ('JoinExpr' in item) {
    const { larg, rarg, quals } = item.JoinExpr
    if (larg !== undefined) addFrom(larg, tables, conditions)
    if (rarg !== undefined) addFrom(rarg, tables, conditions)
    conditions.push(...conjuncts(quals))
  }
}

function tableOf({
  schemaname,
  relname = '',
  alias,
}: {
  schemaname?: string
  relname?: string
  alias?: { aliasname?: string }
}): NamedTable {
  return { schema: schemaname ?? null, name: relname, alias: alias?.aliasname ?? relname }
}

/** One list a table, not one a column: traits are kept for thousands of statements. */
const ALONE = new WeakMap<NamedTable, readonly NamedTable[]>()

function alone(table: NamedTable): readonly NamedTable[] {
  const known = ALONE.get(table) ?? [table]
  ALONE.set(table, known)
  return known
}

/** Null: of none of the block's tables, as a column of a sub-select in FROM or of the query around. */
export function namedColumn(
  reference: ColumnRef,
  { tables }: Pick<StatementBlock, 'tables'>,
): NamedColumn | null {
  const fields = fieldsOf(reference.fields)
  const column = fields?.at(-1)
  if (fields === null || column === undefined) return null
  const [qualifier, schema] = [fields.at(-2), fields.at(-3)]
  if (qualifier === undefined) return tables.length === 0 ? null : { of: tables, column }
  const table = tables.find(
    (each) => each.alias === qualifier && (schema === undefined || each.schema === schema),
  )
  return table === undefined ? null : { of: alone(table), column }
}
