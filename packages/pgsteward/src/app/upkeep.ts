// Upkeep of the store: retention, once an hour.

import type { Steward } from './steward.ts'

export interface Upkeep {
  readonly stop: () => Promise<void>
}

const HOUR_MS = 3_600_000

export async function startUpkeep({ store, config }: Steward): Promise<Upkeep> {
  const { keepRaw, keepHourly, keepDaily, keepResolved, maxSize } = config.store
  const policy = {
    rawMs: keepRaw,
    hourlyMs: keepHourly,
    dailyMs: keepDaily,
    resolvedFindingsMs: keepResolved,
    maxBytes: maxSize,
  }
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = store.applyRetention(policy, new Date()).then(
      () => undefined,
      () => undefined,
    )
  }, HOUR_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
