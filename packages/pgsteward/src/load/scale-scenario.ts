// A scenario made shorter or smaller: the same shape in less time, with fewer users or a lower rate.

import type { Scenario } from '../model/scenario.ts'
import type { Milliseconds } from '../model/units.ts'

/** Of a stage: under a second a ramp is no ramp. */
const LEAST_STAGE_MS: Milliseconds = 1000

/** Times are at least a second a stage, users at least one; think times and timeouts stay, as people do not think faster. */
export function scaleScenario(scenario: Scenario, timeScale: number, loadScale: number): Scenario {
  if (timeScale === 1 && loadScale === 1) return scenario
  const time = (ms: Milliseconds) =>
    timeScale === 1 ? ms : Math.max(Math.min(ms, LEAST_STAGE_MS), Math.round(ms * timeScale))
  const users = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count * loadScale)))
  const { load } = scenario
  const warmUp = Math.round(scenario.warmUp * timeScale)
  if (load.model === 'closed')
    return {
      ...scenario,
      warmUp,
      load: {
        ...load,
        startUsers: users(load.startUsers),
        stages: load.stages.map((stage) => ({ for: time(stage.for), users: users(stage.users) })),
      },
    }
  return {
    ...scenario,
    warmUp,
    load: {
      ...load,
      startPerSecond: load.startPerSecond * loadScale,
      sessions: users(load.sessions),
      stages: load.stages.map((stage) => ({ for: time(stage.for), perSecond: stage.perSecond * loadScale })),
    },
  }
}
