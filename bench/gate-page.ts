// bench/results/gate.md: what was measured and simulated, as tables.

import { MOST_STOLEN } from '../packages/pgsteward/src/gate/disturbed.ts'
import { trunkChanges } from '../packages/pgsteward/src/gate/trunk-changes.ts'
import { Random } from '../packages/pgsteward/src/load/engine/random.ts'
import {
  betweenRuns,
  type Experiment,
  experimentsOf,
  naiveRules,
  reshuffled,
  shareText,
  strayOfPairs,
} from './gate-experiments.ts'
import { DESIGNS, type Pair, type PairDesign, REGIMES, type Regime } from './gate-runs.ts'
import { simulate, type Tail, trunkSeries } from './gate-simulation.ts'

export function judgedPage(pairs: readonly Pair[], experiments: number): string {
  return [
    'A Node HTTP server of about 1 ms of processor and a lognormal wait a request, two endpoints, 300 requests a second from the built-in engine, 2 s a run, a fresh process a run. Noise is made on purpose: *quiet* none, *moderate* two neighbours at about 20 % of a core in short bursts, *saturated* three at 95, 95 and 60 % on two cores. Shares with Wilson 95 % intervals.',
    ...(pairs.length === 0
      ? ['Nothing was measured yet; what follows is simulated.']
      : measuredTables(pairs)),
    '## Simulated repetitions',
    `${experiments.toLocaleString('en-US')} experiments a row, sequential as above (3 to 9 repetitions), runs that stray by the given coefficient of variation, ten comparisons of which 60 % of the variance is shared. *heavy*: Student's t with three degrees of freedom.`,
    simulatedTable(experiments),
    '## Steps on the trunk',
    'Series of 60 points with a step at the 41st, both votes (gate/trunk-changes.ts), found within three points.',
    trunkTable(Math.max(100, experiments / 5)),
  ].join('\n\n')
}

function measuredTables(pairs: readonly Pair[]): readonly string[] {
  const of = (regime: Regime, design: PairDesign, factor: number) =>
    pairs.filter((pair) => pair.regime === regime && pair.design === design && pair.factor === factor)
  const valid = (list: readonly Pair[]) =>
    list.filter(({ base, head }) => base.invalid.length + head.invalid.length === 0)
  /** What `load ab` keeps: the rest it makes again. */
  const kept = (list: readonly Pair[]) =>
    valid(list).filter(({ stolenRatio }) => stolenRatio === null || stolenRatio < MOST_STOLEN)
  const cells = REGIMES.flatMap((regime) => DESIGNS.map((design) => ({ regime, design })))
  const noise = cells.map(({ regime, design }) => {
    const same = of(regime, design, 1)
    const usable = valid(same)
    const [p50, p95] = [betweenRuns(usable, 'p50Ms'), betweenRuns(usable, 'p95Ms')]
    const slowed = of(regime, design, 1.25)
    return [
      regime,
      design,
      `${same.length}, ${same.length - usable.length} not valid, ${usable.length - kept(same).length} disturbed`,
      `${percent(p50.plain)} (${percent(p50.robust)})`,
      `${percent(p95.plain)} (${percent(p95.robust)})`,
      shareText(same.filter((pair) => naiveRules(pair).p95).length, same.length),
      shareText(same.filter((pair) => naiveRules(pair).any).length, same.length),
      shareText(slowed.filter((pair) => naiveRules(pair).p95).length, slowed.length),
    ]
  })
  const judged = cells.map(({ regime, design }) => {
    const same = kept(of(regime, design, 1))
    const slowed = kept(of(regime, design, 1.25))
    return {
      regime,
      design,
      same: [...experimentsOf(same), ...experimentsOf(same, true)],
      slowed: experimentsOf(slowed),
      sameAgain: reshuffled(same, RESHUFFLED),
      slowedAgain: reshuffled(slowed, RESHUFFLED),
    }
  })
  const all = judged.flatMap(({ same }) => same)
  const comparisons = all.flatMap(({ comparison }) =>
    comparison.series.filter(({ verdict }) => verdict !== 'invalid'),
  )
  const identical = pairs.filter(({ factor }) => factor === 1)
  return [
    '## What the host took',
    'The machine is virtual, and its own host gives processor time to others now and then (steal, /proc/stat). Identical pairs that the engine called valid, by the share that was stolen while they ran: how far ln(head/base) strays, as a standard deviation of one run. By this the gate has pairs from 3 % on made again (`load ab`); they are left out below, and count in the naive rule, which knows no such thing. The limit was chosen on an earlier part of these pairs, by their strays and not by verdicts.',
    stolenTable(valid(pairs)),
    '## One run against one: the naive rule',
    'Identical runs, and a head that does 25 % more. *Any*: p50 or p95 of any of the three series.',
    table(
      [
        'noise',
        'design',
        'identical pairs',
        'p50 strays (robust)',
        'p95 strays',
        'p95 over 15 %: false alarms',
        'any over 15 %: false alarms',
        '25 % slower: found',
      ],
      noise,
    ),
    `All ${identical.length} identical pairs: ${shareText(identical.filter((pair) => naiveRules(pair).p95).length, identical.length)} false alarms on p95, ${shareText(identical.filter((pair) => naiveRules(pair).any).length, identical.length)} on any.`,
    '## The gate on the same runs',
    'Experiments of 3 to 9 repetitions by the sequential rule, each pair used once (and once more with the sides swapped for false alarms; runs that the engine called not valid or that the host disturbed are left out, as `load ab` makes them again).',
    table(
      [
        'noise',
        'design',
        'identical: failed',
        'passed, warned, undecided',
        'repetitions',
        '25 % slower: found',
        'undecided',
        'passed',
        'repetitions',
      ],
      judged.map(({ regime, design, same, slowed }) => [
        regime,
        design,
        shareText(count(same, 'fail'), same.length),
        `${count(same, 'pass')}, ${count(same, 'warn')}, ${count(same, 'inconclusive')}`,
        repetitions(same),
        shareText(count(slowed, 'fail'), slowed.length),
        String(count(slowed, 'inconclusive')),
        String(count(slowed, 'pass') + count(slowed, 'warn')),
        repetitions(slowed),
      ]),
    ),
    `The same pairs in ${RESHUFFLED} other orders: more experiments, which share their runs, so the intervals are too narrow.`,
    table(
      ['noise', 'design', 'identical: failed', '25 % slower: found', 'undecided', 'passed'],
      judged.map(({ regime, design, sameAgain, slowedAgain }) => [
        regime,
        design,
        shareText(count(sameAgain, 'fail'), sameAgain.length),
        shareText(count(slowedAgain, 'fail'), slowedAgain.length),
        String(count(slowedAgain, 'inconclusive')),
        String(count(slowedAgain, 'pass') + count(slowedAgain, 'warn')),
      ]),
    ),
    `False alarms over all (first table): ${shareText(count(all, 'fail'), all.length)} of experiments, ${shareText(comparisons.filter(({ verdict }) => verdict === 'fail').length, comparisons.length)} of comparisons.`,
  ]
}

