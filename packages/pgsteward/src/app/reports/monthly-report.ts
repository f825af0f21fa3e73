// The monthly deep dive: trends over a quarter, decisions proposed on baselines and capacity, what keeps coming back, and a roadmap.

import { PERIODS_BEFORE } from '../../govern/practice/practice-metrics.ts'
import { formatValue } from '../../report/format.ts'
import { planOfTarget } from '../capacity/plan-of-target.ts'
import { practiceOf } from '../govern/practice.ts'
import { alertLives } from './alert-section.ts'
import { type BaselineDecision, baselineDecisions } from './baseline-decision.ts'
import { column, figure, figures, item, list, type Section, section, table, text } from './blocks.ts'
import { capacityDecision } from './capacity-decision.ts'
import { type Coverage, observedShare } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { effectsTable, effectsWithin, jobsDone, maintenanceTable } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { headlineFigures } from './figures-section.ts'
import { actionItem, byCost, readShares, type WeighedFinding } from './finding-cost.ts'
import { type FindingLife, findingLives } from './finding-lives.ts'
import { checkTitle } from './moment-text.ts'
import { readTrends, TREND_WEEKS, type Trend } from './monthly-trends.ts'
import { type PeriodFigures, readCompared, readFigures } from './period-figures.ts'
import { practiceBlocks } from './practice-section.ts'
import { chartBlock } from './report-charts.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'
import { periodsBefore, type ReportPeriod } from './report-period.ts'
import { type RoadmapEntry, roadmap } from './roadmap.ts'

const MONTHS = 3
/** Twice may be chance; what opens a third time in a month was not mended. */
export const RECURRING = 3
const MOST_ENTRIES = 15

export async function monthlyReport(frame: ReportFrame, _coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period, config, madeAt } = frame
  const links = evidenceLinks(targetId, period)
  const months = [period, ...periodsBefore(period, MONTHS - 1)]
  const known: PeriodFigures[] = []
  const observed: number[] = []
  for (const month of months) {
    known.push(await readFigures(frame, month))
    observed.push(await observedShare(frame, month))
  }
  const before = await readCompared(frame, months[1]!)
  const [lives, shares, alerts, jobs, effects, baselines] = await Promise.all([
    findingLives(store, targetId, period),
    readShares(store, targetId, keptWindow(frame, period)),
    alertLives(store, targetId, period),
    jobsDone(store, targetId, period),
    effectsWithin(store, targetId, period),
    baselineDecisions(store, targetId, period),
  ])
  const practised = [period, ...periodsBefore(period, PERIODS_BEFORE)] as const
  const practice = await practiceOf(store, targetId, practised, period.to)
  const trends = await readTrends(store, targetId, period.to)
  const plan = await planOfTarget({ config, store, targetId, now: madeAt })
  const weighed = byCost(lives, shares)
  return {
    status: null,
    sections: [
      section('figures', 'Figures of the month', figures(...headlineFigures(known[0]!, before, links))),
      section('months', 'By months', monthTable(months, known, observed, links)),
      trendSection(trends, links),
      baselineSection(baselines, links),
      section('capacity', 'Capacity: the decision proposed', ...capacityBlocks(plan.limits, madeAt, links)),
      recurringSection(
        lives,
        alerts.map(({ checkId }) => checkId),
        links,
      ),
      roadmapSection(weighed, links),
      section(
        'done',
        'What was done',
        maintenanceTable(jobs, period.timeZone, links),
        effectsTable(effects, period.timeZone, links),
      ),
      section(
        'practice',
        'How well the practice went',
        ...practiceBlocks(
          practice,
          practised.map(({ label }) => label),
          links,
        ),
      ),
    ],
  }
}

function monthTable(
  months: readonly ReportPeriod[],
  known: readonly PeriodFigures[],
  observed: readonly number[],
  links: EvidenceLinks,
) {
  const rows = months.map(({ label }, at) => ({
    label,
    observed: observed[at]!,
    all: headlineFigures(known[at]!, known[at]!, links),
  }))
  type Row = (typeof rows)[number]
  // probes come and go; a column for each is for the figures above
  const columns = rows[0]!.all.filter(({ label }) => !label.startsWith('Uptime'))
  return table(
    null,
    rows,
    [
      column<Row>('Month', 'text', ({ label }) => label),
      column<Row>('Observed', 'ratio', ({ observed: ratio }) => ratio),
      ...columns.map(({ label, unit }) =>
        column<Row>(label, unit, ({ all }) => all.find((each) => each.label === label)?.value ?? null),
      ),
    ],
    { empty: 'No month.' },
  )
}

function trendSection(trends: readonly Trend[], links: EvidenceLinks): Section {
  const known = trends.filter(({ weeks }) => weeks.some(({ value }) => value !== null))
  const charts = known.flatMap(({ label, unit, weeks }) => {
    const [first, last] = [weeks[0]!, weeks.at(-1)!]
    const points = weeks.map(({ at, value }): [string, number | null] => [at.toISOString(), value])
    return (
      chartBlock({ title: label, unit, link: links.page('capacity') }, { from: first.at, to: last.at }, [
        { label: 'weekly median', points },
      ]) ?? []
    )
  })
  const trendFigure = (trend: Trend) =>
    figure(trend.label, lastOf(trend), trend.unit, {
      was: firstOf(trend),
      note: aheadWords(trend),
      link: links.page('capacity'),
    })
  const firstOf = ({ weeks }: Trend) => weeks.find(({ value }) => value !== null)?.value ?? null
  const lastOf = ({ weeks }: Trend) => weeks.findLast(({ value }) => value !== null)?.value ?? null
  return section(
    'trends',
    'Trends',
    text(
      `Medians of the days of each week, over ${TREND_WEEKS} weeks; the forecast is for a quarter after the end, with an interval of 90 %.`,
    ),
    ...(known.length === 0
      ? [text('Too little history is kept: a week with three days is the least.')]
      : [figures(...known.map(trendFigure)), ...charts]),
  )
}

