// Answers about reports: those that were made, and one made now.

import { StewardError } from '../../model/error.ts'
import type { Report, ReportKind } from '../../model/report.ts'
import type { ReportRequestWire } from '../../model/report-request.ts'
import type { MakeReportWire, ReportEntryWire, ReportsWire } from '../../model/report-wire.ts'
import type { ReportId } from '../../store/report-store.ts'
import { type ReportFormat, reportPlans } from '../reports/report-config.ts'
import { reportFile } from '../reports/report-files.ts'
import { reportOfTarget } from '../reports/report-of-target.ts'
import { isPeriodName, lastName, SCHEDULED_KINDS, type ScheduledKind } from '../reports/report-schedule.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class ReportViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async list(filter: { targetId: string; kind?: ReportKind; limit: number }): Promise<ReportsWire> {
    watcherOf(this.#steward, filter.targetId)
    const { config, store } = this.#steward
    const { reports } = config
    return {
      schedule: reportPlans(reports).map(({ kind, channels }) => {
        const plan = reports[kind]
        return { kind, at: plan === false ? '' : plan.at, channels: [...channels] }
      }),
      timeZone: reports.timeZone,
      folder: reports.folder ?? null,
      reports: (await store.reports(filter)).map(
        ({ endsAt, madeAt, ...entry }): ReportEntryWire => ({
          ...entry,
          endsAt: endsAt.toISOString(),
          madeAt: madeAt.toISOString(),
        }),
      ),
    }
  }

  /** Throws 'report-unknown'. */
  async one(id: ReportId): Promise<Report> {
    watcherOf(this.#steward, id.targetId)
    const report = await this.#steward.store.report(id)
    if (report !== null) return report
    throw new StewardError(
      'report-unknown',
      `there is no ${id.kind} report of ${id.targetId} for ${id.name}`,
      {
        detail: 'It was not made, or its time in the store is over (reports.keep).',
        hint: 'POST /api/v1/reports makes it now, of what the store still has.',
      },
    )
  }

  /** As reports/ holds it. */
  async file(id: ReportId, format: ReportFormat): Promise<string> {
    return reportFile(await this.one(id), format, this.#steward.config.server.publicUrl ?? null)
  }

  /** Built now, of any period, and not kept. Throws 'usage' and 'load-run-unknown'. */
  draft(wanted: ReportRequestWire): Promise<Report> {
    const { config, store } = this.#steward
    if (wanted.kind !== 'load') watcherOf(this.#steward, wanted.target)
    return reportOfTarget({ config, store, now: this.#now(), timeZone: config.reports.timeZone }, wanted)
  }

  /** Builds it now and keeps it. Throws 'usage' for a name that is none of the kind's. */
  async make({ target, kind, name }: MakeReportWire): Promise<ReportId> {
    watcherOf(this.#steward, target)
    const { reports: desk, config } = this.#steward
    const wanted = name ?? this.#last(kind, config.reports.timeZone)
    if (wanted === null || (isScheduled(kind) && !isPeriodName(kind, wanted)))
      throw new StewardError('usage', `a ${kind} report is not about ${wanted ?? 'nothing'}`, {
        hint: 'Days are 2026-11-22, weeks 2026-W47, months 2026-11; a load report names its run, a release report its version.',
      })
    await desk.make(kind, target, wanted)
    return { targetId: target, kind, name: wanted }
  }

  #last(kind: ReportKind, timeZone: string): string | null {
    return isScheduled(kind) ? lastName(kind, this.#now(), timeZone) : null
  }
}

function isScheduled(kind: ReportKind): kind is ScheduledKind {
  return (SCHEDULED_KINDS as readonly string[]).includes(kind)
}
