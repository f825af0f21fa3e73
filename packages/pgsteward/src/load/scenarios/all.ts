// The built-in scenarios, for the reference application, in the order of the list.

import { type Scenario, scenarioSchema } from '../../model/scenario.ts'
import { CONVERSATION } from './conversation.ts'
import { LOAD } from './load.ts'
import { SMOKE } from './smoke.ts'
import { SOAK } from './soak.ts'
import { SPIKE } from './spike.ts'

export const BUILT_IN_SCENARIOS: readonly Scenario[] = [SMOKE, LOAD, SPIKE, SOAK, CONVERSATION].map((each) =>
  scenarioSchema.parse(each),
)
