// The daily status: green, yellow or red with reasons; the figures of the day against the day before; what happened, what to do.

import type { Report } from '../../model/report.ts'
import { alertBlocks, alertLives } from './alert-section.ts'
import { figures, list, type Section, section } from './blocks.ts'
import type { Coverage } from './coverage.ts'
import { dailyStatus } from './daily-rules.ts'
import { evidenceLinks } from './evidence-links.ts'
import { headlineFigures } from './figures-section.ts'
import { actionItem, byCost, readShares } from './finding-cost.ts'
import { findingLives } from './finding-lives.ts'
import { eventItems, eventMarks, notableEvents } from './notable-events.ts'
import { readCompared, readFigures } from './period-figures.ts'
import { chartBlock, summedLine } from './report-charts.ts'
import type { ReportFrame } from './report-frame.ts'
import { previousPeriod } from './report-period.ts'

const MOST_ACTIONS = 10

export interface ReportBody {
  readonly status: Report['status']
  readonly sections: readonly Section[]
}

export async function dailyReport(frame: ReportFrame, coverage: Coverage): Promise<ReportBody> {
  const { store, targetId, period } = frame
  const links = evidenceLinks(targetId, period)
  const [now, before, lives, shares, events, alerts] = await Promise.all([
    readFigures(frame, period),
    readCompared(frame, previousPeriod(period)),
    findingLives(store, targetId, period),
    readShares(store, targetId, period),
    notableEvents(store, targetId, period, links),
    alertLives(store, targetId, period),
  ])
  const [load, calls, connections] = await Promise.all(
    ['statements.load', 'statements.calls', 'connections.active'].map((name) =>
      store.series(targetId, name, period),
    ),
  )
  const marks = eventMarks(events)
  const charts = [
    chartBlock(
      { title: 'Statements that ran at a time', unit: 'count', link: links.page('statements'), marks },
      period,
      [summedLine('all statements', load!, period)],
    ),
    chartBlock(
      { title: 'Statements a second', unit: 'perSecond', link: links.page('statements'), marks },
      period,
      [summedLine('all statements', calls!, period)],
    ),
    chartBlock({ title: 'Connections at work', unit: 'count', link: links.page('activity'), marks }, period, [
      summedLine('active', connections!, period),
    ]),
  ].flatMap((block) => block ?? [])
  const actions = byCost(lives, shares)
  return {
    status: dailyStatus({ figures: now, lives, coverageRatio: coverage.ratio, links }),
    sections: [
      section('figures', 'Figures', figures(...headlineFigures(now, before, links))),
      section(
        'events',
        'What happened',
        list(
          null,
          eventItems(events, period.timeZone),
          'Nothing notable: no deployment, migration, restart, change of plan or outage.',
        ),
      ),
      section('alerts', 'Alerts', ...alertBlocks(alerts, period.timeZone, links)),
      section(
        'actions',
        'What to do',
        list(
          actions.length > MOST_ACTIONS
            ? `${MOST_ACTIONS} of ${actions.length} open findings, by their cost`
            : null,
          actions.slice(0, MOST_ACTIONS).map((each) => actionItem(each, links)),
          'No finding is open.',
        ),
      ),
      ...(charts.length === 0 ? [] : [section('charts', 'The day', ...charts)]),
    ],
  }
}
