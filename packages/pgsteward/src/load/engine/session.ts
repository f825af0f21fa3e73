// A virtual user: its number, its chance, its cookies, its rows of the tables, and what its `start` steps found out.

import type { Scenario } from '../../model/scenario.ts'
import { Cookies } from './cookies.ts'
import { Random } from './random.ts'
import type { Filling, Variables } from './template.ts'

export class Session {
  /** From 0, the same whatever the number of threads. */
  readonly number: number
  readonly random: Random
  readonly cookies: Cookies
  readonly rows: Filling['rows']
  /** Flows whose `start` steps it has done; those with the same steps go by the first of them. */
  readonly started = new Set<number>()
  /** Of the `start` steps; iterations begin from them. */
  kept: Variables = {}
  iterations = 0

  constructor(number: number, scenario: Scenario, origin: string, seed: number) {
    this.number = number
    this.random = new Random(seed, number)
    this.cookies = new Cookies(origin)
    this.rows = Object.fromEntries(
      Object.entries(scenario.data).map(([table, rows]) => [table, rows[number % rows.length]!]),
    )
  }
}
