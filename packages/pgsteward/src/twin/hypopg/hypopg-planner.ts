// The what-if planner on the target itself, where it has the extension HypoPG: hypothetical indexes live in our session's memory, so
// nothing is written. The third planner, beside the two hosts of a twin, and independent of both.

import { StewardError } from '../../model/error.ts'
import type {
  Asked,
  IndexSketch,
  NotPlanned,
  Parameters,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../../model/what-if.ts'
import type { Session } from '../../postgres/connect.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { type PlanningTarget, planningTarget } from '../agreement.ts'
import { bytesOf } from '../index-size.ts'
import { type SketchFigures, sketchFigures, sketchSql } from '../sketch-figures.ts'
import type { TableStatistics } from '../statistics/statistics-file.ts'
import { heightOf } from '../statistics/tree-heights.ts'
import { type CostSettings, type HypotheticalIndex, hypotheticalOf, mendPlan } from './hypothetical-costs.ts'
import { RowsRead } from './rows-read.ts'

interface Sketched extends HypotheticalIndex {
  readonly sql: string
  readonly schema: string
  /** While it is shown. */
  oid: string | null
}

/** hypopg.c refuses any other; it is asked for here by name, so that the answer says why. */
const METHODS: ReadonlySet<string> = new Set(['btree', 'brin', 'hash'])

/** Its indexes' oids come from below 16384, which leaves some two thousand at a time. */
const MOST_SHOWN = 2_000

export interface HypopgOptions {
  /** Read from the target: sizes follow from them. */
  readonly tables: Iterable<TableStatistics>
}

export class HypopgPlanner implements WhatIfPlanner {
  readonly kind = 'hypopg'
  readonly versionNum: number
  /** HypoPG 1.4 hides existing indexes; older ones refuse `show` with any. */
  readonly hidesExisting: boolean
  readonly #session: Session
  readonly #target: PlanningTarget
  readonly #rowsRead: RowsRead
  readonly #schema: string
  readonly #settings: CostSettings
  readonly #backend: string
  readonly #tables: ReadonlyMap<string, TableStatistics>
  readonly #sketched = new Map<string, Sketched>()
  /** Those that plans see now, by oid. */
  readonly #shown = new Map<string, Sketched>()
  /** As `show` said. */
  #wanted: ReadonlySet<string> = new Set()
  /** Oids of existing indexes that are hidden, by qualified name. */
  readonly #hidden = new Map<string, string>()
  #next = 1

  /** The session is taken over: its settings become those of the role's own sessions, and `close` closes it. */
  static async open(session: Session, { tables }: HypopgOptions): Promise<HypopgPlanner> {
    const { rows } = await session.query(
      'hypopg',
      `select pg_catalog.quote_ident(n.nspname) as schema, e.extversion as version
         from pg_catalog.pg_extension as e join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
        where e.extname = 'hypopg'`,
    )
    if (rows[0] === undefined) throw notInstalled()
    const schema = String(rows[0].schema)
    const target = await planningTarget(session)
    // where it may be: what is asked of this planner is no load of the target's
    if (session.server.isSuperuser)
      await session
        .query('hypopg', `select pg_catalog.set_config('pg_stat_statements.track', 'none', false)`)
        .catch(() => undefined)
    const [start] = await session
      .query(
        'hypopg',
        `select pg_catalog.pg_backend_pid()::text as backend, (select count(*) from ${schema}.hypopg())::int as known,
                pg_catalog.current_setting('cpu_operator_cost')::float8 as operator, pg_catalog.current_setting('random_page_cost')::float8 as page`,
      )
      .then((result) => result.rows)
      .catch((cause) => {
        throw new StewardError('target-permission', 'the role may not use HypoPG', {
          detail: (cause as Error).message,
          hint: `grant usage on schema ${schema} to CURRENT_ROLE; its functions are open to everybody.`.replace(
            'CURRENT_ROLE',
            ident(session.server.user),
          ),
          cause,
        })
      })
    return new HypopgPlanner(session, target, schema, isAtLeast(String(rows[0].version), 1, 4), tables, {
      backend: String(start!.backend),
      cpuOperatorCost: Number(start!.operator),
      randomPageCost: Number(start!.page),
    })
  }

  private constructor(
    session: Session,
    target: PlanningTarget,
    schema: string,
    hidesExisting: boolean,
    tables: Iterable<TableStatistics>,
    start: { backend: string; cpuOperatorCost: number; randomPageCost: number },
  ) {
    this.versionNum = session.server.versionNum
    this.hidesExisting = hidesExisting
    this.#session = session
    this.#target = target
    this.#rowsRead = new RowsRead(target)
    this.#schema = schema
    this.#backend = start.backend
    this.#settings = { ...start, versionNum: this.versionNum }
    this.#tables = new Map([...tables].map((table) => [qualified(table.schema, table.name), table]))
  }

  async explain(sql: string, parameters: Parameters = { kind: 'none' }): Promise<Planned | NotPlanned> {
    const answer = await this.#target.explain(sql, parameters)
    if ('error' in answer || this.#shown.size === 0) return answer
    const rowsRead = await this.#rowsRead.of(
      answer.plan,
      (node) => hypotheticalOf(node, this.#shown)?.schema ?? null,
    )
    return { plan: mendPlan(answer.plan, { indexes: this.#shown, rowsRead, settings: this.#settings }) }
  }

  async explainAll(asked: readonly Asked[]): Promise<readonly (Planned | NotPlanned)[]> {
    const answers: (Planned | NotPlanned)[] = []
    for (const { sql, parameters, seeing } of asked) {
      await this.#see(seeing ?? this.#wanted)
      answers.push(await this.explain(sql, parameters))
    }
    await this.#see(this.#wanted)
    return answers
  }

  async sketchAll(indexes: readonly IndexSketch[]): Promise<readonly (SketchedIndex | NotPlanned)[]> {
    const answers: (SketchedIndex | NotPlanned)[] = []
    for (const index of indexes) answers.push(await this.sketch(index))
    return answers
  }

  async sketch(sketch: IndexSketch): Promise<SketchedIndex | NotPlanned> {
    const table = this.#tables.get(qualified(sketch.schema, sketch.table))
    if (table === undefined)
      return refused('42P01', `the target has no table ${qualified(sketch.schema, sketch.table)}`)
    if (!METHODS.has(sketch.method)) return refused('0A000', `HypoPG has no ${sketch.method} indexes`)
    const leaves = this.#leavesOf(table)
    const figures: SketchFigures[] = []
    for (const leaf of leaves) figures.push(await this.#figures(sketch, leaf))
    const blocks = figures.reduce((sum, each) => sum + each.blocks, 0)
    const rows = figures.reduce((sum, each) => sum + each.rows, 0)
    const treeHeight =
      sketch.method === 'btree'
        ? Math.max(0, ...figures.map((each) => heightOf(each.blocks, each.keyBytes)))
        : null
    const name = `pgsteward_sketch_${this.#next++}`
    // hypopg names its indexes itself
    const sql = sketchSql(sketch, name).replace(` index ${name} on `, ' index on ')
    const made = await this.#tryOut(sql)
    if (typeof made !== 'number') return made
    this.#sketched.set(name, {
      name,
      sql,
      schema: sketch.schema,
      rows,
      blocks,
      hypopgBlocks: made,
      treeHeight,
      oid: null,
    })
    return { handle: name, indexNames: [name], sizeBytes: bytesOf(blocks), treeHeight }
  }

  async show(handles: ReadonlySet<string>, hideExisting: ReadonlySet<string> = new Set()): Promise<void> {
    if (hideExisting.size > 0 && !this.hidesExisting)
      throw new Error('HypoPG before 1.4 hides no existing index')
    this.#wanted = new Set(handles)
    await this.#see(handles)
    await this.#hideExisting(hideExisting)
  }

  /** Gone with the session. */
  close(): Promise<void> {
    return this.#session.close()
  }

  /** Creating and removing one takes some 50 µs each: none stays that is not looked at. */
  async #see(handles: ReadonlySet<string>): Promise<void> {
    if (handles.size > MOST_SHOWN) throw new Error(`HypoPG can't show ${handles.size} indexes at once`)
    await this.#remove([...this.#shown].filter(([, index]) => !handles.has(index.name)))
    await this.#create(
      [...handles].flatMap((handle) => {
        const index = this.#sketched.get(handle)
        if (index === undefined) throw new Error(`this planner has no index ${handle}`)
        return index.oid === null ? [index] : []
      }),
    )
  }

  async #create(indexes: readonly Sketched[]): Promise<void> {
    if (indexes.length === 0) return
    const { rows } = await this.#session.query(
      'hypopg',
      `select w.place::int as place, i.indexrelid::text as oid, pg_catalog.pg_backend_pid()::text as backend
         from pg_catalog.unnest($1::text[]) with ordinality as w(sql, place), lateral ${this.#schema}.hypopg_create_index(w.sql) as i`,
      [indexes.map(({ sql }) => sql)],
    )
    for (const { place, oid, backend } of rows) {
      if (backend !== this.#backend) throw behindPooler()
      const index = indexes[Number(place) - 1]!
      index.oid = String(oid)
      this.#shown.set(index.oid, index)
    }
  }

  async #remove(indexes: readonly (readonly [oid: string, index: Sketched])[]): Promise<void> {
    if (indexes.length === 0) return
    await this.#session.query(
      'hypopg',
      `select count(${this.#schema}.hypopg_drop_index(w.oid)) as gone from pg_catalog.unnest($1::oid[]) as w(oid)`,
      [indexes.map(([oid]) => oid)],
    )
    for (const [oid, index] of indexes) {
      index.oid = null
      this.#shown.delete(oid)
    }
  }

  async #hideExisting(names: ReadonlySet<string>): Promise<void> {
    for (const [name, oid] of this.#hidden) {
      if (names.has(name)) continue
      await this.#session.query('hypopg', `select ${this.#schema}.hypopg_unhide_index($1::oid)`, [oid])
      this.#hidden.delete(name)
    }
    for (const name of names) {
      if (this.#hidden.has(name)) continue
      const { rows } = await this.#session.query(
        'hypopg',
        `select r.oid::text as oid, ${this.#schema}.hypopg_hide_index(r.oid) as is_hidden
           from (select $1::pg_catalog.regclass::oid as oid) as r`,
        [name],
      )
      this.#hidden.set(name, String(rows[0]!.oid))
    }
  }

  /** Blocks as HypoPG counts them; its refusal where the sketch is not valid. The index is gone again. */
  async #tryOut(sql: string): Promise<number | NotPlanned> {
    try {
      const { rows } = await this.#session.query(
        'hypopg',
        `select i.indexrelid::text as oid, ${this.#schema}.hypopg_relation_size(i.indexrelid)::float8 / 8192 as blocks
           from ${this.#schema}.hypopg_create_index($1) as i`,
        [sql],
      )
      const { oid, blocks } = rows[0]!
      await this.#session.query('hypopg', `select ${this.#schema}.hypopg_drop_index($1::oid)`, [oid])
      return Number(blocks)
    } catch (error) {
      if (error instanceof StewardError) throw error
      const { code, message } = error as { code?: string; message: string }
      // hypopg raises its own refusals as internal errors
      return refused(/column .* does not exist/.test(message) ? '42703' : (code ?? null), message)
    }
  }

  /** The table itself, or the partitions that hold its rows. */
  #leavesOf(table: TableStatistics): readonly TableStatistics[] {
    if (table.kind !== 'partitioned') return [table]
    return [...this.#tables.values()]
      .filter(({ parents }) =>
        parents.some((parent) => parent.schema === table.schema && parent.name === table.name),
      )
      .flatMap((child) => this.#leavesOf(child))
  }

  #figures(sketch: IndexSketch, table: TableStatistics): Promise<SketchFigures> {
    return sketchFigures(sketch, table, async (wanted, where) => {
      const condition = where === null ? '' : ` where ${where}`
      const answer = await this.#target.explain(
        `select ${wanted} from only ${qualified(table.schema, table.name)}${condition}`,
        { kind: 'none' },
      )
      return 'error' in answer
        ? { rows: Math.max(0, table.rows), width: 32 }
        : { rows: answer.plan['Plan Rows'], width: answer.plan['Plan Width'] }
    })
  }
}

function refused(sqlState: string | null, message: string): NotPlanned {
  return { error: { sqlState, message } }
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

function notInstalled(): StewardError {
  return new StewardError('usage', 'the target has no extension hypopg', {
    detail:
      '--planner hypopg plans on the target itself, over hypothetical indexes that live in one session.',
    hint: 'Use --planner twin, which needs nothing on the target; or create extension hypopg there (1.3.1 or newer).',
  })
}

function behindPooler(): StewardError {
  return new StewardError('usage', 'HypoPG needs one session, and the target gives several', {
    detail: 'Statements came to different server processes: a pooler in transaction mode stands between.',
    hint: "Give the server's own address, or use --planner twin.",
  })
}
