// A load run as a report: whether to believe it, what it measured by endpoint, how it compares, and what held it back.

import { bottleneckOf } from '../../gate/bottleneck.ts'
import type { Cause } from '../../model/comparison.ts'
import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS, type LoadRun, type RunSeries } from '../../model/load-run.ts'
import type { Report } from '../../model/report.ts'
import type { KeptComparison, KeptRun } from '../../store/load/load-store.ts'
import type { Store } from '../../store/store.ts'
import { runVerdict } from '../views/load-words.ts'
import { column, figure, figures, item, list, section, table, text } from './blocks.ts'
import type { ReportBody } from './daily-report.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { momentText } from './moment-text.ts'
import { chartBlock, type Line } from './report-charts.ts'

const MOST_COMPARISONS = 10
const MOST_POINTS = 240

export interface LoadReport extends ReportBody {
  readonly title: string
  readonly targetId: string | null
  readonly from: Date
  readonly to: Date
}

/** Throws 'load-run-unknown'. */
export async function loadReport(store: Store, runId: string, timeZone: string): Promise<LoadReport> {
  const found = await store.loadRun(runId)
  if (found === null)
    throw new StewardError('load-run-unknown', `there is no load run ${runId}`, {
      hint: 'GET /api/v1/load/runs lists those that are kept; `pgsteward load run` sends one.',
    })
  const { kept, run } = found
  const comparisons = await store.comparisons([runId], MOST_COMPARISONS)
  const from = kept.startedAt
  const to = new Date(from.getTime() + kept.durationMs)
  const links = evidenceLinks(kept.targetId ?? '', { from, to })
  const verdict = runVerdict(kept, comparisons[0] ?? null)
  const link = links.loadRun(kept.id)
  return {
    title: `Load run of ${kept.scenario.title}, ${momentText(from, timeZone)}`,
    targetId: kept.targetId,
    from,
    to,
    status: statusOf(verdict, kept, link),
    sections: [
      section('figures', 'Figures', figures(...runFigures(kept, run, link))),
      ...(run === null
        ? [
            section(
              'gone',
              'Endpoints',
              text("The run's details went for the store's size; its figures are kept."),
            ),
          ]
        : runSections(run, kept, links, timeZone)),
      section('comparisons', 'Comparisons', comparisonTable(comparisons, links, timeZone)),
    ],
  }
}

function statusOf(
  { standing, text: words }: ReturnType<typeof runVerdict>,
  { invalid }: KeptRun,
  link: string,
): NonNullable<Report['status']> {
  const level =
    standing === 'failed'
      ? 'red'
      : standing === 'warning'
        ? 'yellow'
        : standing === 'good'
          ? 'green'
          : 'unknown'
  return { level, reasons: [item(words, { link }), ...invalid.slice(1).map((each) => item(each, { link }))] }
}

function runFigures(kept: KeptRun, run: LoadRun | null, link: string) {
  const { requests, errors, durationMs } = kept
  return [
    figure('Requests', requests, 'count', { link }),
    figure('Requests a second', durationMs === 0 ? null : requests / (durationMs / 1_000), 'perSecond', {
      link,
    }),
    figure('Error rate', requests === 0 ? null : errors / requests, 'ratio', { link }),
    figure('p50', kept.p50Ms, 'ms', { link }),
    figure('p95', kept.p95Ms, 'ms', { link }),
    figure('p99', kept.p99Ms, 'ms', { link }),
    figure('Duration', durationMs, 'ms', { link }),
    figure('Application', run?.environment.application?.version ?? null, 'text', {
      note: run?.environment.application == null ? 'It told no version.' : null,
      link,
    }),
  ]
}

function runSections(run: LoadRun, kept: KeptRun, links: EvidenceLinks, timeZone: string) {
  const link = links.loadRun(kept.id)
  const endpoints = run.series
    .filter(({ name }) => name !== ALL_REQUESTS)
    .toSorted((a, b) => b.sumMs - a.sumMs)
  type Threshold = LoadRun['thresholds'][number]
  return [
    section(
      'endpoints',
      'Endpoints',
      table(
        null,
        endpoints,
        [
          column<RunSeries>('Endpoint', 'text', ({ name }) => name),
          column<RunSeries>('Requests', 'count', ({ count }) => count),
          column<RunSeries>('Failed', 'ratio', ({ count, errors }) => (count === 0 ? null : errors / count)),
          column<RunSeries>('p50', 'ms', ({ percentiles }) => percentiles.p50Ms),
          column<RunSeries>('p95', 'ms', ({ percentiles }) => percentiles.p95Ms),
          column<RunSeries>('p99', 'ms', ({ percentiles }) => percentiles.p99Ms),
        ],
        { empty: 'No endpoint was asked.', link: () => link, most: 30 },
      ),
    ),
    section(
      'thresholds',
      'Thresholds',
      table(
        null,
        run.thresholds,
        [
          column<Threshold>('Threshold', 'text', ({ text: words }) => words),
          column<Threshold>('Met', 'text', ({ isMet }) => (isMet ? 'yes' : 'no')),
          column<Threshold>('Value', 'text', ({ value }) =>
            value === null ? null : String(Number(value.toPrecision(4))),
          ),
        ],
        { empty: 'The scenario has none.', link: () => link, most: 30 },
      ),
    ),
    section(
      'bottlenecks',
      'What held it back',
      list(
        null,
        bottleneckOf(run).map((cause) => causeItem(cause, links)),
        'No bottleneck could be named.',
      ),
    ),
    section(
      'course',
      `Its course, from ${momentText(kept.startedAt, timeZone)}`,
      ...courseCharts(run, kept, link),
    ),
  ]
}

function causeItem({ summary, queryId, share }: Cause, links: EvidenceLinks) {
  return item(summary, {
    detail: share === null ? null : `${Math.round(share * 100)} % of the time.`,
    link: queryId === null ? null : links.statement(queryId),
  })
}

function courseCharts(run: LoadRun, { startedAt, durationMs }: KeptRun, link: string) {
  const window = { from: startedAt, to: new Date(startedAt.getTime() + Math.max(1, durationMs)) }
  const every = Math.max(1, Math.ceil(run.timeline.length / MOST_POINTS))
  const moments = run.timeline.filter((_, at) => at % every === 0)
  const line = (label: string, of: (moment: LoadRun['timeline'][number]) => number | null): Line => ({
    label,
    points: moments.map((moment) => [new Date(startedAt.getTime() + moment.atMs).toISOString(), of(moment)]),
  })
  return [
    chartBlock({ title: 'Response times', unit: 'ms', link }, window, [
      line('p50', ({ p50Ms }) => p50Ms),
      line('p95', ({ p95Ms }) => p95Ms),
      line('p99', ({ p99Ms }) => p99Ms),
    ]),
    chartBlock({ title: 'Requests a second', unit: 'perSecond', link }, window, [
      line('answered', ({ requestsPerSecond }) => requestsPerSecond),
    ]),
  ].flatMap((block) => block ?? [])
}

function comparisonTable(comparisons: readonly KeptComparison[], links: EvidenceLinks, timeZone: string) {
  return table(
    null,
    comparisons,
    [
      column<KeptComparison>('Made', 'text', ({ at }) => momentText(at, timeZone)),
      column<KeptComparison>('Against', 'text', ({ base }) => base),
      column<KeptComparison>('Verdict', 'text', ({ verdict }) => verdict),
      column<KeptComparison>('What it says', 'text', ({ summary }) => summary),
    ],
    { empty: 'It was compared with nothing.', link: () => links.page('load') },
  )
}