function aheadWords({ ahead, unit }: Trend): string {
  if (ahead === null) return 'Under four weeks are known: nothing is forecast.'
  const [value, lower, upper] = [ahead.value, ahead.lower, ahead.upper].map((each) => formatValue(each, unit))
  return `In a quarter ${value}, between ${lower} and ${upper}.`
}

function baselineSection(decisions: readonly BaselineDecision[], links: EvidenceLinks): Section {
  return section(
    'baselines',
    'Baselines: the decision proposed',
    table(
      null,
      decisions,
      [
        column<BaselineDecision>('Baseline', 'text', ({ baseline }) => baseline.name),
        column<BaselineDecision>('Scenario', 'text', ({ baseline }) => baseline.scenario.id),
        column<BaselineDecision>('Decision', 'text', ({ decision }) => decision),
        column<BaselineDecision>('Why', 'text', ({ because }) => because),
        column<BaselineDecision>('Runs of the month', 'count', ({ runIds }) => runIds.length),
      ],
      {
        empty: 'There is no active baseline: `pgsteward baseline create` makes one of load runs.',
        link: ({ runIds }) => (runIds[0] === undefined ? links.page('load') : links.loadRun(runIds[0])),
      },
    ),
  )
}

type Limits = Parameters<typeof capacityDecision>[0]

function capacityBlocks(limits: Limits, madeAt: Date, links: EvidenceLinks) {
  const { decision, because, limits: about } = capacityDecision(limits, madeAt)
  const shown = [...about, ...limits.filter((limit) => !about.includes(limit))]
  const date = (at: string | null) => at?.slice(0, 10) ?? null
  return [
    figures(
      figure('Decision', decision, 'text', {
        judgement: decision === 'act' ? 'bad' : decision === 'keep' ? 'good' : 'neutral',
        note: `${because} As of ${madeAt.toISOString().slice(0, 10)}, when this was made.`,
        link: links.page('capacity'),
      }),
    ),
    table(
      'Limits',
      shown,
      [
        column<Limits[number]>('Limit', 'text', ({ label }) => label),
        column<Limits[number]>('Used', 'ratio', ({ usedRatio }) => usedRatio),
        column<Limits[number]>('Expected', 'text', ({ expectedAt }) => date(expectedAt)),
        column<Limits[number]>('Earliest', 'text', ({ earliestAt }) => date(earliestAt)),
        column<Limits[number]>('Looked until', 'text', ({ searchedUntil }) => date(searchedUntil)),
      ],
      {
        empty: 'No limit is known: `capacity.limits` in the configuration names some.',
        link: () => links.page('capacity'),
      },
    ),
  ]
}

function recurringSection(
  lives: readonly FindingLife[],
  alertedChecks: readonly string[],
  links: EvidenceLinks,
): Section {
  const again = lives
    .filter(({ openedAt }) => openedAt.length >= RECURRING)
    .toSorted((a, b) => b.openedAt.length - a.openedAt.length)
  const counts = [...Map.groupBy(alertedChecks, (checkId) => checkId)]
    .map(([checkId, all]) => ({ checkId, alerts: all.length }))
    .toSorted((a, b) => b.alerts - a.alerts)
  type Row = (typeof counts)[number]
  return section(
    'recurring',
    'What keeps coming back',
    list(
      `Opened ${RECURRING} times or more`,
      again.slice(0, MOST_ENTRIES).map(({ finding, severity, openedAt }) =>
        item(`${finding.summary}.`, {
          severity,
          detail: `Opened ${openedAt.length} times.`,
          link: links.finding(finding.key),
        }),
      ),
      'Nothing.',
    ),
    table(
      'Alerts by check',
      counts,
      [
        column<Row>('Check', 'text', ({ checkId }) => checkTitle(checkId)),
        column<Row>('Alerts', 'count', ({ alerts }) => alerts),
      ],
      { empty: 'No alert opened.', link: () => links.page('alerts') },
    ),
  )
}

function roadmapSection(weighed: readonly WeighedFinding[], links: EvidenceLinks): Section {
  const ranked = roadmap(weighed)
  const rest = weighed.filter(({ life }) => !ranked.some((each) => each.life === life))
  return section(
    'roadmap',
    'Roadmap',
    text(
      'Value is the share of database time that a finding is about: the most that mending it can give back. Effort is 1 (a statement that ' +
        'stops nobody), 2 (it stops writes), 3 (it stops everybody, or a proven rewrite), 5 (code), 8 (data laid out anew, machines).',
    ),
    table(
      null,
      ranked,
      [
        column<RoadmapEntry>('What', 'text', ({ life }) => life.finding.summary),
        column<RoadmapEntry>('Value', 'ratio', ({ share }) => share),
        column<RoadmapEntry>('Effort', 'count', ({ effort }) => effort.points),
        column<RoadmapEntry>('Value by effort', 'ratio', ({ worth }) => worth),
        column<RoadmapEntry>('Because', 'text', ({ effort }) => effort.because),
      ],
      {
        empty: 'No open finding is known to cost database time.',
        link: ({ life }) => links.finding(life.finding.key),
        most: MOST_ENTRIES,
      },
    ),
    list(
      'Not measured in database time',
      rest.slice(0, MOST_ENTRIES).map((each) => actionItem(each, links)),
      'None.',
    ),
  )
}
