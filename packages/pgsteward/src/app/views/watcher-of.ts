// The watcher of a target by its id, as the API's addresses name it.

import { StewardError } from '../../model/error.ts'
import type { Steward } from '../steward.ts'
import type { Watcher } from '../watcher.ts'

export function watcherOf(steward: Steward, targetId: string): Watcher {
  const watcher = steward.watcher(targetId)
  if (watcher === undefined) {
    const known = steward.watchers.map((each) => each.target.id).join(', ')
    throw new StewardError('finding-unknown', `there is no target "${targetId}"`, {
      hint: `Known: ${known}.`,
    })
  }
  return watcher
}
