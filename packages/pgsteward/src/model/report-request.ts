// What a report is asked for: the options of `pgsteward report`, and the body of POST /api/v1/reports/draft.

import { z } from 'zod'
import { REPORT_KINDS } from './report.ts'

export const reportRequestWire = z.object({
  kind: z.enum(REPORT_KINDS),
  target: z.string(),
  /** A date (`2026-11-22`), week (`2026-W47`) or month (`2026-11`), `last` or `current`. */
  for: z.string().optional(),
  /** IANA name; absent: as configured. */
  timeZone: z.string().optional(),
  /** Of a load report. */
  run: z.string().optional(),
  /** Of a release report; absent: the latest. */
  version: z.string().optional(),
})

export type ReportRequestWire = z.output<typeof reportRequestWire>
