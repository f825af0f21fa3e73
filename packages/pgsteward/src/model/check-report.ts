// The result of `pgsteward check`, as data: the fixed command contract of --json. Fields are added, never renamed or removed.

import { z } from 'zod'
import { AREAS, SEVERITIES } from './finding.ts'
import { evidenceWire, remedyWire, subjectWire } from './wire.ts'

export const checkReportSchema = z.object({
  /** host:port/database, never user or password. */
  target: z.string(),
  server: z.object({
    version: z.string(),
    versionNum: z.number().int(),
    role: z.enum(['primary', 'standby']),
    database: z.string(),
    user: z.string(),
  }),
  takenAt: z.iso.datetime(),
  /** Span of the readings; 0 for one shot. */
  watchedSeconds: z.number(),
  findings: z.array(
    z.object({
      id: z.string(),
      checkId: z.string(),
      title: z.string(),
      area: z.enum(AREAS),
      severity: z.enum(SEVERITIES),
      subject: subjectWire,
      label: z.string(),
      summary: z.string(),
      evidence: z.array(evidenceWire).readonly(),
      remedy: remedyWire.optional(),
    }),
  ),
  outcomes: z.array(
    z.object({
      checkId: z.string(),
      status: z.enum(['quiet', 'found', 'skipped', 'failed']),
      because: z.string().optional(),
    }),
  ),
  /** What these readings cost the target. */
  cost: z.object({ statements: z.number(), rows: z.number(), bytes: z.number(), tookMs: z.number() }),
})

export type CheckReport = z.output<typeof checkReportSchema>
export type ReportedFinding = CheckReport['findings'][number]
