// Numbers of concurrent users to put in place of a scenario's own: `load@peak`.

import { StewardError } from '../../model/error.ts'
import type { Scenario } from '../../model/scenario.ts'

export const PROFILES = { normal: 100, peak: 500, stress: 1000 } as const
export type Profile = keyof typeof PROFILES

/** Share of the time in which the users come: signing in is dear, and nobody's users come at once. */
const RAMP = 0.2

/** The same flows for as long, by so many users; the id says so. Throws 'scenario-invalid' for the open model, which has no users. */
export function withProfile(scenario: Scenario, profile: Profile): Scenario {
  const { load } = scenario
  const users = PROFILES[profile]
  if (load.model === 'open')
    throw new StewardError(
      'scenario-invalid',
      `the profile ${profile} does not fit the scenario ${scenario.id}`,
      {
        detail: `A profile is a number of users (${users}); this scenario has an open load: so many arrivals a second, however many users that takes.`,
        hint: 'Scale its rate instead, by the factor on load.',
      },
    )
  const totalMs = load.stages.reduce((sum, stage) => sum + stage.for, 0)
  const rampMs = Math.round(totalMs * RAMP)
  return {
    ...scenario,
    id: `${scenario.id}-${profile}`,
    title: `${scenario.title} (${profile}: ${users} users)`,
    load: {
      model: 'closed',
      startUsers: 0,
      stages: [
        { for: rampMs, users },
        { for: totalMs - rampMs, users },
      ],
    },
  }
}
