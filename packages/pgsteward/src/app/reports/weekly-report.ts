// The weekly review: regression rules against the weeks before, statements that changed, slow queries, findings, what was done, what to do.

import type { Report, ReportFigure } from '../../model/report.ts'
import { column, figure, figures, item, list, section, table, text } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { LEAST_COVERAGE } from './daily-rules.ts'
import { effectsTable, effectsWithin, jobsDone, maintenanceTable } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { headlineFigures } from './figures-section.ts'
import { actionItem, byCost, readShares } from './finding-cost.ts'
import { findingLives } from './finding-lives.ts'
import { findingBlocks } from './finding-section.ts'
import { momentText } from './moment-text.ts'
import { eventItems, eventMarks, notableEvents } from './notable-events.ts'
import { added, type PeriodFigures, readCompared, readFigures } from './period-figures.ts'
import { chartBlock, summedLine } from './report-charts.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'
import { daysOf, periodsBefore, type ReportPeriod } from './report-period.ts'
import { slowQueryBlocks } from './slow-query-section.ts'
import { statementShifts } from './statement-shifts.ts'
import { shiftTable } from './statement-tables.ts'
import { LEAST_WEEKS, type RuleResult, regressionRules, SLOWER_RATIO, WEEKS_BEFORE } from './weekly-rules.ts'

const MOST_ACTIONS = 10
const MOST_STATEMENTS = 300
const MOST_STATEMENTS_BEFORE = 1_000

export async function weeklyReport(frame: ReportFrame, coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period } = frame
  const links = evidenceLinks(targetId, period)
  const weeksBefore = periodsBefore(period, WEEKS_BEFORE)
  const days: PeriodFigures[] = []
  for (const day of daysOf(period)) days.push(await readFigures(frame, day))
  const week = added(days)
  const before: PeriodFigures[] = []
  for (const one of weeksBefore) before.push(await readCompared(frame, one))
  const top = (one: ReportPeriod, most: number) =>
    store.topStatements(targetId, keptWindow(frame, one), 'totalTime', most)
  const shifts = statementShifts(
    await top(period, MOST_STATEMENTS),
    await Promise.all(weeksBefore.map((one) => top(one, MOST_STATEMENTS_BEFORE))),
  )
  const [lives, shares, jobs, effects, events, slow, load] = await Promise.all([
    findingLives(store, targetId, period),
    readShares(store, targetId, keptWindow(frame, period)),
    jobsDone(store, targetId, period),
    effectsWithin(store, targetId, period),
    notableEvents(store, targetId, period, links),
    slowQueryBlocks(store, targetId, period, weeksBefore[0]!, links),
    store.series(targetId, 'statements.load', period),
  ])
  const rules = regressionRules({ week, days, before: before.filter(isKnown) })
  const chart = chartBlock(
    {
      title: 'Statements that ran at a time',
      unit: 'count',
      link: links.page('statements'),
      marks: eventMarks(events),
    },
    period,
    [summedLine('all statements', load, period)],
  )
  return {
    status: weeklyStatus(rules, coverage, links),
    sections: [
      section(
        'regressions',
        'Against the weeks before',
        text(
          `Each rule compares the week with the median of the ${WEEKS_BEFORE} weeks before; \`was\` is that median. Slower by over ` +
            `${Math.round((SLOWER_RATIO - 1) * 100)} % counts as broken where it is more than those weeks differ among each other.`,
        ),
        figures(...rules.map((rule) => ruleFigure(rule, links))),
      ),
      section('figures', 'Figures of the week', figures(...headlineFigures(week, before[0]!, links))),
      section(
        'statements',
        'Statements that changed',
        text(
          `${shifts.compared} statements ran often enough in this week and in ${LEAST_WEEKS} of those before; of ${shifts.notSupported} ` +
            'more that changed by over 10 % the weeks before differ as much.',
        ),
        shiftTable('Slower', shifts.slower, 'None got slower, as far as can be said.', links),
        shiftTable('Faster', shifts.faster, 'None got faster, as far as can be said.', links),
      ),
      section('slow-queries', 'Slow queries', ...slow),
      section('findings', 'Findings', ...findingBlocks(lives, period.to, links)),
      section(
        'done',
        'What was done',
        maintenanceTable(jobs, period.timeZone, links),
        effectsTable(effects, period.timeZone, links),
        list('What happened', eventItems(events, period.timeZone), 'Nothing notable.'),
      ),
      section(
        'actions',
        'What to do',
        list(
          null,
          byCost(lives, shares)
            .slice(0, MOST_ACTIONS)
            .map((each) => actionItem(each, links)),
          'No finding is open.',
        ),
      ),
      section('days', 'The week by days', ...(chart === null ? [] : [chart]), dayTable(period, days, links)),
    ],
  }
}

export function weeklyStatus(
  rules: readonly RuleResult[],
  coverage: Pick<Coverage, 'ratio'>,
  links: EvidenceLinks,
): NonNullable<Report['status']> {
  const reasons = (state: RuleResult['state'], severity: 'critical' | 'warning') =>
    rules
      .filter((rule) => rule.state === state)
      .map((rule) => item(`${rule.label}: ${rule.because}`, { severity, link: linkOf(rule, links) }))
  const [broken, doubtful] = [reasons('broken', 'critical'), reasons('not-supported', 'warning')]
  if (broken.length > 0) return { level: 'red', reasons: [...broken, ...doubtful] }
  if (doubtful.length > 0) return { level: 'yellow', reasons: doubtful }
  const known = rules.filter(({ state }) => state !== 'unknown')
  if (known.length === 0)
    return {
      level: 'unknown',
      reasons: [item('No rule could be judged.', { detail: rules[0]?.because ?? null })],
    }
  if (coverage.ratio < LEAST_COVERAGE)
    return { level: 'unknown', reasons: [item('Too little of the week was observed to call it green.')] }
  return {
    level: 'green',
    reasons: [item(`${known.length} of ${rules.length} rules could be judged, and none is broken.`)],
  }
}

function ruleFigure(rule: RuleResult, links: EvidenceLinks): ReportFigure {
  const { label, value, unit, was, limit, because, state } = rule
  const judgement = state === 'broken' ? 'bad' : state === 'met' ? 'good' : 'neutral'
  return figure(label, value, unit, { was, limit, judgement, note: because, link: linkOf(rule, links) })
}

function linkOf({ id }: RuleResult, links: EvidenceLinks): string {
  return links.page(id === 'statement-time' ? 'statements' : 'applications')
}

function isKnown({ requests, queries, deliveries, statements }: PeriodFigures): boolean {
  return [requests, queries, deliveries, statements].some((each) => each !== null)
}

function dayTable(period: ReportPeriod, known: readonly PeriodFigures[], links: EvidenceLinks) {
  const rows = daysOf(period).map((window, at) => ({ window, figures: known[at]! }))
  type Row = (typeof rows)[number]
  return table(
    null,
    rows,
    [
      column<Row>('Day', 'text', ({ window }) => momentText(window.from, period.timeZone).slice(0, 10)),
      column<Row>('Requests', 'count', ({ figures: { requests } }) => requests?.count ?? null),
      column<Row>('Failed', 'count', ({ figures: { requests } }) => requests?.errors ?? null),
      column<Row>('Statements', 'count', ({ figures: { statements } }) => statements?.calls ?? null),
      column<Row>('Database time', 'ms', ({ figures: { statements } }) => statements?.totalExecMs ?? null),
    ],
    { empty: 'No day.', link: () => links.page('statements') },
  )
}