const RESHUFFLED = 8

const STOLEN = [0, 0.01, MOST_STOLEN, 0.08, 1.01]

function stolenTable(pairs: readonly Pair[]): string {
  const rows = REGIMES.flatMap((regime) =>
    STOLEN.slice(0, -1).map((from, at) => {
      const to = STOLEN[at + 1]!
      const list = pairs.filter(
        (pair) =>
          pair.regime === regime &&
          pair.design === 'interleaved' &&
          pair.factor === 1 &&
          pair.stolenRatio !== null &&
          pair.stolenRatio >= from &&
          pair.stolenRatio < to,
      )
      return [
        regime,
        to > 1 ? `${percent(from)} and more` : `${percent(from)} to ${percent(to)}`,
        String(list.length),
        percent(strayOfPairs(list, 'p50Ms')),
        percent(strayOfPairs(list, 'p95Ms')),
      ]
    }),
  )
  return table(['noise', 'stolen', 'interleaved pairs', 'p50 strays', 'p95 strays'], rows)
}

function count(experiments: readonly Experiment[], verdict: Experiment['verdict']): number {
  return experiments.filter((each) => each.verdict === verdict).length
}

function repetitions(experiments: readonly Experiment[]): string {
  if (experiments.length === 0) return '-'
  return (experiments.reduce((sum, each) => sum + each.repetitions, 0) / experiments.length).toFixed(1)
}

const COMPARISONS = 10

function simulatedTable(experiments: number): string {
  const rows = (['normal', 'heavy'] as const).flatMap((tail: Tail) =>
    [0.02, 0.05, 0.08, 0.13, 0.2, 0.3].map((variation, at) => {
      const cell = { variation, tail, comparisons: COMPARISONS }
      const same = simulate({ ...cell, factor: 1 }, experiments, at + 1)
      const found = [1.1, 1.15, 1.25, 1.5].map((factor) =>
        simulate({ ...cell, factor }, Math.ceil(experiments / 8), at + 1),
      )
      return [
        `${percent(variation)} ${tail}`,
        shareText(same.naive, experiments),
        shareText(same.verdicts.fail, experiments),
        percent(same.verdicts.inconclusive / experiments),
        same.meanRepetitions.toFixed(1),
        ...found.map(({ verdicts }) => {
          const total = Object.values(verdicts).reduce((sum, each) => sum + each, 0)
          return `${percent((verdicts.fail + verdicts.warn) / total)}, ${percent(verdicts.inconclusive / total)}`
        }),
      ]
    }),
  )
  return table(
    [
      'runs stray by',
      'naive (one comparison): false alarms',
      'gate: false alarms',
      'undecided',
      'repetitions',
      '+10 %: found, undecided',
      '+15 %',
      '+25 %',
      '+50 %',
    ],
    rows,
  )
}

function trunkTable(series: number): string {
  const factors = [1.05, 1.1, 1.15, 1.25, 1.5]
  const rows = (['normal', 'heavy'] as const).flatMap((tail) =>
    [0.03, 0.07, 0.13].map((variation) => {
      const random = new Random(11, Math.round(variation * 100))
      const found = (factor: number) =>
        Array.from({ length: series }, () => trunkChanges(trunkSeries(variation, tail, factor, random)))
      const alarms = found(1).filter((changes) => changes.length > 0).length
      return [
        `${percent(variation)} ${tail}`,
        shareText(alarms, series),
        ...factors.map((factor) =>
          percent(
            found(factor).filter((changes) => changes.some(({ index }) => Math.abs(index - 40) <= 3)).length /
              series,
          ),
        ),
      ]
    }),
  )
  return table(
    [
      'points stray by',
      'series without a step: alarms',
      ...factors.map((factor) => `+${Math.round((factor - 1) * 100)} %`),
    ],
    rows,
  )
}

function percent(ratio: number): string {
  return Number.isFinite(ratio) ? `${Number((ratio * 100).toFixed(1))} %` : '-'
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
