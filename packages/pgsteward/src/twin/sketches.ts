// Makes sketched indexes in a twin: real index definitions by create index on empty files, then sizes and pages as they would have.

import type { IndexSketch, NotPlanned, Planned, SketchedIndex } from '../model/what-if.ts'
import { literal, qualified } from '../sql/quote.ts'
import { sketchEnds } from './end-tuples.ts'
import { rowsOf, type TwinHost } from './hosts/host.ts'
import { bytesOf } from './index-size.ts'
import { expressionStatistics, type SketchFigures, sketchFigures, sketchSql } from './sketch-figures.ts'
import { EMPTY_FILE, type RelationSize, type SizeWriter } from './statistics/load-sizes.ts'
import { loadStatisticsOf, type RelationStatistics } from './statistics/load-statistics.ts'
import type { TableStatistics } from './statistics/statistics-file.ts'
import { heightOf } from './statistics/tree-heights.ts'

/** A table of the twin with its partitions, and how their rows in pg_class are put back. */
interface Home {
  readonly leaves: readonly {
    readonly oid: string
    readonly table: TableStatistics
    readonly restore: string
  }[]
}

/** An index of a sketch: the only one, or one of a partitioned sketch. */
interface Part {
  readonly oid: string
  readonly tableOid: string
  readonly schema: string
  readonly name: string
  readonly isLeaf: boolean
}

export interface MadeSketch extends SketchedIndex {
  readonly oids: readonly string[]
}

export class Sketches {
  readonly #host: TwinHost
  readonly #sizes: SizeWriter
  readonly #tables: ReadonlyMap<string, TableStatistics>
  readonly #explain: (sql: string) => Promise<Planned | NotPlanned>
  readonly #homes = new Map<TableStatistics, Promise<Home>>()
  #next = 1

  constructor(
    host: TwinHost,
    sizes: SizeWriter,
    tables: ReadonlyMap<string, TableStatistics>,
    explain: (sql: string) => Promise<Planned | NotPlanned>,
  ) {
    this.#host = host
    this.#sizes = sizes
    this.#tables = tables
    this.#explain = explain
  }

  /** Hidden at first. Two round trips for all of them, and one for each expression and predicate to be estimated. */
  async make(sketches: readonly IndexSketch[]): Promise<readonly (MadeSketch | NotPlanned)[]> {
    const wanted = await Promise.all(
      sketches.map(async (sketch) => {
        const table = this.#tables.get(qualified(sketch.schema, sketch.table))
        const name = `pgsteward_sketch_${this.#next++}`
        return { sketch, name, home: table === undefined ? null : await this.#home(table) }
      }),
    )
    const { parts, errors } = await this.#create(wanted.filter(({ home }) => home !== null))
    const sizes: RelationSize[] = []
    const statistics: RelationStatistics[] = []
    const made = wanted.map(async ({ sketch, name, home }): Promise<MadeSketch | NotPlanned> => {
      if (home === null) {
        const message = `the twin has no table ${qualified(sketch.schema, sketch.table)}`
        return { error: { sqlState: '42P01', message } }
      }
      const error = errors.get(name)
      if (error !== undefined) return { error }
      const own = parts.get(name) ?? []
      let blocks = 0
      let treeHeight: number | null = null
      for (const part of own.filter(({ isLeaf }) => isLeaf)) {
        const { table } = home.leaves.find((leaf) => leaf.oid === part.tableOid)!
        const figures = await this.#figures(sketch, table)
        const height = sketch.method === 'btree' ? heightOf(figures.blocks, figures.keyBytes) : null
        blocks += figures.blocks
        treeHeight = height === null ? null : Math.max(height, treeHeight ?? 0)
        sizes.push(sizeOf(part, sketch, figures, height, table))
        const expressions = expressionStatistics(sketch, table)
        if (expressions.length > 0)
          statistics.push({ schema: part.schema, relation: part.name, statistics: expressions })
      }
      return {
        handle: name,
        oids: own.map(({ oid }) => oid),
        indexNames: own.map((part) => part.name),
        sizeBytes: bytesOf(blocks),
        treeHeight,
      }
    })
    const answers = await Promise.all(made)
    await loadStatisticsOf(this.#host, statistics)
    await this.#sizes.place(this.#sizes.prepare(sizes))
    return answers
  }

  /**
   * The tables' files are exchanged for an empty one while the indexes are built, which would scan them otherwise. What PostgreSQL
   * refuses is undone alone, and said.
   */
  async #create(wanted: readonly { sketch: IndexSketch; name: string; home: Home | null }[]) {
    const parts = new Map<string, Part[]>()
    const errors = new Map<string, NotPlanned['error']>()
    if (wanted.length === 0) return { parts, errors }
    const leaves = new Map(wanted.flatMap(({ home }) => home!.leaves.map((leaf) => [leaf.oid, leaf])))
    const texts = wanted.map(({ sketch, name }) => ({ name, sql: sketchSql(sketch, name) }))
    const roots = wanted.map(({ sketch, name }) => ({ schema: sketch.schema, name }))
    const rows = await rowsOf(
      this.#host,
      `update pg_catalog.pg_class set relfilenode = ${EMPTY_FILE} where oid in (${[...leaves.keys()].join(', ') || '0'});
       ${attemptAll(JSON.stringify(texts))};
       ${[...leaves.values()].map((leaf) => leaf.restore).join(';')};
       with recursive parts(root, oid) as (
         select r.name, c.oid from pg_catalog.json_to_recordset(${literal(JSON.stringify(roots))}) as r(schema text, name text)
           join pg_catalog.pg_namespace n on n.nspname = r.schema
           join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = r.name
          union all select p.root, i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.oid),
       hidden as (update pg_catalog.pg_index x set indisvalid = false, indislive = false from parts p where x.indexrelid = p.oid
                  returning p.root, x.indexrelid, x.indrelid)
       select h.root, h.indexrelid, h.indrelid, n.nspname, c.relname, c.relkind from hidden h
         join pg_catalog.pg_class c on c.oid = h.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       union all
       select e.name, null, null, e.state, e.message, null
         from pg_catalog.json_to_recordset(pg_catalog.current_setting('${REFUSED}')::json) as e(name text, state text, message text)
       order by 2`,
    )
    for (const [root, oid, tableOid, schema, name, relkind] of rows) {
      if (oid === null) errors.set(root!, { sqlState: schema!, message: name! })
      else {
        const part = { oid: oid!, tableOid: tableOid!, schema: schema!, name: name!, isLeaf: relkind !== 'I' }
        parts.set(root!, [...(parts.get(root!) ?? []), part])
      }
    }
    return { parts, errors }
  }

  /** Read before the first sketch on a table: afterwards they are put back as they were. */
  #home(table: TableStatistics): Promise<Home> {
    const known = this.#homes.get(table)
    if (known !== undefined) return known
    const reading = this.#readHome(table)
    this.#homes.set(table, reading)
    return reading
  }

