// Maintenance as the API speaks of it.

import { z } from 'zod'
import { JOB_STATES, STEP_KINDS, STEP_OUTCOMES } from './maintenance.ts'
import { duration } from './units.ts'

const moment = z.iso.datetime()
const stepWire = z.object({ kind: z.enum(STEP_KINDS), sql: z.string(), relation: z.string() })

const draftShape = {
  /** A finding's key, the number of the job that is undone, the routine's name, or what somebody asked for. */
  origin: z.object({ kind: z.enum(['finding', 'undo', 'routine', 'request']), key: z.string() }),
  because: z.string(),
  steps: z.array(stepWire),
  undo: z.array(z.string()).nullable(),
  lock: z.string(),
  caution: z.string(),
}

/** What would be proposed in a window. */
export const jobDraftWire = z.object({ ...draftShape, decidedByRule: z.boolean() })

export const maintenanceJobWire = z.object({
  ...draftShape,
  id: z.string(),
  targetId: z.string(),
  state: z.enum(JOB_STATES),
  decidedBy: z.string().nullable(),
  /** Of steps: the first that is not done. */
  nextStep: z.number(),
  attempts: z.number(),
  notBefore: moment.nullable(),
  createdAt: moment,
  endedAt: moment.nullable(),
  last: z.object({ outcome: z.enum(STEP_OUTCOMES), because: z.string() }).nullable(),
  /** While it runs. */
  progress: z.string().nullable(),
})
export type MaintenanceJobWire = z.output<typeof maintenanceJobWire>

const stateWire = z.object({
  sizeBytes: z.number(),
  rows: z.number().nullable(),
  deadRows: z.number().nullable(),
})

export const jobRunWire = z.object({
  step: z.number(),
  startedAt: moment,
  endedAt: moment.nullable(),
  outcome: z.enum(STEP_OUTCOMES).nullable(),
  because: z.string().nullable(),
  tookMs: z.number().nullable(),
  before: stateWire,
  after: stateWire.nullable(),
  notices: z.array(z.string()),
  /** Left-overs of an interrupted build that were dropped. */
  cleaned: z.array(z.string()),
})
export type JobRunWire = z.output<typeof jobRunWire>

export const maintenanceJobDetailWire = maintenanceJobWire.extend({ runs: z.array(jobRunWire) })
export type MaintenanceJobDetailWire = z.output<typeof maintenanceJobDetailWire>

export const maintenanceWire = z.object({
  targetId: z.string(),
  /** False: the target is only ever read. */
  isMaintained: z.boolean(),
  window: z.discriminatedUnion('isOpen', [
    z.object({ isOpen: z.literal(true), until: moment }),
    z.object({ isOpen: z.literal(false), because: z.string(), opensAt: moment.nullable() }),
  ]),
  /** The latest first. */
  jobs: z.array(maintenanceJobWire),
  planned: z.array(jobDraftWire),
})
export type MaintenanceWire = z.output<typeof maintenanceWire>

const because = z.string().trim().min(1, 'why? the record keeps it')
const actor = z.string().trim().min(1).prefault('api')
export const approveFindingWire = z.object({ target: z.string(), key: z.string(), actor, reason: because })
/** online: by what the server has for it; vacuum-full: with everybody locked out. */
export const REWRITE_METHODS = ['online', 'vacuum-full'] as const
export const requestRewriteWire = z.object({
  target: z.string(),
  /** `schema.table`. */
  table: z.string().regex(/^[^.]+\.[^.]+$/, 'a table with its schema: shop.orders'),
  method: z.enum(REWRITE_METHODS),
  /** How long others may wait for it: of vacuum-full. Default: as the configuration lets them. */
  othersWait: duration().optional(),
})
export const decideJobWire = z.object({
  action: z.enum(['approve', 'reject', 'undo']),
  actor,
  reason: because,
})
