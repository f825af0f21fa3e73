// Maintenance of one database at a word of somebody who is there, without a store: `pgsteward maintain plan` and `maintain run`. Their
// JSON is a fixed command contract: fields are added, never renamed or removed.

import { z } from 'zod'
import { STEP_OUTCOMES } from './maintenance.ts'
import { jobDraftWire } from './maintenance-wire.ts'

const state = z.object({
  sizeBytes: z.number(),
  rows: z.number().nullable(),
  deadRows: z.number().nullable(),
})

export const plannedAtOnce = jobDraftWire.extend({
  /** Run by `maintain run` as it was called. */
  isChosen: z.boolean(),
  /** Who chose it, or what to say so that it is. */
  chosenBecause: z.string(),
})

const planShape = {
  /** host:port/database. */
  target: z.string(),
  takenAt: z.iso.datetime(),
  jobs: z.array(plannedAtOnce),
  /** Findings whose remedy is not for pgsteward to run, or that have none. */
  forPeople: z.array(z.object({ key: z.string(), summary: z.string(), because: z.string() })),
}
export const maintenancePlan = z.object(planShape)
export type MaintenancePlan = z.output<typeof maintenancePlan>

export const stepRunAtOnce = z.object({
  sql: z.string(),
  outcome: z.enum(STEP_OUTCOMES),
  because: z.string(),
  tookMs: z.number(),
  before: state.nullable(),
  after: state.nullable(),
  notices: z.array(z.string()),
  cleaned: z.array(z.string()),
})
export type StepRunAtOnce = z.output<typeof stepRunAtOnce>

export const maintenanceRun = z.object({
  ...planShape,
  /** What an earlier run left in the middle, judged first. */
  recovered: z.array(stepRunAtOnce),
  /** Of the chosen jobs, in their order; a job ends at its first statement that is not done. */
  runs: z.array(z.object({ origin: jobDraftWire.shape.origin, steps: z.array(stepRunAtOnce) })),
  /** Where decisions, marks and results are kept. */
  journal: z.string(),
})
export type MaintenanceRun = z.output<typeof maintenanceRun>
