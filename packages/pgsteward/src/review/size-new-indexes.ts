// Indexes that a migration makes on tables that have rows get the size and height that they would have, as an advised index does: a
// tree without a single page would look cheaper than it will be.

import type { IndexSketch, WhatIfPlanner } from '../model/what-if.ts'
import { qualified } from '../sql/quote.ts'
import type { BuiltTwin } from '../twin/build-twin.ts'
import { sketchEnds } from '../twin/end-tuples.ts'
import { rowsOf, type TwinHost } from '../twin/hosts/host.ts'
import { bytesOf } from '../twin/index-size.ts'
import { sketchFigures } from '../twin/sketch-figures.ts'
import type { RelationSize } from '../twin/statistics/load-sizes.ts'
import type { StatisticsFile, TableStatistics } from '../twin/statistics/statistics-file.ts'
import { heightOf } from '../twin/statistics/tree-heights.ts'

export interface NewIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly sizeBytes: number
}

/** `file`: what was loaded into the twin; its tables' other indexes are new. */
export async function sizeNewIndexes(twin: BuiltTwin, file: StatisticsFile): Promise<readonly NewIndex[]> {
  const tables = new Map(file.tables.map((table) => [qualified(table.schema, table.name), table]))
  const known = new Set(
    file.tables.flatMap((table) => table.indexes.map((index) => qualified(index.schema, index.name))),
  )
  const sizes: RelationSize[] = []
  const made: NewIndex[] = []
  for (const { name, sketch } of await indexesOf(twin.host)) {
    const table = tables.get(qualified(sketch.schema, sketch.table))
    if (table === undefined || table.blocks === 0 || known.has(qualified(sketch.schema, name))) continue
    const figures = await sketchFigures(sketch, table, askOf(twin.planner, table))
    sizes.push({
      schema: sketch.schema,
      name,
      blocks: figures.blocks,
      pages: figures.blocks,
      rows: figures.rows,
      allVisiblePages: 0,
      index: {
        method: sketch.method,
        treeHeight: sketch.method === 'btree' ? heightOf(figures.blocks, figures.keyBytes) : null,
        gin: null,
        pagesPerRange: 128,
        blocks: figures.blocks,
        ends: sketchEnds(sketch, table),
      },
      tableBlocks: table.blocks,
    })
    made.push({ schema: sketch.schema, table: sketch.table, name, sizeBytes: bytesOf(figures.blocks) })
  }
  await twin.sizes.place(twin.sizes.prepare(sizes))
  return made
}

function askOf(planner: WhatIfPlanner, table: TableStatistics) {
  return async (target: string, where: string | null) => {
    const condition = where === null ? '' : ` where ${where}`
    const answer = await planner.explain(
      `select ${target} from only ${qualified(table.schema, table.name)}${condition}`,
    )
    return 'error' in answer
      ? { rows: Math.max(0, table.rows), width: 32 }
      : { rows: answer.plan['Plan Rows'], width: answer.plan['Plan Width'] }
  }
}

const METHODS = ['btree', 'gin', 'gist', 'brin', 'hash'] as const

/** Every index that has a file and a method whose size can be told, as a sketch. */
async function indexesOf(host: TwinHost): Promise<readonly { name: string; sketch: IndexSketch }[]> {
  const rows = await rowsOf(
    host,
    `select n.nspname, t.relname, c.relname, m.amname, x.indisunique, pg_catalog.pg_get_expr(x.indpred, x.indrelid),
            pg_catalog.to_json(array(
              select pg_catalog.pg_get_indexdef(x.indexrelid, k, false) ||
                     case when o.opcdefault then '' else ' ' || pg_catalog.quote_ident(o.opcname) end ||
                     case when (x.indoption[k - 1] & 1) = 1 then ' desc' else '' end
                from pg_catalog.generate_series(1, x.indnkeyatts) k
                left join pg_catalog.pg_opclass o on o.oid = x.indclass[k - 1] order by k)),
            pg_catalog.to_json(array(
              select pg_catalog.pg_get_indexdef(x.indexrelid, k, false)
                from pg_catalog.generate_series(x.indnkeyatts + 1, x.indnatts) k order by k))
       from pg_catalog.pg_index x
       join pg_catalog.pg_class c on c.oid = x.indexrelid
       join pg_catalog.pg_class t on t.oid = x.indrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_am m on m.oid = c.relam
      where c.relkind = 'i' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      order by 1, 3`,
  )
  return rows.flatMap(([schema, table, name, method, isUnique, where, keys, include]) => {
    const known = METHODS.find((each) => each === method)
    if (known === undefined) return []
    return {
      name: name!,
      sketch: {
        schema: schema!,
        table: table!,
        method: known,
        keys: JSON.parse(keys!) as string[],
        include: JSON.parse(include!) as string[],
        where: where ?? null,
        isUnique: isUnique === 't',
      },
    }
  })
}
