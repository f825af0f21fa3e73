// The headline figures of a period against another: uptime, errors, messages, percentiles, database time. What nobody tells says so.

import type { ReportFigure } from '../../model/report.ts'
import { figure } from './blocks.ts'
import {
  DELIVERED_RATIO,
  ERROR_RATIO,
  type Judged,
  judgeDeliveries,
  judgeErrors,
  judgeQueries,
  judgeUptime,
  QUERY_P95_MS,
} from './daily-rules.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import {
  deliveredRatioOf,
  errorRatioOf,
  meanStatementMs,
  type PeriodFigures,
  p95Of,
  statementLoad,
  type Uptime,
  uptimeRatio,
} from './period-figures.ts'

export const NO_PROBE = 'Nothing is probed: `probes` in the configuration names what is asked.'
export const NO_APPLICATION = 'No application reported.'
const NO_MESSAGES = 'No application told of deliveries (`recordDelivery`).'
const NO_DURATIONS = 'No application told how long each took.'
const NO_STATEMENTS = 'No statement figures: pg_stat_statements was not read.'

/** `before` of a period as long, which may know less. */
export function headlineFigures(
  now: PeriodFigures,
  before: PeriodFigures,
  links: EvidenceLinks,
): readonly ReportFigure[] {
  const judgement = (value: number | null, judged: Judged) =>
    value === null ? 'neutral' : judged.level === 'green' ? 'good' : 'bad'
  const [errors, delivered, p95] = [
    errorRatioOf(now.requests),
    deliveredRatioOf(now.deliveries),
    p95Of(now.queries),
  ]
  const [applications, statements] = [links.page('applications'), links.page('statements')]
  return [
    ...(now.uptime.length === 0
      ? [figure('Uptime', null, 'ratio', { note: NO_PROBE, link: links.page('availability') })]
      : now.uptime.map((one) => uptimeFigure(one, before.uptime, links))),
    figure('Error rate', errors, 'ratio', {
      was: errorRatioOf(before.requests),
      limit: ERROR_RATIO.yellow,
      judgement: judgement(errors, judgeErrors(now, links)),
      note: errors === null ? NO_APPLICATION : null,
      link: applications,
    }),
    figure('Messages that arrived', delivered, 'ratio', {
      was: deliveredRatioOf(before.deliveries),
      limit: DELIVERED_RATIO.yellow,
      judgement: judgement(delivered, judgeDeliveries(now, links)),
      note: delivered === null ? NO_MESSAGES : null,
      link: applications,
    }),
    figure('Query p95', p95, 'ms', {
      was: p95Of(before.queries),
      limit: QUERY_P95_MS.yellow,
      judgement: judgement(p95, judgeQueries(now, links)),
      note: p95 === null ? NO_DURATIONS : null,
      link: applications,
    }),
    ...volumeFigures(now, before, links),
    figure('Request p95', p95Of(now.requests), 'ms', {
      was: p95Of(before.requests),
      note: p95Of(now.requests) === null ? NO_DURATIONS : null,
      link: applications,
    }),
    figure('Time a statement', meanStatementMs(now.statements), 'ms', {
      was: meanStatementMs(before.statements),
      note: now.statements === null ? NO_STATEMENTS : null,
      link: statements,
    }),
    figure('Database time', now.statements?.totalExecMs ?? null, 'ms', {
      was: before.statements?.totalExecMs ?? null,
      note: now.statements === null ? NO_STATEMENTS : loadNote(now),
      link: statements,
    }),
  ]
}

function volumeFigures(
  now: PeriodFigures,
  before: PeriodFigures,
  links: EvidenceLinks,
): readonly ReportFigure[] {
  return [
    figure('Requests', now.requests?.count ?? null, 'count', {
      was: before.requests?.count ?? null,
      note: now.requests === null ? NO_APPLICATION : null,
      link: links.page('applications'),
    }),
    figure('Statements', now.statements?.calls ?? null, 'count', {
      was: before.statements?.calls ?? null,
      note: now.statements === null ? NO_STATEMENTS : null,
      link: links.page('statements'),
    }),
  ]
}

function uptimeFigure(one: Uptime, before: readonly Uptime[], links: EvidenceLinks): ReportFigure {
  const ratio = uptimeRatio(one)
  const same = before.find(({ kind, name }) => kind === one.kind && name === one.name)
  return figure(`Uptime of ${one.name}`, ratio, 'ratio', {
    was: same === undefined ? null : uptimeRatio(same),
    limit: one.slo,
    judgement: ratio === null ? 'neutral' : judgeUptime(one, links).level === 'green' ? 'good' : 'bad',
    note: ratio === null ? 'It was not asked.' : null,
    link: links.page('availability'),
  })
}

function loadNote({ statements }: PeriodFigures): string {
  const load = statementLoad(statements) ?? 0
  return `${Number(load.toPrecision(2))} statements ran at a time on average.`
}
