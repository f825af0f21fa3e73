// Two twins of one target as one planner: each plans half of what is asked, on a core of its own. Built alike and told alike, they
// answer alike, so it does not matter which one is asked.

import type {
  Asked,
  IndexSketch,
  NotPlanned,
  Parameters,
  Planned,
  SketchedIndex,
  WhatIfPlanner,
} from '../model/what-if.ts'

/** Fewer are not worth the second message. */
const WORTH_SPLITTING = 4

export class PairedPlanner implements WhatIfPlanner {
  readonly kind: WhatIfPlanner['kind']
  readonly versionNum: number
  readonly #one: WhatIfPlanner
  readonly #other: WhatIfPlanner

  /** Both of the same kind, nothing sketched yet. It closes both. */
  constructor(one: WhatIfPlanner, other: WhatIfPlanner) {
    this.kind = one.kind
    this.versionNum = one.versionNum
    this.#one = one
    this.#other = other
  }

  explain(sql: string, parameters?: Parameters): Promise<Planned | NotPlanned> {
    return this.#one.explain(sql, parameters)
  }

  async explainAll(asked: readonly Asked[]): Promise<readonly (Planned | NotPlanned)[]> {
    if (asked.length < WORTH_SPLITTING) return this.#one.explainAll(asked)
    // halves, not every second one: neighbours see the same indexes more often than not, and a change of those costs, too
    const half = Math.ceil(asked.length / 2)
    const answers = await Promise.all([
      this.#one.explainAll(asked.slice(0, half)),
      this.#other.explainAll(asked.slice(half)),
    ])
    return answers.flat()
  }

  async sketch(index: IndexSketch): Promise<SketchedIndex | NotPlanned> {
    return (await this.sketchAll([index]))[0]!
  }

  async sketchAll(indexes: readonly IndexSketch[]): Promise<readonly (SketchedIndex | NotPlanned)[]> {
    const [made] = await Promise.all([this.#one.sketchAll(indexes), this.#other.sketchAll(indexes)])
    return made
  }

  async show(handles: ReadonlySet<string>, hideExisting?: ReadonlySet<string>): Promise<void> {
    await Promise.all([this.#one.show(handles, hideExisting), this.#other.show(handles, hideExisting)])
  }

  async close(): Promise<void> {
    await Promise.all([this.#one.close(), this.#other.close()])
  }
}
