// The what-if planner over a twin: explains, sketches indexes, and shows or hides them by pg_index.indisvalid.

import type {
  Asked,
  IndexSketch,
  NotPlanned,
  Parameters,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../model/what-if.ts'
import { qualified } from '../sql/quote.ts'
import { sketchEnds } from './end-tuples.ts'
import { explain } from './explain.ts'
import { rowsOf, type TwinHost } from './hosts/host.ts'
import { bytesOf } from './index-size.ts'
import { expressionStatistics, type SketchFigures, sketchFigures, sketchSql } from './sketch-figures.ts'
import { EMPTY_FILE, type RelationSize, type SizeWriter } from './statistics/load-sizes.ts'
import { loadStatisticsOf } from './statistics/load-statistics.ts'
import type { StatisticsFile, TableStatistics } from './statistics/statistics-file.ts'
import { heightOf } from './statistics/tree-heights.ts'

/** A table of the twin with its partitions, and where their files are. */
interface Home {
  readonly table: TableStatistics
  readonly leaves: readonly {
    readonly oid: string
    readonly table: TableStatistics
    readonly restore: string
  }[]
}

export class TwinPlanner implements WhatIfPlanner {
  readonly kind: 'pglite' | 'native'
  readonly versionNum: number
  readonly #host: TwinHost
  readonly #sizes: SizeWriter
  readonly #tables: ReadonlyMap<string, TableStatistics>
  /** Oids of each existing index and its parts, by qualified name; those that are invalid on the target are not among them. */
  readonly #existing: ReadonlyMap<string, readonly string[]>
  readonly #homes = new Map<string, Promise<Home>>()
  /** Oids of each sketched index and its parts. */
  readonly #sketched = new Map<string, readonly string[]>()
  #shown = new Set<string>()
  #hidden = new Set<string>()
  #verbose = false
  #next = 1

  static async over(host: TwinHost, sizes: SizeWriter, file: StatisticsFile): Promise<TwinPlanner> {
    const tables = new Map(file.tables.map((table) => [qualified(table.schema, table.name), table]))
    const rows = await rowsOf(
      host,
      `with recursive parts as (
         select x.indexrelid as root, x.indexrelid as part from pg_catalog.pg_index x
          union select p.root, i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.part)
       select n.nspname, c.relname, p.part
         from parts p
         join pg_catalog.pg_class c on c.oid = p.root
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join pg_catalog.pg_index x on x.indexrelid = p.part
        where x.indisvalid and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    )
    const existing = new Map<string, string[]>()
    for (const [schema, name, oid] of rows) {
      const key = qualified(schema!, name!)
      existing.set(key, [...(existing.get(key) ?? []), oid!])
    }
    return new TwinPlanner(host, sizes, tables, existing)
  }

  private constructor(
    host: TwinHost,
    sizes: SizeWriter,
    tables: ReadonlyMap<string, TableStatistics>,
    existing: ReadonlyMap<string, readonly string[]>,
  ) {
    this.kind = host.kind
    this.versionNum = host.versionNum
    this.#host = host
    this.#sizes = sizes
    this.#tables = tables
    this.#existing = existing
  }

  /** From now on plans name the schema of each table; twice the text. */
  beVerbose(verbose = true): void {
    this.#verbose = verbose
  }

  explain(sql: string, parameters: Parameters = { kind: 'none' }): Promise<Planned | NotPlanned> {
    return explain(this.#host.plan, sql, parameters, {
      versionNum: this.versionNum,
      isVerbose: this.#verbose,
    })
  }

  async explainAll(asked: readonly Asked[]): Promise<readonly (Planned | NotPlanned)[]> {
    const answers: (Planned | NotPlanned)[] = []
    for (const { sql, parameters } of asked) answers.push(await this.explain(sql, parameters))
    return answers
  }

  async sketch(sketch: IndexSketch): Promise<SketchedIndex | NotPlanned> {
    const table = this.#tables.get(qualified(sketch.schema, sketch.table))
    if (table === undefined) {
      const message = `the twin has no table ${qualified(sketch.schema, sketch.table)}`
      return { error: { sqlState: '42P01', message } }
    }
    const home = await this.#home(table)
    const name = `pgsteward_sketch_${this.#next++}`
    const oids = home.leaves.map((leaf) => leaf.oid).join(', ')
    // the table's file is exchanged for an empty one while the index is built, which would scan it otherwise
    const { rows, error } = await this.#host.ask(
      `update pg_catalog.pg_class set relfilenode = ${EMPTY_FILE} where oid in (${oids});
       ${sketchSql(sketch, name)};
       ${home.leaves.map((leaf) => leaf.restore).join(';')};
       with recursive parts(oid) as (
         select '${qualified(sketch.schema, name)}'::pg_catalog.regclass::oid
          union all select i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.oid),
       hidden as (update pg_catalog.pg_index x set indisvalid = false from parts p where x.indexrelid = p.oid returning x.indexrelid, x.indrelid)
       select h.indexrelid, h.indrelid, n.nspname, c.relname, c.relkind from hidden h
         join pg_catalog.pg_class c on c.oid = h.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace`,
    )
    if (error !== null) return { error }
    let blocks = 0
    let treeHeight: number | null = null
    const sizes: RelationSize[] = []
    for (const [, tableOid, schema, indexName, relkind] of rows) {
      if (relkind === 'I') continue
      const leaf = home.leaves.find((each) => each.oid === tableOid)!
      const figures = await this.#figures(sketch, leaf.table)
      const height = sketch.method === 'btree' ? heightOf(figures.blocks, figures.keyBytes) : null
      blocks += figures.blocks
      treeHeight = height === null ? null : Math.max(height, treeHeight ?? 0)
      sizes.push(sizeOf(schema!, indexName!, sketch, figures, height, leaf.table))
      const expressions = expressionStatistics(sketch, leaf.table)
      if (expressions.length > 0) await loadStatisticsOf(this.#host, schema!, indexName!, expressions)
    }
    await this.#sizes.write(sizes)
    this.#sketched.set(
      name,
      rows.map(([oid]) => oid!),
    )
    return {
      handle: name,
      indexNames: rows.map(([, , , indexName]) => indexName!),
      sizeBytes: bytesOf(blocks),
      treeHeight,
    }
  }

  async show(handles: ReadonlySet<string>, hideExisting: ReadonlySet<string> = new Set()): Promise<void> {
    const on: string[] = []
    const off: string[] = []
    const parts = (map: ReadonlyMap<string, readonly string[]>, key: string) => {
      const found = map.get(key)
      if (found === undefined) throw new Error(`this twin has no index ${key}`)
      return found
    }
    for (const handle of handles) if (!this.#shown.has(handle)) on.push(...parts(this.#sketched, handle))
    for (const handle of this.#shown) if (!handles.has(handle)) off.push(...parts(this.#sketched, handle))
    for (const name of hideExisting) if (!this.#hidden.has(name)) off.push(...parts(this.#existing, name))
    for (const name of this.#hidden) if (!hideExisting.has(name)) on.push(...parts(this.#existing, name))
    if (on.length + off.length > 0) {
      const changed = [...on, ...off].join(', ')
      await rowsOf(
        this.#host,
        `update pg_catalog.pg_index set indisvalid = indexrelid in (${on.join(', ') || '0'}) where indexrelid in (${changed})`,
      )
    }
    this.#shown = new Set(handles)
    this.#hidden = new Set(hideExisting)
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  /** Read before the first sketch on a table: afterwards they are put back as they were. */
  #home(table: TableStatistics): Promise<Home> {
    const key = qualified(table.schema, table.name)
    const known = this.#homes.get(key)
    if (known !== undefined) return known
    const reading = this.#readHome(table)
    this.#homes.set(key, reading)
    return reading
  }

  async #readHome(table: TableStatistics): Promise<Home> {
    const rows = await rowsOf(
      this.#host,
      `with recursive parts(oid) as (
         select '${qualified(table.schema, table.name).replaceAll("'", "''")}'::pg_catalog.regclass::oid
          union all select i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.oid
                     join pg_catalog.pg_class c on c.oid = p.oid and c.relkind = 'p')
       select c.oid, n.nspname, c.relname, c.relfilenode, c.relpages, c.reltuples, c.relallvisible
         from parts p join pg_catalog.pg_class c on c.oid = p.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm')`,
    )
    return {
      table,
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
      const answer = await this.explain(
        `select ${target} from only ${qualified(table.schema, table.name)}${condition}`,
      )
      return 'error' in answer
        ? { rows: Math.max(0, table.rows), width: 32 }
        : { rows: answer.plan['Plan Rows'], width: answer.plan['Plan Width'] }
    })
  }
}

function sizeOf(
  schema: string,
  name: string,
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
