// The words of a comparison that its forms share: what changed, how sure that is, and what to do now.

import type {
  Band,
  ComparedErrors,
  ComparedSeries,
  Comparison,
  Quantile,
  Verdict,
} from '../model/comparison.ts'
import { QUANTILES } from '../model/comparison.ts'
import { ALL_REQUESTS, type InvalidReason } from '../model/load-run.ts'
import { formatDuration, formatValue } from './format.ts'
import { MEND } from './load-report-words.ts'
import { many } from './review-words.ts'

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  invalid: 'INVALID',
}

/** From the worst; improvements after what got slower. */
const ORDER: readonly Band[] = ['critical', 'high', 'medium', 'low', 'improvement', 'none']

/** Supported changes, the worst first. */
export function changedSeries({ series }: Comparison): readonly ComparedSeries[] {
  return series
    .filter(({ band }) => band !== null && band !== 'none')
    .toSorted(
      (one, other) =>
        ORDER.indexOf(one.band!) - ORDER.indexOf(other.band!) || (other.ratio ?? 0) - (one.ratio ?? 0),
    )
}

export function undecidedSeries({ series }: Comparison): readonly ComparedSeries[] {
  return series.filter(({ verdict }) => verdict === 'inconclusive')
}

/** Too few requests, or percentiles only. */
export function notJudgedSeries({ series }: Comparison): readonly ComparedSeries[] {
  return series.filter(({ verdict }) => verdict === 'invalid')
}

export function unchangedSeries(comparison: Comparison): readonly ComparedSeries[] {
  const shown = new Set([
    ...changedSeries(comparison),
    ...undecidedSeries(comparison),
    ...notJudgedSeries(comparison),
  ])
  return comparison.series.filter((each) => !shown.has(each))
}

/** Endpoints of which more requests fail, with support. */
export function moreErrors({ errors }: Comparison): readonly ComparedErrors[] {
  return (errors ?? []).filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
}

export function nameOf({ name }: Pick<ComparedSeries, 'name'>): string {
  return name === ALL_REQUESTS ? 'all requests' : name
}

/** `+32 %`; a ratio of 1.32. */
export function changeText(ratio: number | null): string {
  if (ratio === null) return ''
  const percent = Math.abs(ratio - 1) * 100
  const shown = percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)
  return shown === 0 ? '0 %' : `${ratio < 1 ? '-' : '+'}${shown.toLocaleString('en-US')} %`
}

export function valueText(valueMs: number | null): string {
  return valueMs === null ? '-' : formatDuration(valueMs)
}

/** What is 95 % sure: the bound on the side of no change. */
export function sureText({ band, lower, upper }: ComparedSeries): string {
  const [bound, word] = band === 'improvement' ? [upper, 'faster'] : [lower, 'slower']
  if (bound === null) return ''
  if (band === 'improvement' ? bound >= 1 : bound <= 1) return 'direction not sure'
  return `at least ${changeText(bound).slice(1)} ${word}`
}

/** `42 comparisons made, 3 inconclusive; slowdowns from 8 % (p50) and 38 % (p95) on would have been seen`. */
export function powerLine(comparison: Comparison): string {
  const made = `${many(comparison.comparisons, 'comparison')} made, ${comparison.inconclusive} inconclusive`
  const blind = leastSeen(comparison)
  if (blind.length === 0) return `${made}; how small a slowdown could have been seen is not known`
  return `${made}; smallest slowdown that could be seen on every endpoint: ${blind.map(({ quantile, ratio }) => `${changeText(ratio)} on ${quantile}`).join(', ')}`
}

/** The weakest sight of each quantile: what its blindest endpoint could have told. */
export function leastSeen({
  series,
}: Comparison): readonly { readonly quantile: Quantile; readonly ratio: number }[] {
  return QUANTILES.flatMap((quantile) => {
    const seen = series.flatMap((each) =>
      each.quantile === quantile && each.detectable !== null ? [each.detectable] : [],
    )
    return seen.length === 0 ? [] : [{ quantile, ratio: Math.max(...seen) }]
  })
}

/** What an experiment knows so far: `INCONCLUSIVE, the most is GET /inbox p95 +21 %`. */
export function abStandLine(comparison: Comparison): string {
  const [worst] = comparison.series
    .filter(({ ratio, verdict }) => ratio !== null && verdict !== 'invalid')
    .toSorted((one, other) => other.ratio! - one.ratio!)
  const shown =
    worst === undefined ? '' : `, the most is ${nameOf(worst)} ${worst.quantile} ${changeText(worst.ratio)}`
  return `${VERDICT_WORDS[comparison.verdict]}${shown}`
}

