// All ways in which a statement can be written so that it may cost less. Whether it does is for the planner to say (prove-rewrites).

import type { Parser } from '../../sql/parse/parse-statements.ts'
import type { SourceReader } from '../../sql/parse/source-text.ts'
import { blocksOf } from '../../sql/parse/statement-blocks.ts'
import type { Surroundings, TableFigures } from '../surroundings.ts'
import { bareColumn } from './bare-column.ts'
import { keyset } from './keyset.ts'
import { notExists } from './not-exists.ts'
import { type Rewrite, type Rewriter, rewriteBlock } from './rewrite.ts'
import { existsForCount, existsForDistinct, listForValues } from './to-exists.ts'
import { unionAll } from './union-all.ts'

const REWRITERS: readonly Rewriter[] = [
  bareColumn,
  notExists,
  unionAll,
  keyset,
  existsForDistinct,
  existsForCount,
  listForValues,
]

/** Texts that parse, each with one change; empty for what can't be read. */
export function rewritesOf(
  sql: string,
  surroundings: Surroundings,
  read: SourceReader,
  parse: Parser,
): readonly Rewrite[] {
  const source = read(sql)
  if (source === null) return []
  const find = tableFigures(surroundings)
  const blocks = blocksOf(source.statement).map((block) => rewriteBlock(block, find))
  const found = REWRITERS.flatMap((rewriter) => rewriter({ source, blocks, surroundings }))
  return found.filter(({ sql: text }) => text !== sql && !('problem' in parse(text)))
}

/** As the search path has it; views are not looked into. */
function tableFigures({ tables, searchPath }: Surroundings) {
  return ({ schema, name }: { schema: string | null; name: string }): TableFigures | null => {
    const schemas = schema === null ? searchPath : [schema]
    const inPath = schemas.flatMap(
      (each) => tables.find((table) => table.schema === each && table.name === name) ?? [],
    )
    const alike = tables.filter((table) => table.name === name)
    const found = inPath[0] ?? (schema === null && alike.length === 1 ? alike[0] : undefined)
    return found === undefined || found.viewSql !== null ? null : found
  }
}
