// A report of one target and period, out of the store alone: so it can be made for any past period, and while the target is away.

import { StewardError } from '../../model/error.ts'
import { type Report, type ReportKind, report } from '../../model/report.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { section, text } from './blocks.ts'
import { type Coverage, readCoverage } from './coverage.ts'
import { dailyReport, type ReportBody } from './daily-report.ts'
import { indexHealthReport } from './index-health-report.ts'
import { loadReport } from './load-report.ts'
import { momentText } from './moment-text.ts'
import { monthlyReport } from './monthly-report.ts'
import { optimizationReport } from './optimization-report.ts'
import { findRelease, releaseReport } from './release-report.ts'
import { isKeptByDays, type ReportConfig, type ReportFrame } from './report-frame.ts'
import { type PeriodLength, periodFor, type ReportPeriod } from './report-period.ts'
import { unobserved } from './unobserved.ts'
import { weeklyReport } from './weekly-report.ts'

export interface ReportRequest {
  readonly store: Store
  readonly config: ReportConfig
  readonly kind: ReportKind
  readonly targetId: string
  /** In which days, weeks and months begin, as IANA names it. */
  readonly timeZone: string
  /** Of report-period.ts: a date, a week, a month, `last` (the default) or `current`. A load run and a release have their own. */
  readonly wanted?: string | undefined
  /** Of a load report. */
  readonly runId?: string | undefined
  /** Of a release report; absent: the latest. */
  readonly version?: string | undefined
  readonly now: Date
}

type PeriodKind = Exclude<ReportKind, 'load' | 'release'>

interface KindOf {
  readonly length: PeriodLength
  readonly title: string
  readonly build: (frame: ReportFrame, coverage: Coverage) => Promise<ReportBody>
}

export const PERIOD_KINDS: Readonly<Record<PeriodKind, KindOf>> = {
  daily: { length: 'day', title: 'Daily status', build: dailyReport },
  weekly: { length: 'week', title: 'Weekly review', build: weeklyReport },
  monthly: { length: 'month', title: 'Monthly deep dive', build: monthlyReport },
  'index-health': { length: 'week', title: 'Index health', build: indexHealthReport },
  optimization: { length: 'month', title: 'Query optimization', build: optimizationReport },
}

/** Throws 'usage' for a period or a release that is none, and 'load-run-unknown'. */
export async function buildReport(request: ReportRequest): Promise<Report> {
  if (request.kind === 'load') return buildLoad(request)
  if (request.kind === 'release') return buildRelease(request)
  const { kind, targetId, now, timeZone, wanted = 'last', store, config } = request
  const { length, title, build } = PERIOD_KINDS[kind]
  const period = periodFor(length, wanted, timeZone, now)
  const frame: ReportFrame = { store, config, targetId, period, madeAt: now }
  const coverage = await readCoverage(frame, period)
  const { status, sections } = await build(frame, coverage)
  const about = isKeptByDays(frame, period) ? [BY_DAYS] : []
  return finished(request, {
    targetId,
    title: `${title} of ${targetId}`,
    period,
    label: period.label,
    coverage,
    body: { status, sections: [...(coverage.ratio === 0 ? sections.map(unobserved) : sections), ...about] },
  })
}

const BY_DAYS = section(
  'kept',
  'About these sums',
  text(
    'What is older than `store.keepHourly` is kept by the day of UTC: sums of this period begin and end at its nearest midnight of UTC.',
  ),
)

async function buildLoad(request: ReportRequest): Promise<Report> {
  const { store, runId, timeZone } = request
  if (runId === undefined)
    throw new StewardError('usage', 'of which load run?', { hint: '--run ID; the Load page shows the ids.' })
  const { title, targetId, from, to, ...body } = await loadReport(store, runId, timeZone)
  return finished(request, {
    targetId: targetId ?? request.targetId,
    title,
    period: { from, to },
    label: momentText(from, timeZone),
    // a run is its own record: whatever it did is in it
    coverage: { ratio: 1, gaps: [] },
    body,
  })
}

async function buildRelease(request: ReportRequest): Promise<Report> {
  const { store, config, targetId, version, timeZone, now } = request
  const release = await findRelease({ store, targetId, madeAt: now }, version)
  const { event, windows } = release
  const spanned = windows?.after ?? { from: event.at, to: now }
  const period: ReportPeriod = {
    ...spanned,
    length: 'day',
    timeZone,
    date: momentText(spanned.from, timeZone).slice(0, 10),
    name: event.at.toISOString(),
    label: `since ${momentText(event.at, timeZone)}`,
    isOver: true,
  }
  const frame: ReportFrame = { store, config, targetId, period, madeAt: now }
  const coverage = await readCoverage(frame, spanned)
  return finished(request, {
    targetId,
    title: `Release of ${event.subject}, ${event.detail}`,
    period,
    label: period.label,
    coverage,
    body: await releaseReport(frame, release, coverage),
  })
}

interface Finished {
  readonly targetId: string
  readonly title: string
  readonly period: Window
  readonly label: string
  readonly coverage: Coverage
  readonly body: ReportBody
}

function finished({ kind, timeZone, now }: ReportRequest, given: Finished): Report {
  const { targetId, title, period, label, coverage, body } = given
  return report.parse({
    version: 1,
    kind,
    targetId,
    title,
    period: { from: period.from.toISOString(), to: period.to.toISOString(), timeZone, label },
    madeAt: now.toISOString(),
    status: body.status,
    coverage,
    sections: body.sections,
  })
}
