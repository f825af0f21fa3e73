// What many comparisons say together, and the sentence for it.

import type { ComparedErrors, ComparedSeries, Verdict } from '../model/comparison.ts'
import { ALL_REQUESTS } from '../model/load-run.ts'

/** A failure outweighs all; what is not decided outweighs a warning, because it may be worse than one. */
export function verdictTogether(
  series: readonly ComparedSeries[],
  errors: readonly ComparedErrors[],
  hasSlowWindows: boolean,
): Verdict {
  const judged = series.filter(({ verdict }) => verdict !== 'invalid')
  const verdicts = new Set<Verdict>([...judged, ...errors].map(({ verdict }) => verdict))
  if (verdicts.has('fail')) return 'fail'
  if (verdicts.has('inconclusive') || judged.length === 0) return 'inconclusive'
  return verdicts.has('warn') || hasSlowWindows ? 'warn' : 'pass'
}

/** `2 of 12 comparisons are slower, the worst by 32 % (GET /inbox p95); 3 inconclusive.` */
export function summaryOf(
  verdict: Verdict,
  series: readonly ComparedSeries[],
  errors: readonly ComparedErrors[],
): string {
  const judged = series.filter((each) => each.verdict !== 'invalid')
  const failing = errors.filter((each) => each.verdict === 'fail')
  const slower = judged
    .filter((each) => each.verdict === 'fail' || each.verdict === 'warn')
    .sort((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0))
  const faster = judged.filter(({ band }) => band === 'improvement')
  const undecided = judged.filter((each) => each.verdict === 'inconclusive').length
  const parts = [
    ...(failing.length === 0 ? [] : [`more requests fail (${failing.map(errorText).join(', ')})`]),
    ...(slower.length === 0
      ? []
      : [`${slower.length} slower, the worst by ${percent(slower[0]!.ratio)} (${label(slower[0]!)})`]),
    ...(faster.length === 0 ? [] : [`${faster.length} faster`]),
    ...(verdict === 'warn' && slower.length === 0 ? ['slow in some windows'] : []),
    `${undecided} inconclusive`,
  ]
  const count = `${judged.length} ${judged.length === 1 ? 'comparison' : 'comparisons'}`
  const few = judged.length === 0 && failing.length === 0 ? '; too few requests to judge any' : ''
  return `${count}, ${parts.join(', ')}${few}`
}

function label({ name, quantile }: ComparedSeries): string {
  return `${name === ALL_REQUESTS ? 'all requests' : name} ${quantile}`
}

function errorText({ name, baseRatio, headRatio }: ComparedErrors): string {
  return `${name === ALL_REQUESTS ? 'all requests' : name} ${share(baseRatio)} -> ${share(headRatio)}`
}

function share(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(2))} %`
}

function percent(ratio: number | null): string {
  return `${Math.round(((ratio ?? 1) - 1) * 100)} %`
}
