// Answers about load runs, finished and under way, baselines and comparisons; and what their senders report.

import { bottleneckOf } from '../../gate/bottleneck.ts'
import { compareRuns } from '../../gate/compare-runs.ts'
import { BASELINE_FORMAT, type Baseline } from '../../model/baseline.ts'
import type { Quantile } from '../../model/comparison.ts'
import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS, type LoadRun } from '../../model/load-run.ts'
import type {
  ComparedWire,
  ComparisonSummaryWire,
  LoadBaselinesWire,
  LoadBaselineWire,
  LoadHistoryWire,
  LoadRunSummaryWire,
  LoadRunsWire,
  LoadRunWire,
  MomentsReportWire,
  ShownRunWire,
} from '../../model/load-wire.ts'
import { formatDuration } from '../../report/format.ts'
import type { KeptBaseline, KeptComparison, KeptRun } from '../../store/load/load-store.ts'
import { LiveRuns } from '../load/live-runs.ts'
import { safeRun, withoutUser } from '../load/safe-run.ts'
import type { Steward } from '../steward.ts'
import { loadHistory } from './load-history.ts'
import { baselineRef, experimentRef, type Side, sideOf, unknownRun } from './load-refs.ts'
import { loadHeadline, runVerdict } from './load-words.ts'

const LISTED_RUNS = 300
const MOST_POINTS = 100
const MOST_SCENARIOS = 30
const COMPARISONS_OF_RUN = 10

