// A scenario with a constant load in place of its own: one step of a sweep.

import type { Scenario, Step } from '../../model/scenario.ts'
import { isPause } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface StepLoad {
  readonly model: 'open' | 'closed'
  /** Users, or arrivals a second. */
  readonly offered: number
  /** Measured. */
  readonly forMs: Milliseconds
  /** Before that. */
  readonly warmUpMs: Milliseconds
  /** With think times a user is idle most of the time; without, each one is a request under way. */
  readonly withPauses: boolean
}

export function stepScenario(
  scenario: Scenario,
  { model, offered, forMs, warmUpMs, withPauses }: StepLoad,
): Scenario {
  const whole = forMs + warmUpMs
  return {
    ...scenario,
    warmUp: warmUpMs,
    // a step beyond the knee is what is looked for, no failure
    thresholds: [],
    flows: withPauses
      ? scenario.flows
      : scenario.flows.map((flow) => ({
          ...flow,
          start: unpaused(flow.start),
          steps: unpaused(flow.steps),
        })),
    load:
      model === 'closed'
        ? { model, startUsers: offered, stages: [{ for: whole, users: offered }] }
        : {
            model,
            startPerSecond: offered,
            stages: [{ for: whole, perSecond: offered }],
            maxInFlight: scenario.load.model === 'open' ? scenario.load.maxInFlight : 5_000,
            sessions: scenario.load.model === 'open' ? scenario.load.sessions : 20,
          },
  }
}

function unpaused(steps: readonly Step[]): Step[] {
  return steps.flatMap((step): Step[] => {
    if (isPause(step)) return []
    if (!('repeat' in step)) return [step]
    const inner = unpaused(step.steps)
    return inner.length === 0 ? [] : [{ ...step, steps: inner }]
  })
}