  async #readHome(table: TableStatistics): Promise<Home> {
    const rows = await rowsOf(
      this.#host,
      `with recursive parts(oid) as (
         select ${literal(qualified(table.schema, table.name))}::pg_catalog.regclass::oid
          union all select i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.oid
                     join pg_catalog.pg_class c on c.oid = p.oid and c.relkind = 'p')
       select c.oid, n.nspname, c.relname, c.relfilenode, c.relpages, c.reltuples, c.relallvisible
         from parts p join pg_catalog.pg_class c on c.oid = p.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm')`,
    )
    return {
      leaves: rows.map(([oid, schema, name, node, pages, reltuples, visible]) => ({
        oid: oid!,
        table: this.#tables.get(qualified(schema!, name!))!,
        restore:
          `update pg_catalog.pg_class set relfilenode = ${node}, relpages = ${pages}, reltuples = ${reltuples}, ` +
          `relallvisible = ${visible} where oid = ${oid}`,
      })),
    }
  }

  async #figures(sketch: IndexSketch, table: TableStatistics): Promise<SketchFigures> {
    return sketchFigures(sketch, table, async (target, where) => {
      const condition = where === null ? '' : ` where ${where}`
      const answer = await this.#explain(
        `select ${target} from only ${qualified(table.schema, table.name)}${condition}`,
      )
      return 'error' in answer
        ? { rows: Math.max(0, table.rows), width: 32 }
        : { rows: answer.plan['Plan Rows'], width: answer.plan['Plan Width'] }
    })
  }
}

const REFUSED = 'pgsteward.refused'

/** A failure undoes its own text only. The names of what failed are left in a setting of the transaction. */
function attemptAll(texts: string): string {
  const body = `
declare
  each record;
  refused json[] := '{}';
begin
  for each in select * from pg_catalog.json_to_recordset(${literal(texts)}) as t(name text, sql text) loop
    begin
      execute each.sql;
    exception when others then
      refused := refused || pg_catalog.json_build_object('name', each.name, 'state', sqlstate, 'message', sqlerrm);
    end;
  end loop;
  perform pg_catalog.set_config('${REFUSED}', pg_catalog.array_to_json(refused)::text, true);
end`
  return `do ${literal(body)}`
}

function sizeOf(
  { schema, name }: Part,
  sketch: IndexSketch,
  figures: SketchFigures,
  treeHeight: number | null,
  table: TableStatistics,
): RelationSize {
  return {
    schema,
    name,
    blocks: figures.blocks,
    pages: figures.blocks,
    rows: figures.rows,
    allVisiblePages: 0,
    index: {
      method: sketch.method,
      treeHeight,
      gin: null,
      pagesPerRange: 128,
      blocks: figures.blocks,
      ends: sketchEnds(sketch, table),
    },
    tableBlocks: table.blocks,
  }
}