export class LoadViews {
  readonly #steward: Steward
  readonly #now: () => Date
  readonly #live = new LiveRuns()

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async runs(filter: { readonly scenario?: string; readonly limit?: number }): Promise<LoadRunsWire> {
    const { store } = this.#steward
    const kept = await store.loadRuns({
      limit: filter.limit ?? LISTED_RUNS,
      ...(filter.scenario === undefined ? {} : { scenario: filter.scenario }),
    })
    const [runs, baselines] = await Promise.all([this.#summaries(kept), store.baselines()])
    const latestOf = new Map<string, number>()
    kept.forEach(({ scenario }, place) => {
      if (!latestOf.has(scenario.id)) latestOf.set(scenario.id, place)
    })
    const scenarios = await Promise.all(
      [...latestOf].slice(0, MOST_SCENARIOS).map(async ([id, place]) => ({
        id,
        title: kept[place]!.scenario.title,
        runs: kept.filter((run) => run.scenario.id === id).length,
        latest: runs[place]!,
        history: await this.history(id, ALL_REQUESTS, 'p95'),
        baselines: baselines.filter((each) => fits(each, kept[place]!)).map(({ name }) => name),
      })),
    )
    return {
      headline: loadHeadline(scenarios),
      live: this.#live
        .list(this.#now())
        .filter((run) => filter.scenario === undefined || run.scenario.id === filter.scenario),
      scenarios,
      runs: [...runs],
    }
  }

  async run(id: string): Promise<LoadRunWire> {
    const live = this.#live.find(id, this.#now())
    if (live !== null)
      return { summary: null, run: null, bottlenecks: [], leftOut: [], live, comparisons: [] }
    const { store } = this.#steward
    const found = await store.loadRun(id)
    if (found === null) throw unknownRun(id)
    const comparisons = await store.comparisons([id], COMPARISONS_OF_RUN)
    return {
      summary: summaryView(found.kept, comparisons[0] ?? null),
      run: found.run === null ? null : shown(found.run),
      bottlenecks: found.run === null ? [] : [...bottleneckOf(found.run)],
      leftOut: [...found.kept.leftOut],
      live: null,
      comparisons: comparisons.map(comparisonView),
    }
  }

  /** The run file, as it was sent. */
  async file(id: string): Promise<LoadRun> {
    const found = await this.#steward.store.loadRun(id)
    if (found === null || found.run === null) throw unknownRun(id)
    return found.run
  }

  async history(scenario: string, series: string, quantile: Quantile): Promise<LoadHistoryWire> {
    return loadHistory(
      scenario,
      series,
      quantile,
      await this.#steward.store.runFigures(scenario, series, MOST_POINTS),
    )
  }

  async compare(base: string, head: string): Promise<ComparedWire> {
    const { store } = this.#steward
    const [baseSide, headSide] = await Promise.all([sideOf(store, base), sideOf(store, head)])
    const comparison = compareRuns(baseSide.runs, headSide.runs, { noise: baseSide.noise })
    await store.saveComparison(
      {
        base,
        head,
        baseIds: baseSide.runs.map(({ id }) => id),
        headIds: headSide.runs.map(({ id }) => id),
        comparison,
      },
      this.#now(),
    )
    return { comparison, base: await this.#side(baseSide), head: await this.#side(headSide) }
  }

  async baselines(): Promise<LoadBaselinesWire> {
    return { baselines: (await this.#steward.store.baselines()).map(baselineView) }
  }

  /** Of kept runs: valid ones of one definition and class of host. */
  async createBaseline(request: {
    readonly name: string
    readonly runs: readonly string[]
    readonly reason: string
    readonly by: string
  }): Promise<LoadBaselineWire> {
    const { runs } = await sideOf(this.#steward.store, request.runs.join(','))
    const [first] = runs
    const odd = runs.find(
      (run) =>
        run.scenario.hash !== first!.scenario.hash ||
        run.environment.hostClass !== first!.environment.hostClass,
    )
    if (odd !== undefined)
      throw new StewardError(
        'usage',
        `the run ${odd.id} is of another scenario or class of host than ${first!.id}`,
        {
          hint: 'A baseline holds runs of one definition on one class of host.',
        },
      )
    const invalid = runs.find((run) => run.invalid.length > 0)
    if (invalid !== undefined)
      throw new StewardError('usage', `the run ${invalid.id} is invalid`, {
        detail: invalid.invalid[0]!.detail,
        hint: 'A baseline is made of valid runs alone.',
      })
    const now = this.#now().toISOString()
    return await this.saveBaseline({
      format: BASELINE_FORMAT,
      name: request.name,
      scenario: { id: first!.scenario.id, hash: first!.scenario.hash },
      hostClass: first!.environment.hostClass,
      status: 'active',
      createdAt: now,
      promoted: { at: now, by: request.by, reason: request.reason },
      runs: runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)),
      noise: [],
    })
  }

  async saveBaseline(baseline: Baseline): Promise<LoadBaselineWire> {
    const { store } = this.#steward
    const id = await store.saveBaseline({ ...baseline, runs: baseline.runs.map(safeRun) })
    return baselineView((await store.baselines()).find((each) => each.id === id)!)
  }

  receiveMoments(id: string, report: MomentsReportWire): void {
    const target = report.target === null ? null : withoutUser(report.target)
    this.#live.receive(id, { ...report, target }, this.#now())
  }

  /** Kept, marked on its target's time axis, and compared with what it can be compared with. */
  async receiveRun(sent: LoadRun): Promise<void> {
    const { store, config } = this.#steward
    const run = safeRun(sent)
    await store.saveLoadRun(run, this.#now(), config.load.maxSize)
    this.#live.end(run.id)
    const targetId = run.database?.targetId ?? null
    if (targetId !== null && this.#steward.watcher(targetId) !== undefined)
      await store.saveTargetEvents(targetId, [
        {
          at: new Date(run.startedAt),
          kind: 'load',
          subject: `load run ${run.scenario.id}`,
          detail: `for ${formatDuration(run.warmUpMs + run.durationMs)}`,
        },
      ])
    await this.#judge(run)
  }

  /** Against the other side of its experiment, else against the active baselines of its kind. */
  async #judge(run: LoadRun): Promise<void> {
    const { store } = this.#steward
    if (run.experiment !== null) {
      const { id } = run.experiment
      const sides = await Promise.all(
        (['base', 'head'] as const).map((side) => store.experimentRuns(id, side)),
      )
      if (sides.every((ids) => ids.length > 0))
        await this.compare(experimentRef(id, 'base'), experimentRef(id, 'head'))
      return
    }
    const kept = (await store.loadRun(run.id))?.kept
    for (const baseline of await store.baselines())
      if (
        baseline.status === 'active' &&
        !baseline.runIds.includes(run.id) &&
        kept !== undefined &&
        fits(baseline, kept)
      )
        await this.compare(baselineRef(baseline.id), run.id)
  }

  async #summaries(kept: readonly KeptRun[]): Promise<readonly LoadRunSummaryWire[]> {
    const made = await this.#steward.store.comparisons(
      kept.map(({ id }) => id),
      LISTED_RUNS,
    )
    const latest = new Map<string, KeptComparison>()
    for (const each of made.toReversed()) for (const id of each.headIds) latest.set(id, each)
    return kept.map((run) => summaryView(run, latest.get(run.id) ?? null))
  }

  async #side({ ref, label, runs }: Side): Promise<ComparedWire['base']> {
    const kept = await Promise.all(runs.map(({ id }) => this.#steward.store.loadRun(id)))
    const known = kept.flatMap((each) => (each === null ? [] : [each.kept]))
    return { ref, label, runs: [...(await this.#summaries(known))] }
  }
}

function fits(baseline: KeptBaseline, run: KeptRun): boolean {
  return (
    baseline.scenario.id === run.scenario.id &&
    baseline.scenario.hash === run.scenario.hash &&
    baseline.hostClass === run.hostClass
  )
}

function summaryView(run: KeptRun, comparison: KeptComparison | null): LoadRunSummaryWire {
  const { invalid, crossed, leftOut: _leftOut, experimentId, experimentSide, ...rest } = run
  return {
    ...rest,
    startedAt: run.startedAt.toISOString(),
    requestsPerSecond: run.durationMs === 0 ? 0 : run.requests / (run.durationMs / 1000),
    invalid: invalid.length,
    thresholdsCrossed: crossed.length,
    experiment:
      experimentId === null || experimentSide === null ? null : { id: experimentId, side: experimentSide },
    verdict: runVerdict(run, comparison),
  }
}

function shown(run: LoadRun): ShownRunWire {
  return {
    ...run,
    series: run.series.map(
      ({ histogram: _all, serviceHistogram: _service, windows: _windows, ...rest }) => rest,
    ),
  }
}

function baselineView(kept: KeptBaseline): LoadBaselineWire {
  const { promotedAt, promotedBy, promotedWhy, createdAt, runIds, ...rest } = kept
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    runIds: [...runIds],
    promoted:
      promotedAt === null
        ? null
        : { at: promotedAt.toISOString(), by: promotedBy ?? '', reason: promotedWhy ?? '' },
  }
}

function comparisonView({ baseIds: _base, headIds: _head, ...rest }: KeptComparison): ComparisonSummaryWire {
  return { ...rest, at: rest.at.toISOString() }
}
