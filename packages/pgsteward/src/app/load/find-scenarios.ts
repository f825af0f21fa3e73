// Scenarios for the interfaces: those that are built in, and any by id or file.

import { readScenario } from '../../load/read-scenario.ts'
import { BUILT_IN_SCENARIOS } from '../../load/scenarios/all.ts'
import { PROFILES } from '../../load/scenarios/profiles.ts'
import type { Scenario } from '../../model/scenario.ts'

export const builtInScenarios: readonly Scenario[] = BUILT_IN_SCENARIOS
/** Name to number of users. */
export const loadProfiles: Readonly<Record<string, number>> = PROFILES

/** Throws 'scenario-invalid' with each mistake of a file by line and field. */
export function findScenario(idOrPath: string, cwd: string): Promise<Scenario> {
  return readScenario(idOrPath, cwd)
}
