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
import { qualified } from '../../sql/quote.ts'
import { type PlanningTarget, planningTarget } from '../agreement.ts'
import { bytesOf } from '../index-size.ts'
import { type SketchFigures, sketchFigures, sketchSql } from '../sketch-figures.ts'
import type { TableStatistics } from '../statistics/statistics-file.ts'
import { heightOf } from '../statistics/tree-heights.ts'
import { type HypopgSession, openHypopgSession } from './hypopg-session.ts'
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
  readonly #hypopg: HypopgSession
  readonly #settings: CostSettings
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
    const target = await planningTarget(session)
    // where it may be: what is asked of this planner is no load of the target's
    if (session.server.isSuperuser)
      await session
        .query('hypopg', `select pg_catalog.set_config('pg_stat_statements.track', 'none', false)`)
        .catch(() => undefined)
    return new HypopgPlanner(session, target, await openHypopgSession(session), tables)
  }

  private constructor(
    session: Session,
    target: PlanningTarget,
    hypopg: HypopgSession,
    tables: Iterable<TableStatistics>,
  ) {
    this.versionNum = session.server.versionNum
    this.hidesExisting = hypopg.hidesExisting
    this.#session = session
    this.#target = target
    this.#hypopg = hypopg
    this.#rowsRead = new RowsRead(target)
    const { cpuOperatorCost, randomPageCost } = hypopg
    this.#settings = { versionNum: this.versionNum, cpuOperatorCost, randomPageCost }
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
    const gone = [...this.#shown].filter(([, index]) => !handles.has(index.name))
    if (gone.length > 0) await this.#hypopg.remove(gone.map(([oid]) => oid))
    for (const [oid, index] of gone) {
      index.oid = null
      this.#shown.delete(oid)
    }
    const fresh = [...handles].flatMap((handle) => {
      const index = this.#sketched.get(handle)
      if (index === undefined) throw new Error(`this planner has no index ${handle}`)
      return index.oid === null ? [index] : []
    })
    if (fresh.length === 0) return
    const oids = await this.#hypopg.create(fresh.map(({ sql }) => sql))
    for (const [place, index] of fresh.entries()) {
      index.oid = oids[place]!
      this.#shown.set(index.oid, index)
    }
  }

  async #hideExisting(names: ReadonlySet<string>): Promise<void> {
    for (const [name, oid] of this.#hidden) {
      if (names.has(name)) continue
      await this.#hypopg.unhide(oid)
      this.#hidden.delete(name)
    }
    for (const name of names)
      if (!this.#hidden.has(name)) this.#hidden.set(name, await this.#hypopg.hide(name))
  }

  /** Blocks as HypoPG counts them; its refusal where the sketch is not valid. */
  async #tryOut(sql: string): Promise<number | NotPlanned> {
    try {
      return await this.#hypopg.blocksOf(sql)
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
    // several keys are asked about at once, and one session answers one after the other
    let before: Promise<unknown> = Promise.resolve()
    return sketchFigures(sketch, table, (wanted, where) => {
      const mine = before.then(() => this.#expected(table, wanted, where))
      before = mine
      return mine
    })
  }

  async #expected(
    table: TableStatistics,
    wanted: string,
    where: string | null,
  ): Promise<{ rows: number; width: number }> {
    const condition = where === null ? '' : ` where ${where}`
    const answer = await this.#target.explain(
      `select ${wanted} from only ${qualified(table.schema, table.name)}${condition}`,
      { kind: 'none' },
    )
    return 'error' in answer
      ? { rows: Math.max(0, table.rows), width: 32 }
      : { rows: answer.plan['Plan Rows'], width: answer.plan['Plan Width'] }
  }
}

function refused(sqlState: string | null, message: string): NotPlanned {
  return { error: { sqlState, message } }
}
