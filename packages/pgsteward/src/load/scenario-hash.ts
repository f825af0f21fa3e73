// What tells scenarios apart: the hash of the whole validated definition, so that defaults written out or left out are the same.

import { createHash } from 'node:crypto'
import type { Scenario } from '../model/scenario.ts'

export function scenarioHash(scenario: Scenario): string {
  return createHash('sha256').update(canonical(scenario)).digest('hex').slice(0, 16)
}

/** JSON with sorted keys: the order in which someone wrote them says nothing. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
  return `{${fields.join(',')}}`
}
