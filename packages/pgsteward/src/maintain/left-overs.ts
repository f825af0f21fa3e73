// What an interrupted build of ours leaves: an invalid index. Only what was not there before, and has the name that ours would have.

import type { MaintenanceStep, ObjectState } from '../model/maintenance.ts'
import { objectName } from '../sql/object-name.ts'

/** Names of indexes in the step's schema. `before`: as kept before the statement began. */
export function leftOvers(step: MaintenanceStep, before: ObjectState, now: ObjectState): readonly string[] {
  const fresh = now.invalidIndexes.filter((name) => !before.invalidIndexes.includes(name))
  if (step.kind === 'create-index') return fresh.filter((name) => name === step.relation.name)
  if (step.kind === 'reindex') return fresh.filter((name) => isOfRebuild(step.relation.name, name))
  return []
}

/** REINDEX CONCURRENTLY names the new one _ccnew, the old one at its end _ccold, with a number where the name was taken. */
function isOfRebuild(index: string, name: string): boolean {
  const [, label] = /_(cc(?:new|old)\d*)$/.exec(name) ?? []
  return label !== undefined && name === objectName(index, [], label)
}
