// An index that maintenance built and that brought nothing (M4): by what the history says of the statements that it is for (V2).

import type { IndexEffect } from '../../model/index-effect.ts'
import type { MaintenanceJob } from '../../model/maintenance.ts'

/** Nothing is said before as much was seen after it as before it; of what something else disturbed, nothing either. */
export function isUseless({ isComplete, verdict }: Pick<IndexEffect, 'isComplete' | 'verdict'>): boolean {
  return isComplete && (verdict === 'no-change' || verdict === 'worse')
}

/** `appearedAt` is that of the first reading that saw it, which a finished job asks for at once; valid or not, it was not there before. */
export function hasBuilt(
  { state, steps, createdAt }: Pick<MaintenanceJob, 'state' | 'steps' | 'createdAt'>,
  { schema, index, appearedAt }: Pick<IndexEffect, 'schema' | 'index' | 'appearedAt'>,
): boolean {
  return (
    state === 'done' &&
    createdAt <= appearedAt &&
    steps.some(
      ({ kind, relation }) =>
        kind === 'create-index' && relation.schema === schema && relation.name === index,
    )
  )
}

/** Another index went for it: that nothing changed is what it is for. */
export function isReplacement({ steps }: Pick<MaintenanceJob, 'steps'>): boolean {
  return steps.some(({ kind }) => kind === 'drop-index')
}

export function uselessWords({
  index,
  verdict,
  measuredRatio,
  before,
}: Pick<IndexEffect, 'index' | 'verdict' | 'measuredRatio' | 'before'>): string {
  const hours = Math.max(1, Math.round((before.to.getTime() - before.from.getTime()) / 3_600_000))
  const now = measuredRatio === null ? '' : `, ${Math.round(measuredRatio * 100)} % of what they took before`
  const did =
    verdict === 'worse'
      ? 'made the statements that it is for slower'
      : 'did not help the statements that it is for'
  return `Index ${index} ${did}${now}, measured over ${hours} h on either side.`
}
