// What is clearly worse than before a launch. No verdict: a review begins with it, and people say what it means.

import type { LaunchMetricsWire } from '../../model/review-wire.ts'

/** Judgement: below these differences weekdays and chance differ as much. */
const RATIO_WORSE = 1.25
const LEAST_ERROR_RATIO = 0.001
const LEAST_DELIVERED_DROP = 0.002
const LEAST_REQUESTS = 100

export function worseThan(now: LaunchMetricsWire, before: LaunchMetricsWire | null): string[] {
  if (before === null) return []
  const worse: string[] = []
  const isEnough = now.requests >= LEAST_REQUESTS && before.requests >= LEAST_REQUESTS
  if (
    isEnough &&
    now.errorRatio !== null &&
    before.errorRatio !== null &&
    now.errorRatio - before.errorRatio > LEAST_ERROR_RATIO &&
    now.errorRatio > before.errorRatio * RATIO_WORSE
  )
    worse.push(`Errors ${percent(before.errorRatio)} -> ${percent(now.errorRatio)}.`)
  if (isEnough && now.p95Ms !== null && before.p95Ms !== null && now.p95Ms > before.p95Ms * RATIO_WORSE)
    worse.push(`p95 of requests ${Math.round(before.p95Ms)} ms -> ${Math.round(now.p95Ms)} ms.`)
  if (
    now.deliveredRatio !== null &&
    before.deliveredRatio !== null &&
    before.deliveredRatio - now.deliveredRatio > LEAST_DELIVERED_DROP
  )
    worse.push(`Deliveries that succeed ${percent(before.deliveredRatio)} -> ${percent(now.deliveredRatio)}.`)
  if (
    now.databaseLoad !== null &&
    before.databaseLoad !== null &&
    before.databaseLoad > 0 &&
    now.databaseLoad > before.databaseLoad * RATIO_WORSE
  )
    worse.push(
      `Load of the database ${before.databaseLoad.toFixed(2)} -> ${now.databaseLoad.toFixed(2)} at work on average.`,
    )
  return worse
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(2)} %`
}
