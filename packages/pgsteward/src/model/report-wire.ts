// Reports over the API: which there are, when they come, and one to be made now. One report is `report` of report.ts.

import { z } from 'zod'
import { REPORT_KINDS } from './report.ts'

export const reportEntryWire = z.object({
  targetId: z.string(),
  kind: z.enum(REPORT_KINDS),
  /** Of the period (2026-11-22, 2026-W47, 2026-11), the run or the version. */
  name: z.string(),
  title: z.string(),
  label: z.string(),
  /** Null: the kind has no verdict. */
  status: z.enum(['green', 'yellow', 'red', 'unknown']).nullable(),
  endsAt: z.iso.datetime(),
  madeAt: z.iso.datetime(),
})
export type ReportEntryWire = z.output<typeof reportEntryWire>

export const reportsWire = z.object({
  /** Made by themselves, at these moments of the time zone. */
  schedule: z.array(z.object({ kind: z.enum(REPORT_KINDS), at: z.string(), channels: z.array(z.string()) })),
  timeZone: z.string(),
  /** Where they are written too. */
  folder: z.string().nullable(),
  /** The latest periods first. */
  reports: z.array(reportEntryWire),
})
export type ReportsWire = z.output<typeof reportsWire>

export const makeReportWire = z.object({
  target: z.string(),
  kind: z.enum(REPORT_KINDS),
  /** Default: the latest period that is over. A load report names its run, a release report its version. */
  name: z
    .string()
    .regex(/^[\w][\w.:@+-]{0,199}$/, 'letters, digits and . : @ + - _, up to 200')
    .optional(),
})
export type MakeReportWire = z.output<typeof makeReportWire>
