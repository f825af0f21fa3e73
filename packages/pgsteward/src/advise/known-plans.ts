// What is known of one question: a plan costed while the set R was visible, which used U, holds for every set between U and R. And
// no set costs more than a plan it could have, nor less than a larger set: most questions of a search are answered without asking.

import type { PlanNode } from '../model/what-if.ts'
import { type IndexSet, numbersIn } from './index-set.ts'

export interface Answer {
  readonly visible: IndexSet
  readonly used: IndexSet
  /** As the planner has it: by this it chose. */
  readonly planned: number
  /** What we believe of it. */
  readonly cost: number
  readonly plan: PlanNode
}

/** A plan that every set holding `uses` can have. */
export interface KnownPlan {
  readonly used: IndexSet
  readonly uses: readonly number[]
  planned: number
  cost: number
  readonly answer: Answer
}

/** The planner itself compares costs with a tolerance of a hundredth. */
const SAME_COST = 0.001

export class KnownPlans {
  readonly #answers: Answer[] = []
  readonly #exact = new Map<IndexSet, Answer>()
  #plans: KnownPlan[] = []

  /** The cheapest first; none that uses all of a cheaper one's indexes. */
  get plans(): readonly KnownPlan[] {
    return this.#plans
  }

  get first(): Answer | undefined {
    return this.#answers[0]
  }

  /** True when it is news: a plan that was not known, or one that was thought cheaper. */
  record(answer: Answer): boolean {
    this.#answers.push(answer)
    this.#exact.set(answer.visible, answer)
    const isMended = this.#mend(answer)
    const { used, planned, cost } = answer
    if (this.#plans.some((plan) => (plan.used & ~used) === 0n && plan.planned <= planned)) return isMended
    if (this.#plans.some((plan) => plan.used === used)) return isMended
    const rest = this.#plans.filter((plan) => plan.planned < planned || (used & ~plan.used) !== 0n)
    const place = rest.findIndex((plan) => plan.planned > planned)
    rest.splice(place < 0 ? rest.length : place, 0, { used, uses: numbersIn(used), planned, cost, answer })
    this.#plans = rest
    return true
  }

  /** A cheaper plan that was possible and not chosen rests on what only the presence of other indexes tells the planner. */
  #mend({ visible, used, planned, cost }: Answer): boolean {
    let isMended = false
    for (const plan of this.#plans) {
      if (used === 0n || plan.planned >= planned * (1 - SAME_COST) || (plan.used & ~visible) !== 0n) continue
      isMended ||= plan.planned < planned * (1 - 10 * SAME_COST)
      plan.planned = planned
      plan.cost = Math.max(plan.cost, cost)
    }
    if (isMended) this.#plans = [...this.#plans].sort((a, b) => a.planned - b.planned)
    return isMended
  }

  /** Undefined when it must be asked. */
  lookUp(set: IndexSet): Answer | undefined {
    const exact = this.#exact.get(set)
    if (exact !== undefined) return exact
    const found = this.#deduce(set)
    if (found !== undefined) this.#exact.set(set, found)
    return found
  }

  /** The best plan that is known to be possible: the planner may find a better one. */
  atMost(set: IndexSet): KnownPlan | undefined {
    return this.#plans.find(({ used }) => (used & ~set) === 0n)
  }

  #deduce(set: IndexSet): Answer | undefined {
    for (const answer of this.#answers) {
      if ((answer.used & ~set) === 0n && (set & ~answer.visible) === 0n) return answer
    }
    const possible = this.atMost(set)
    if (possible === undefined) return undefined
    const least = possible.planned * (1 - SAME_COST)
    const isLeast = this.#answers.some(({ visible, planned }) => planned >= least && (set & ~visible) === 0n)
    return isLeast ? possible.answer : undefined
  }
}
