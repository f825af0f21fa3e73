// A benchmark's run against its baseline, by the same rule as load runs: bands with support, or inconclusive with the number of runs
// needed. The unit is the process: samples and runs of one process share its luck (memory layout, compiled code, the machine's hour),
// so together they are one value more of the baseline's series, however many they are.

import { FAILING_RATIO } from '../gate/bands.ts'
import { judgeSamples } from '../gate/judge-samples.ts'
import type { Verdict } from '../model/comparison.ts'
import type { LoadRun, RunSeries } from '../model/load-run.ts'
import { median } from '../stats/order-statistics.ts'
import type { ShiftSample } from '../stats/shift.ts'
import type { BenchmarkBaseline, MetricAnalysis, RegressionAnalysis } from './benchmark-types.ts'

/** With two the spread is known so badly that nothing could ever be shown. */
const LEAST_RUNS = 3
/** What a machine whose processes differ by some per cent needs. */
const USUAL_RUNS = 5

type Metric = NonNullable<RunSeries['metric']> & { readonly name: string }

export function analyzeRegression(baseline: BenchmarkBaseline | null, current: LoadRun): RegressionAnalysis {
  const { id: name } = current.scenario
  const mismatch = mismatchOf(baseline, current)
  if (baseline === null || mismatch !== null)
    return {
      name,
      verdict: baseline === null ? 'inconclusive' : 'invalid',
      summary:
        mismatch ??
        `there is no baseline yet: createBaseline() makes one, ${USUAL_RUNS} times is a good start`,
      metrics: [],
      comparisons: 0,
      inconclusive: 0,
      isNewBaselineDue: false,
      notes: [],
    }
  const drafts = metricsOf(current).map((metric) => draftOf(metric, baseline))
  const judgements = judgeSamples(
    // a metric of any unit has no least change that matters
    drafts.map(({ sample }) => ({ sample, baseMs: Number.POSITIVE_INFINITY, floor: null })),
    { design: 'stored', repetitions: baseline.runs.length, isSequential: false },
  )
  const metrics = drafts.map(({ about, because, runsNeeded }, index): MetricAnalysis => {
    const judgement = judgements[index]
    if (judgement !== null && judgement !== undefined) {
      const { pValue: _, ...rest } = judgement
      return { ...about, ...rest }
    }
    const { base, current: now } = about
    return {
      ...about,
      ...NOTHING,
      ratio: base === null || now === null ? null : ratioOf(about, base, now),
      verdict: runsNeeded === null ? 'invalid' : 'inconclusive',
      runsNeeded,
      because,
    }
  })
  return together(name, baseline, metrics, current)
}

const NOTHING = { lower: null, upper: null, band: null, detectable: null } as const

function metricsOf({ series }: LoadRun): readonly Metric[] {
  return series.flatMap(({ name, metric }) => (metric === undefined ? [] : [{ name, ...metric }]))
}

function draftOf(metric: Metric, baseline: BenchmarkBaseline) {
  const before = baseline.runs
    .flatMap(metricsOf)
    .filter(
      ({ name, unit, better }) => name === metric.name && unit === metric.unit && better === metric.better,
    )
    .map(({ values }) => median(values))
  const { name, unit, better, values } = metric
  const about = {
    name,
    unit,
    better,
    base: before.length === 0 ? null : median(before),
    current: median(values),
    baseRuns: before.length,
  }
  const none = (because: string, runsNeeded: number | null) => ({ about, sample: null, because, runsNeeded })
  if (before.length === 0) return none('It is not in the baseline.', USUAL_RUNS)
  if ([...before, ...values].some((each) => each === 0))
    return none('A value of 0 has no ratio to another.', null)
  if (before.length < LEAST_RUNS)
    return none(
      `The baseline has ${before.length} run${before.length === 1 ? '' : 's'} of it: how far runs differ by themselves is not known.`,
      USUAL_RUNS,
    )
  // a slowdown is above zero, whichever way is better
  const logs = (list: readonly number[]) =>
    list.map((value) => (better === 'lower' ? Math.log(value) : -Math.log(value)))
  const sample: ShiftSample = { kind: 'predicted', base: logs(before), head: logs(values) }
  return { about, sample, because: '', runsNeeded: null }
}

function ratioOf({ better }: { better: 'lower' | 'higher' }, base: number, current: number): number | null {
  const ratio = better === 'lower' ? current / base : base / current
  return Number.isFinite(ratio) ? ratio : null
}

function mismatchOf(baseline: BenchmarkBaseline | null, current: LoadRun): string | null {
  if (baseline === null) return null
  if (baseline.scenario.hash !== current.scenario.hash)
    return `the baseline is of the benchmark ${baseline.scenario.id}`
  if (baseline.hostClass !== current.environment.hostClass)
    return `the baseline was made on another class of machine (${baseline.hostClass}); this is ${current.environment.hostClass}`
  return null
}

function together(
  name: string,
  baseline: BenchmarkBaseline,
  metrics: readonly MetricAnalysis[],
  current: LoadRun,
): RegressionAnalysis {
  const judged = metrics.filter(({ verdict }) => verdict !== 'invalid')
  const of = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted)
  const worst = [...of('fail'), ...of('warn')].toSorted((one, other) => (other.ratio ?? 0) - (one.ratio ?? 0))
  const inconclusive = of('inconclusive').length
  const verdict: Verdict =
    of('fail').length > 0
      ? 'fail'
      : inconclusive > 0 || judged.length === 0
        ? 'inconclusive'
        : of('warn').length > 0
          ? 'warn'
          : 'pass'
  const improved = judged.filter(({ band }) => band === 'improvement')
  const parts = [
    ...(worst[0] === undefined
      ? ['none got worse']
      : [`${worst.length} got worse, most of all ${worst[0].name} by ${percent(worst[0].ratio!)}`]),
    ...(improved.length === 0 ? [] : [`${improved.length} got better`]),
    ...(inconclusive === 0 ? [] : [`${inconclusive} inconclusive`]),
  ]
  const known = new Set(metrics.map((each) => each.name))
  const gone = [
    ...new Set(baseline.runs.flatMap(metricsOf).flatMap((each) => (known.has(each.name) ? [] : [each.name]))),
  ]
  const nodes = new Set([...baseline.runs, current].map(({ environment }) => environment.node))
  return {
    name,
    verdict,
    summary: `${judged.length} metric${judged.length === 1 ? '' : 's'} compared, ${parts.join(', ')}`,
    metrics,
    comparisons: judged.length,
    inconclusive,
    isNewBaselineDue: verdict === 'pass' && improved.some(({ ratio }) => (ratio ?? 1) < 0.9),
    notes: [
      ...(gone.length === 0 ? [] : [`In the baseline, not recorded now: ${gone.join(', ')}.`]),
      ...(nodes.size === 1 ? [] : [`Versions of Node differ: ${[...nodes].join(', ')}.`]),
      ...(inconclusive === 0
        ? []
        : [
            `A decision takes a bound below ${percent(FAILING_RATIO)}, or a slowdown of which over 5 % is sure.`,
          ]),
    ],
  }
}

function percent(ratio: number): string {
  return `${Math.round((ratio - 1) * 100)} %`
}
