// What one value of a sweep comes to: its curve, its best step, and whether the pool warned in time.

import {
  POOL_THRESHOLD_RATIO,
  type ScalabilityFit,
  type SweepStep,
  type SweepValue,
} from '../../model/sweep.ts'
import { fitScalability } from '../../stats/scalability.ts'

/** `random`: for the interval of the knee. */
export function sweepValue(
  value: string,
  steps: readonly SweepStep[],
  { p95LimitMs, trouble }: { readonly p95LimitMs: number | null; readonly trouble: string | null },
  random: () => number,
): SweepValue {
  const believed = steps.filter(({ invalid }) => invalid.length === 0)
  const fit = fitSteps(
    believed.map(({ offered, requestsPerSecond }) => ({ n: offered, throughput: requestsPerSecond })),
    random,
  )
  const within = believed.filter(
    ({ p95Ms }) => p95LimitMs === null || (p95Ms !== null && p95Ms <= p95LimitMs),
  )
  const best = within.reduce<SweepStep | null>(
    (top, each) => (top === null || each.requestsPerSecond > top.requestsPerSecond ? each : top),
    null,
  )
  const poolWarnsAt = poolWarning(steps)
  return {
    value,
    steps: [...steps],
    fit,
    best,
    poolWarnsAt,
    poolSignal: poolSignal(steps, fit, poolWarnsAt),
    trouble,
  }
}

export function fitSteps(
  points: readonly { readonly n: number; readonly throughput: number }[],
  random: () => number,
): ScalabilityFit {
  const { knee, peak, disagreeing, ...rest } = fitScalability(points, random)
  return {
    ...rest,
    knee: knee === null ? null : { ...knee, interval: knee.interval === null ? null : [...knee.interval] },
    peak: { ...peak },
    disagreeing: disagreeing.map((point) => ({ ...point })),
  }
}

function poolWarning(steps: readonly SweepStep[]): number | null {
  const warned = steps
    .filter(
      ({ pool }) => pool !== null && pool.max !== null && pool.usedMax > POOL_THRESHOLD_RATIO * pool.max,
    )
    .map(({ offered }) => offered)
  return warned.length === 0 ? null : Math.min(...warned)
}

function poolSignal(
  steps: readonly SweepStep[],
  { knee }: ScalabilityFit,
  warnsAt: number | null,
): SweepValue['poolSignal'] {
  if (!steps.some(({ pool }) => pool?.max != null)) return 'unknown'
  if (warnsAt === null) return 'never'
  if (knee === null) return 'without-knee'
  const levels = [...new Set(steps.map(({ offered }) => offered))].sort((a, b) => a - b)
  // the step at whose end the knee lies
  const kneeStep = levels.find((level) => level >= knee.n) ?? levels.at(-1)!
  if (warnsAt < kneeStep) return 'before-knee'
  return warnsAt === kneeStep ? 'at-knee' : 'after-knee'
}
