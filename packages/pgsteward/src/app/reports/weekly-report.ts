// The weekly review: regressions against the weeks before, statements that changed, what became of findings, what waits for somebody.

import { openItems } from '../../govern/practice/open-items.ts'
import { practiceRecords } from '../govern/practice.ts'
import { column, figures, list, section, table, text } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import type { ReportBody } from './daily-report.ts'
import { effectsTable, effectsWithin, jobsDone, maintenanceTable } from './done-sections.ts'
import { type EvidenceLinks, evidenceLinks } from './evidence-links.ts'
import { headlineFigures } from './figures-section.ts'
import { actionItem, byCost, readShares } from './finding-cost.ts'
import { findingLives } from './finding-lives.ts'
import { findingBlocks } from './finding-section.ts'
import { momentText } from './moment-text.ts'
import { eventItems, eventMarks, notableEvents } from './notable-events.ts'
import { added, type PeriodFigures, readCompared, readFigures } from './period-figures.ts'
import { openItemBlocks } from './practice-section.ts'
import { chartBlock, summedLine } from './report-charts.ts'
import { keptWindow, type ReportFrame } from './report-frame.ts'
import { daysOf, periodsBefore, type ReportPeriod } from './report-period.ts'
import { ruleFigure, ruleStatus } from './rules-section.ts'
import { slowQueryBlocks } from './slow-query-section.ts'
import { statementShifts } from './statement-shifts.ts'
import { shiftTable } from './statement-tables.ts'
import { LEAST_WEEKS, regressionRules, SLOWER_RATIO, WEEKS_BEFORE } from './weekly-rules.ts'

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
  const owed = openItems(await practiceRecords(store, targetId, period.to), period.to)
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
    status: ruleStatus(rules, coverage, links),
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
      section('open-items', 'Reviews and action items', ...openItemBlocks(owed, period.timeZone, links)),
      section('days', 'The week by days', ...(chart === null ? [] : [chart]), dayTable(period, days, links)),
    ],
  }
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