/** ` (92 % of what a request takes more)`, where the sentence has no share itself. */
export function shareText({ summary, share }: Comparison['causes'][number]): string {
  return share === null || /\d %/.test(summary)
    ? ''
    : ` (${formatValue(share, 'ratio')} of what a request takes more)`
}

const DESIGN_WORDS: Readonly<Record<Comparison['design'], string>> = {
  duet: 'both loaded at the same instant',
  interleaved: 'base and head by turns on the same machine',
  stored: 'against runs of an earlier time',
  single: 'one run against one',
}

export function designLine({ design, baseRuns, headRuns, scenario }: Comparison): string {
  const what = scenario === null ? '' : `Scenario ${scenario.id}, `
  return `${what}${many(baseRuns, 'run')} of the base against ${many(headRuns, 'run')} of the head, ${DESIGN_WORDS[design]}.`
}

/** What to do now, in the order of doing. */
export function nextSteps(comparison: Comparison): readonly string[] {
  const { verdict, causes, design, isNewBaselineDue, invalid } = comparison
  const slow = changedSeries(comparison).filter(({ verdict: each }) => each === 'fail' || each === 'warn')
  const steps: string[] = []
  if (moreErrors(comparison).length > 0)
    steps.push(
      `Errors first: see why ${nameOf(moreErrors(comparison)[0]!)} fails; latencies of failing requests say nothing.`,
    )
  if (verdict === 'invalid') {
    const reasons = [...new Set(invalid.map(({ reason }) => reason))]
    if (reasons.some((reason) => reason.startsWith('other-')))
      steps.push('Measure base and head alike, in one job: pgsteward load ab SCENARIO --base ... --head ...')
    for (const reason of reasons) if (isInvalidReason(reason)) steps.push(`${reason}: ${MEND[reason]}`)
    steps.push('Nothing above says whether the change is fast or slow.')
    return steps
  }
  const [first] = slow
  if (first !== undefined) {
    const [cause] = causes
    steps.push(
      cause === undefined
        ? `Look at what ${nameOf(first)} does differently: the database evidence names no cause, so begin with the application's own work, then calls to other services.`
        : `Begin with the ${cause.kind} named above${cause.queryId === null ? '' : ` (query ${cause.queryId})`}: ${ADVICE[cause.kind]}`,
    )
    if (verdict === 'fail')
      steps.push(
        design === 'stored' || design === 'single'
          ? 'If the slowdown is meant, promote a new baseline with the reason: pgsteward baseline promote.'
          : 'If the slowdown is meant, merge it as a decision: the next comparison begins from there.',
      )
  }
  if (verdict === 'inconclusive') {
    const needed = undecidedSeries(comparison).flatMap(({ runsNeeded }) =>
      runsNeeded === null ? [] : [runsNeeded],
    )
    steps.push(
      needed.length === 0
        ? 'This machine is too noisy to decide, with however many runs: measure on a calmer one, or for longer.'
        : `Run again with ${Math.max(...needed)} repetitions a side, or on a calmer machine.`,
    )
  }
  if (design === 'stored' || design === 'single')
    steps.push(
      'Surer with as many runs: base and head by turns in the same job, pgsteward load ab SCENARIO --base ... --head ...',
    )
  if (isNewBaselineDue)
    steps.push('Over 10 % faster on the whole: renew the baseline, pgsteward baseline promote.')
  return steps
}

function isInvalidReason(reason: string): reason is InvalidReason {
  return Object.hasOwn(MEND, reason)
}

const ADVICE: Readonly<Record<Comparison['causes'][number]['kind'], string>> = {
  statement: 'pgsteward advise says whether an index helps, pgsteward twin explain how it is planned.',
  plan: 'pgsteward plans shows both plans and where they part.',
  table: 'its size changed between the runs: same data on both sides, or an index for the new size.',
  wait: 'sessions waited for it; pgsteward watch shows who holds it.',
  pool: 'requests queued for a connection; look for transactions that got longer before raising the pool.',
  cache: 'more was read from disk; compare data sizes and shared_buffers of the two sides.',
  errors: 'errors come first: latencies of failing requests say nothing.',
  settings: 'the servers are configured differently; set them alike and measure again.',
  connections: 'the server ran out of connections, or nearly; see who holds them with pgsteward watch.',
  application:
    'the database is not it: profile what the application does itself, and its calls to other services.',
  schema: 'the schemas differ; check that every migration ran on the head.',
}
