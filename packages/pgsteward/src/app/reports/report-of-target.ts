// A report as somebody asks for it: for the API and the command line.

import type { Report, ReportKind } from '../../model/report.ts'
import type { ReportRequestWire } from '../../model/report-request.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { buildReport } from './build-report.ts'
import type { ReportConfig } from './report-frame.ts'

export interface ReportOf {
  readonly config: ReportConfig
  readonly store: Store
  readonly now: Date
  /** Where the request names none. */
  readonly timeZone: string
}

/** Throws 'usage' for a period or a release that is none, and 'load-run-unknown'. */
export function reportOfTarget(
  { config, store, now, timeZone }: ReportOf,
  wanted: ReportRequestWire,
): Promise<Report> {
  return buildReport({
    store,
    config,
    now,
    kind: wanted.kind,
    targetId: wanted.target,
    timeZone: wanted.timeZone ?? timeZone,
    wanted: wanted.for,
    runId: wanted.run,
    version: wanted.version,
  })
}

export interface NamedReport {
  readonly config: ReportConfig & Pick<Config, 'reports'>
  readonly store: Store
  readonly kind: ReportKind
  readonly targetId: string
  /** Of the period (2026-11-22, 2026-W47, 2026-11), the load run or the version. */
  readonly name: string
  readonly now: Date
}

/** As the schedule makes it. */
export function buildNamedReport({ config, kind, name, ...given }: NamedReport): Promise<Report> {
  const about = kind === 'load' ? { runId: name } : kind === 'release' ? { version: name } : { wanted: name }
  return buildReport({ ...given, config, kind, timeZone: config.reports.timeZone, ...about })
}
