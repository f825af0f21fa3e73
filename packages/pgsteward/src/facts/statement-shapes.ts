// What the statements of a day ask of tables, by the shapes of their texts: which columns bound them, and how much of the time.

import { defineStoredFact } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'
import { type ColumnAge, columnAges } from '../sql/parse/column-ages.ts'
import { loadParser } from '../sql/parse/parse-statements.ts'
import { shapeOf } from '../sql/parse/shape-of.ts'
import { tableFinder } from '../sql/parse/table-names.ts'
import type { Reading } from '../sql/partition/key-use.ts'
import { type TableColumnsRow, tableColumns } from './table-columns.ts'

const DAY_MS: Milliseconds = 86_400_000
/** Beyond these the rest is a percent of the time. */
const MOST_STATEMENTS = 200

export interface StatementShape extends Reading {
  readonly id: string
  readonly database: string
  readonly execMs: Milliseconds
  readonly ages: readonly ColumnAge[]
}

/** Null: no store. Statements whose text is not known, or does not parse, are left out. */
export const statementShapes = defineStoredFact<readonly StatementShape[] | null>({
  id: 'statement-shapes',
  title: 'Conditions of the statements with the most time over a day, by the tables that they are on',
  keptFor: DAY_MS / 24,
  async read(memory, targetId, now) {
    const catalog = await memory.document(targetId, tableColumns.id)
    const tables = ((catalog?.rows ?? []) as readonly TableColumnsRow[]).map((row) => ({
      schema: row.schema,
      name: row.name,
      columns: row.columns,
      viewSql: null,
    }))
    if (tables.length === 0) return []
    const window = { from: new Date(now.getTime() - DAY_MS), to: now }
    const statements = await memory.topStatements(targetId, window, 'totalTime', MOST_STATEMENTS)
    const parse = await loadParser()
    const find = tableFinder(tables, ['public'])
    return statements.flatMap(({ queryId, database, text, totalExecMs }) => {
      const shape = shapeOf(text, parse, find)
      const parsed = parse(text)
      if ('problem' in shape || 'problem' in parsed) return []
      const { blocks, writes } = shape
      return [
        {
          id: queryId,
          database,
          execMs: totalExecMs,
          blocks,
          writes,
          ages: parsed.statements.slice(0, 1).flatMap(columnAges),
        },
      ]
    })
  },
  withoutStore: null,
})
