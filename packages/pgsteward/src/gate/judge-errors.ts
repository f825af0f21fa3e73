// Do more requests fail? A finding of its own, whatever the latencies say: requests that fail are often fast.

import type { ComparedErrors } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import { adjustedPValues } from '../stats/benjamini-hochberg.ts'
import { compareProportions } from '../stats/two-proportions.ts'
import { seriesOf } from './run-values.ts'

/** A tenth of a per cent more; one run a side says nothing of how failures come in bursts, so there it takes a whole per cent. */
const LEAST_RISE = { runs: 0.001, single: 0.01 }
const SUPPORT = 0.01

/** Series whose requests failed at all, on either side. */
export function judgeErrors(
  names: readonly string[],
  base: readonly LoadRun[],
  head: readonly LoadRun[],
): readonly ComparedErrors[] {
  const changes = names.flatMap((name) => {
    const change = compareProportions(failuresOf(base, name), failuresOf(head, name))
    return change === null || change.baseRatio + change.headRatio === 0 ? [] : [{ name, ...change }]
  })
  const adjusted = adjustedPValues(changes.map(({ pValue }) => pValue))
  const isSingle = base.length + head.length < 4
  return changes.map(({ name, baseRatio, headRatio }, index) => {
    const pValue = adjusted[index]!
    const rise = headRatio - baseRatio
    const isRise = pValue <= SUPPORT && rise >= (isSingle ? LEAST_RISE.single : LEAST_RISE.runs)
    return {
      name,
      baseRatio,
      headRatio,
      pValue,
      verdict: isRise ? 'fail' : 'pass',
      because: `${percent(headRatio)} of requests failed, ${percent(baseRatio)} before${isRise ? '' : ': no more than chance explains, or too little to matter'}`,
    }
  })
}

function failuresOf(runs: readonly LoadRun[], name: string) {
  return runs.flatMap((run) => seriesOf(run, name) ?? []).map(({ count, errors }) => ({ count, errors }))
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(2))} %`
}
