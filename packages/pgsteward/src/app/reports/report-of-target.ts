// A report as somebody asks for it: for the API and the command line.

import type { Report } from '../../model/report.ts'
import type { ReportRequestWire } from '../../model/report-request.ts'
import type { Store } from '../../store/store.ts'
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
