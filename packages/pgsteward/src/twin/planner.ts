// The what-if planner over a twin: explains, sketches indexes, and shows or hides them.

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
import { explain, explainText, planned } from './explain.ts'
import type { Sent, TwinHost } from './hosts/host.ts'
import { Sketches } from './sketches.ts'
import type { SizeWriter } from './statistics/load-sizes.ts'
import type { StatisticsFile } from './statistics/statistics-file.ts'
import { Visibility } from './visibility.ts'

const NO_PARAMETERS: Parameters = { kind: 'none' }

export class TwinPlanner implements WhatIfPlanner {
  readonly kind: 'pglite' | 'native'
  readonly versionNum: number
  readonly #host: TwinHost
  readonly #sketches: Sketches
  readonly #visibility: Visibility
  #verbose = false

  static async over(host: TwinHost, sizes: SizeWriter, file: StatisticsFile): Promise<TwinPlanner> {
    return new TwinPlanner(host, sizes, file, await Visibility.over(host))
  }

  private constructor(host: TwinHost, sizes: SizeWriter, file: StatisticsFile, visibility: Visibility) {
    this.kind = host.kind
    this.versionNum = host.versionNum
    this.#host = host
    this.#visibility = visibility
    const tables = new Map(file.tables.map((table) => [qualified(table.schema, table.name), table]))
    this.#sketches = new Sketches(host, sizes, tables, (sql) => this.explain(sql))
  }

  /** From now on plans name the schema of each table; twice the text. */
  beVerbose(verbose = true): void {
    this.#verbose = verbose
  }

  async explain(sql: string, parameters: Parameters = NO_PARAMETERS): Promise<Planned | NotPlanned> {
    return (await this.explainAll([{ sql, parameters }]))[0]!
  }

  async explainAll(asked: readonly Asked[]): Promise<readonly (Planned | NotPlanned)[]> {
    const options = { versionNum: this.versionNum, isVerbose: this.#verbose }
    const answers = new Array<Planned | NotPlanned>(asked.length)
    const sent: Sent[] = []
    /** Of each sent text, the question that it answers; null: a change of what plans see. */
    const places: (number | null)[] = []
    const alone: number[] = []
    for (const [place, { sql, parameters = NO_PARAMETERS, seeing }] of asked.entries()) {
      const text = explainText(sql, parameters, options)
      if (text === null) alone.push(place)
      else if (typeof text !== 'string') answers[place] = text
      else {
        const change = this.#visibility.change(seeing)
        if (change !== null) {
          sent.push({ to: 'ask', sql: change })
          places.push(null)
        }
        sent.push({ to: 'plan', sql: text })
        places.push(place)
      }
    }
    const received = sent.length === 0 ? [] : await this.#host.sendAll(sent)
    for (const [index, answer] of received.entries()) {
      const place = places[index]!
      if (place === null) {
        if (answer.error !== null) throw new Error(`indexes can't be shown: ${answer.error.message}`)
      } else if (answer.error !== null && WRONG_COUNT.test(answer.error.message)) alone.push(place)
      else answers[place] = planned(answer)
    }
    for (const place of alone) answers[place] = await this.#explainAlone(asked[place]!)
    return answers
  }

  async sketch(sketch: IndexSketch): Promise<SketchedIndex | NotPlanned> {
    return (await this.sketchAll([sketch]))[0]!
  }

  async sketchAll(sketches: readonly IndexSketch[]): Promise<readonly (SketchedIndex | NotPlanned)[]> {
    const made = await this.#sketches.make(sketches)
    return made.map((each) => {
      if ('error' in each) return each
      const { oids, ...sketched } = each
      this.#visibility.add(sketched.handle, oids)
      return sketched
    })
  }

  /** Takes effect with the next plan, in its message. */
  async show(handles: ReadonlySet<string>, hideExisting: ReadonlySet<string> = new Set()): Promise<void> {
    this.#visibility.show(handles, hideExisting)
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  /** What takes several answers: generic plans before 16, and values that are too many or too few, to say how many were wanted. */
  async #explainAlone({ sql, parameters, seeing }: Asked): Promise<Planned | NotPlanned> {
    const change = this.#visibility.change(seeing)
    if (change !== null) await this.#host.sendAll([{ to: 'ask', sql: change }])
    return explain(this.#host.plan, sql, parameters ?? NO_PARAMETERS, {
      versionNum: this.versionNum,
      isVerbose: this.#verbose,
    })
  }
}

const WRONG_COUNT = /^wrong number of parameters for prepared statement/
